/**
 * Error rates of attack detection camera by camera. A pooled rate is that of the camera with the most photos; the mean
 * over cameras says what a camera that nobody measured may expect (ISO/IEC 30107-3 reports by attack type for the same
 * reason).
 */
import type { LivenessZone } from '../../src/verification/thresholds.ts'
import { wilsonInterval } from './error-rates.ts'
import { lineChart } from './line-chart.ts'
import type { Table } from './table.ts'

export interface ScoredPhoto {
  /** The source of the photo: one camera with its room and people. */
  camera: string
  live: boolean
  /** Attack type; of live photos the kind of photo. */
  label: string
  /** Probability of being live, 0..1. A photo without a face has 0: it is refused. */
  score: number
}

/**
 * Mean over cameras of the share of live photos refused (BPCER) and of attacks passed (APCER), 0..1; null without
 * photos.
 */
export interface MeanErrors { bpcer: number | null, apcer: number | null }

/** The photos of one camera that are live, or of one attack type. */
interface Cell { camera: string, live: boolean, type: string, scores: number[] }

function cellsOf (photos: readonly ScoredPhoto[]): Cell[] {
  const type = ({ live, label }: ScoredPhoto) => live ? 'live' : label
  const byCell = Map.groupBy(photos, photo => JSON.stringify([photo.camera, photo.live, type(photo)]))
  return [...byCell.values()]
    .map(group => ({
      camera: group[0]!.camera,
      live: group[0]!.live,
      type: type(group[0]!),
      scores: group.map(({ score }) => score)
    }))
    .sort((a, b) => a.camera.localeCompare(b.camera) || Number(b.live) - Number(a.live) || a.type.localeCompare(b.type))
}

/** Errors of "live from `threshold` on": attack types are averaged within a camera, then the cameras. */
export function meanErrors (photos: readonly ScoredPhoto[], threshold: number): MeanErrors {
  const cells = cellsOf(photos)
  return {
    bpcer: meanOverCameras(cells.filter(({ live }) => live), score => score < threshold),
    apcer: meanOverCameras(cells.filter(({ live }) => !live), score => score >= threshold)
  }
}

function meanOverCameras (cells: readonly Cell[], wrong: (score: number) => boolean): number | null {
  const rates = [...Map.groupBy(cells, ({ camera }) => camera).values()]
    .map(group => average(group.map(({ scores }) => scores.filter(wrong).length / scores.length)))
  return rates.length === 0 ? null : average(rates)
}

function average (values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

/**
 * One row a camera and kind: wrong decisions of the single threshold with their 95 % interval, and what the zone leaves
 * undecided. The last rows are the means over cameras.
 */
export function cameraTable (photos: readonly ScoredPhoto[], threshold: number, zone: LivenessZone | null): Table {
  const cells = cellsOf(photos)
  const wrongAlone = (live: boolean) => (score: number) => live ? score < threshold : score >= threshold
  const finallyWrong = (live: boolean) => (score: number) => zone === null
    ? wrongAlone(live)(score)
    : live
      ? score < zone.low
      : score >= zone.high
  const undecided = (score: number) => zone !== null && score >= zone.low && score < zone.high
  const share = (
    scores: readonly number[],
    counts: (score: number) => boolean
  ) => scores.filter(counts).length / scores.length
  const means = [true, false].flatMap(live => {
    const group = cells.filter(cell => cell.live === live)
    if (group.length === 0) return []
    return [{
      camera: 'mean over cameras',
      kind: live ? 'live' : 'attacks',
      photos: group.reduce((sum, { scores }) => sum + scores.length, 0),
      wrong: null,
      rate: meanOverCameras(group, wrongAlone(live)),
      low: null,
      high: null,
      'finally wrong': meanOverCameras(group, finallyWrong(live)),
      undecided: meanOverCameras(group, undecided)
    }]
  })
  return {
    title: 'Liveness by camera and attack type',
    note:
      `Wrong: live below ${threshold} or an attack from there on, as the photo alone decides; low, high: 95 % interval (Wilson). ` +
      (zone === null
        ? 'There is no uncertain zone.'
        : `Finally wrong and undecided: with the zone from ${zone.low} to ${zone.high}.`),
    rows: [
      ...cells.map(({ camera, live, type, scores }) => {
        const wrong = scores.filter(wrongAlone(live)).length
        const [low, high] = wilsonInterval(wrong, scores.length)!
        return {
          camera,
          kind: type,
          photos: scores.length,
          wrong,
          rate: wrong / scores.length,
          low,
          high,
          'finally wrong': share(scores, finallyWrong(live)),
          undecided: share(scores, undecided)
        }
      }),
      ...means
    ]
  }
}

/** Mean errors over cameras along the threshold, each of `steps`. */
export function thresholdTable (name: string, photos: readonly ScoredPhoto[], steps: readonly number[]): Table {
  return {
    title: `Mean over cameras by threshold: ${name}`,
    rows: steps.map(threshold => ({ threshold, ...renamed(meanErrors(photos, threshold)) }))
  }
}

function renamed ({ bpcer, apcer }: MeanErrors) {
  return { 'live refused (BPCER)': bpcer, 'attacks passed (APCER)': apcer }
}

const rates = [0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.4, 0.6]
const ticks = rates.map(at => ({ at, label: `${at * 100} %` }))

/** Detection error trade-off of several judges, mean over cameras, on normal deviate scales (Martin et al. 1997). */
export function detCurve (
  title: string,
  judges: { name: string, photos: readonly ScoredPhoto[] }[],
  marks: { name: string, threshold: number, photos: readonly ScoredPhoto[] }[]
): string {
  const at = (photos: readonly ScoredPhoto[], threshold: number): [number, number] => {
    const { bpcer, apcer } = meanErrors(photos, threshold)
    return [apcer ?? 0, bpcer ?? 0]
  }
  return lineChart({
    title,
    x: { title: 'attacks passed (APCER), mean over cameras', ticks, scale: probit },
    y: { title: 'live refused (BPCER), mean over cameras', ticks, scale: probit },
    series: judges.map(({ name, photos }) => ({
      name,
      points: [
        ...new Set(photos.map(({ score }) => score))
      ].sort((a, b) => a - b).map(threshold => at(photos, threshold))
    })),
    marks: marks.map(({ name, threshold, photos }) => ({ name, at: at(photos, threshold) }))
  })
}

/**
 * Quantile of the standard normal distribution, for shares 0..1 (Acklam's rational approximation, error below 1.2e-9).
 */
export function probit (share: number): number {
  const p = Math.min(Math.max(share, 1e-6), 1 - 1e-6)
  const tail = 0.02425
  if (p > 1 - tail) return -probit(1 - p)
  if (p < tail) {
    const q = Math.sqrt(-2 * Math.log(p))
    return (((((-7.784894002430293e-3 * q - 0.3223964580411365) * q - 2.400758277161838) * q - 2.549732539343734) * q +
      4.374664141464968) * q +
      2.938163982698783) /
      ((((7.784695709041462e-3 * q + 0.3224671290700398) * q + 2.445134137142996) * q + 3.754408661907416) * q + 1)
  }
  const q = p - 0.5
  const r = q * q
  return (((((-39.69683028665376 * r + 220.9460984245205) * r - 275.9285104469687) * r +
    138.357751867269) * r - 30.66479806614716) * r +
    2.506628277459239) * q /
    (((((-54.47609879822406 * r + 161.5858368580409) * r - 155.6989798598866) * r +
      66.80131188771972) * r - 13.28068155288572) * r +
      1)
}
