/** Attack detection on labelled photos: each model alone, and fused as the service does it. */
import { mkdir, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Liveness, ModelSet } from '../../workers/types.ts'
import { type Bench, lookAtAll } from './bench.ts'
import { quantile, shareRejected } from './error-rates.ts'
import { cameraTable, detCurve, type ScoredPhoto, thresholdTable } from './liveness-cameras.ts'
import type { Table } from './table.ts'

interface Judged {
  file: string
  label: string
  live: boolean
  camera: string
  /** Null without a face: an attack that nobody sees is no danger, a genuine user who is not seen is turned away. */
  liveness: Liveness | null
}

/** One way to a score. */
interface Judge {
  name: string
  score: (liveness: Liveness) => number
}

const steps = [
  0.001,
  0.003,
  0.01,
  0.02,
  0.05,
  0.1,
  0.15,
  0.2,
  0.3,
  0.4,
  0.5,
  0.6,
  0.7,
  0.8,
  0.85,
  0.9,
  0.95,
  0.98,
  0.99
]

/** @param chartDir where the DET curve is written */
export async function evaluateLiveness (bench: Bench, chartDir: string): Promise<Table[]> {
  const { photos, models, thresholds: { liveness: threshold, uncertain } } = bench
  if (threshold === null) return []
  const labelled = await judgeAll(bench, 'liveness of spoof', photos.spoof)
  const judges = judgesOf(models.liveness)
  const fused = judges.at(-1)!
  const scored = ({ score }: Judge): ScoredPhoto[] => labelled.map(({ liveness, ...photo }) => ({
    ...photo,
    score: liveness === null ? 0 : score(liveness)
  }))
  const marks = [
    { name: `threshold ${threshold}`, at: threshold },
    ...(uncertain === null
      ? []
      : [
          { name: `uncertain from ${uncertain.low}`, at: uncertain.low },
          { name: `to ${uncertain.high}`, at: uncertain.high }
        ])
  ]
  const chart = detCurve(
    'Liveness: detection error trade-off',
    judges.map(judge => ({ name: judge.name, photos: scored(judge) })),
    marks.map(({ name, at }) => ({ name, threshold: at, photos: scored(fused) }))
  )
  const file = join(chartDir, 'liveness-det.svg')
  await mkdir(chartDir, { recursive: true })
  if (labelled.length > 0) await writeFile(file, chart)
  return [
    {
      title: 'Spoof photos that are decided wrongly',
      note: `Score of ${fused.name} and of each model, at the threshold ${threshold}.`,
      rows: labelled.filter(({ live, liveness }) => ((liveness?.score ?? 0) >= threshold) !== live).map(photo => ({
        camera: photo.camera,
        photo: basename(photo.file),
        truth: photo.live ? `live, ${photo.label}` : photo.label,
        ...Object.fromEntries(judges.map(({ name, score }) => [
          name,
          photo.liveness === null ? null : score(photo.liveness)
        ]))
      }))
    },
    cameraTable(scored(fused), threshold, uncertain),
    ...judges.map(judge => thresholdTable(
      judge.name,
      scored(judge),
      [...new Set([...steps, threshold])].sort((a, b) => a - b)
    )),
    await everydayTable(bench, judges, threshold),
    ...labelled.length === 0 ? [] : [{ title: 'DET curve', rows: [{ file }] }]
  ]
}

/** Photos that were not taken to be judged, all of live people as far as anybody knows. */
async function everydayTable (bench: Bench, judges: Judge[], threshold: number): Promise<Table> {
  const { people, tasks } = bench.photos
  const rows = []
  for (const [name, photos] of Object.entries({ people, tasks })) {
    const seen = await judgeAll(
      bench,
      `liveness of ${name}`,
      photos.map(({ file }) => ({ file, label: name, live: true, camera: name }))
    )
    for (const { name: judge, score } of judges) {
      const scores = seen.flatMap(({ liveness }) => liveness === null ? [] : [score(liveness)])
      rows.push({
        photos: name,
        judge,
        faces: scores.length,
        [`below ${threshold}`]: shareRejected(scores, threshold),
        ...Object.fromEntries([0.01, 0.05, 0.1, 0.25, 0.5].map(share => [`${share * 100} %`, quantile(scores, share)]))
      })
    }
  }
  return { title: 'Liveness scores of everyday photos', rows }
}

async function judgeAll (bench: Bench, what: string, items: Omit<Judged, 'liveness'>[]): Promise<Judged[]> {
  const judged: Judged[] = []
  for (const { look, ...item } of await lookAtAll(bench, what, items)) {
    judged.push({ ...item, liveness: look.faces.length === 0 ? null : await look.liveness(0) })
  }
  return judged
}

/** Each model alone, and last the fused score that the service goes by. */
function judgesOf (models: ModelSet['liveness']): Judge[] {
  const alone = models.map(({ id }): Judge => ({
    name: id,
    score: ({ models }) => models.find(model => model.id === id)!.score
  }))
  return alone.length === 1 ? alone : [...alone, { name: 'fused', score: ({ score }) => score }]
}
