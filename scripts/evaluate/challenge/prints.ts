/** Prints that are turned and bent before the camera: how often they pass. */
import { readFile } from 'node:fs/promises'
import { judgeChallenge } from '../../../src/challenge/judge.ts'
import { random } from '../../../test/helpers/random.ts'
import { pictureOf } from '../../../workers/pixels.ts'
import type { Frame } from '../../../workers/types.ts'
import type { Bench } from '../bench.ts'
import { upperBound } from '../error-rates.ts'
import { photographSheet, type Sheet } from '../sheets.ts'
import type { Table } from '../table.ts'
import { luckyFrames } from './lucky-frames.ts'
import { challenges, type Photo, type View } from './sequences.ts'

/** Photos that are printed, and ways in which each print is held. */
const prints = 100

/** Each print in many positions; the attacker has the luck to show the best one for every step. */
export async function printsTable (
  { inference, progress, maxPixels }: Bench,
  photos: readonly Photo[]
): Promise<Table> {
  const upright = photos.filter(({ view }) => Math.abs(view.quality.yaw) < 25)
  const chosen = upright.filter((_, i) => i % Math.ceil(upright.length / prints) === 0)
  const step = progress('prints', chosen.length)
  const totals = { flat: [0, 0, 0, 0], bent: [0, 0, 0, 0] }
  for (const [index, { file, view }] of chosen.entries()) {
    const { frame } = await inference.decode({ bytes: await readFile(file), maxPixels })
    const kept: Frame = { ...frame!, pixels: frame!.pixels.slice(0) }
    for (const kind of ['flat', 'bent'] as const) {
      const views: View[] = []
      for (const sheet of kind === 'flat' ? flatSheets(index) : bentSheets(index)) {
        const [face] = await inference.faces({
          frame: photographSheet(pictureOf(kept), view.box, sheet),
          embedLimit: 0,
          landmarks: true
        })
        if (face?.landmarks !== undefined) views.push({ ...face, embedding: Float32Array.of(1) } as View)
      }
      const total = totals[kind]
      for (const steps of challenges) {
        total[0]!++
        const { checks, reasons } = judgeChallenge(
          steps,
          luckyFrames(steps, views),
          () => 1,
          { similarity: 0.5, liveness: null }
        )
        total[1]! += Number(checks.poses.outcome === 'passed')
        total[2]! += Number(reasons.length === 0)
      }
      total[3]! += views.length
    }
    step()
  }
  return {
    title: 'Challenges: prints that are turned and bent',
    note: 'Each print in many positions at 1.5 to 5 face widths; of these the attacker shows the best one for every step. Only poses and parallax are judged, as if the print passed for the live user.',
    rows: Object.entries(totals).map(([kind, [sequences, poses, passed, views]]) => ({
      kind,
      prints: chosen.length,
      views: views!,
      sequences: sequences!,
      'poses seen': poses!,
      passed: passed!,
      share: passed! / sequences!,
      'below, 95 %': upperBound(passed!, sequences!)
    }))
  }
}

function flatSheets (seed: number): Sheet[] {
  const next = random(seed + 1)
  const jitter = () => 10 * next() - 5
  const flat = { radius: null, axis: 'upright' } as const
  return [1.5, 2.5, 5].flatMap(distance => [
    { ...flat, yaw: 0, pitch: 0, distance },
    ...[-45, -30, -15, 15, 30, 45].flatMap(angle => [
      { ...flat, yaw: angle + jitter(), pitch: jitter(), distance },
      { ...flat, yaw: jitter(), pitch: angle + jitter(), distance }
    ])
  ])
}

function bentSheets (seed: number): Sheet[] {
  const next = random(seed + 7919)
  return Array.from({ length: 30 }, (_, i) => ({
    radius: (0.5 + 1.2 * next()) * (i % 4 === 3 ? -1 : 1),
    axis: i % 3 === 2 ? 'level' : 'upright',
    yaw: (2 * next() - 1) * 35,
    pitch: (2 * next() - 1) * (i % 2 === 0 ? 8 : 30),
    distance: [1.5, 2.5, 5][i % 3]!
  }))
}
