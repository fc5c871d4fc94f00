/** One photo that is mirrored, stretched and rotated: how often it passes for a movement. */
import { readFile } from 'node:fs/promises'
import sharp from 'sharp'
import { judgeChallenge } from '../../../src/challenge/judge.ts'
import type { Bench } from '../bench.ts'
import { upperBound } from '../error-rates.ts'
import type { Table } from '../table.ts'
import { luckyFrames } from './lucky-frames.ts'
import { challenges, type Photo, type View } from './sequences.ts'

/** What one photo gives without a camera: zoomed, shifted, mirrored, stretched. */
export async function onePhotoTable (
  { inference, progress, maxPixels }: Bench,
  photos: readonly Photo[]
): Promise<Table> {
  const chosen = photos.filter((_, i) => i % Math.ceil(photos.length / 60) === 0)
  const step = progress('one photo', chosen.length)
  let [sequences, passed] = [0, 0]
  for (const { file, view } of chosen) {
    const upright = sharp(await readFile(file)).autoOrient()
    const { width, height } = (await upright.toBuffer({ resolveWithObject: true })).info
    const ways = [
      upright.clone(),
      upright.clone().flop(),
      upright.clone().resize(Math.round(width * 1.3), height, { fit: 'fill' }),
      upright.clone().resize(width, Math.round(height * 1.3), { fit: 'fill' }),
      upright.clone().rotate(12),
      upright
        .clone()
        .flop()
        .resize(Math.round(width * 0.75), height, { fit: 'fill' }),
      upright.clone().resize(width, Math.round(height * 0.75), { fit: 'fill' })
    ]
    const views: View[] = [view]
    for (const way of ways) {
      const { frame } = await inference.decode({ bytes: await way.jpeg({ quality: 92 }).toBuffer(), maxPixels })
      const [face] = await inference.faces({ frame: frame!, embedLimit: 0, landmarks: true })
      if (face?.landmarks !== undefined) views.push({ ...face, embedding: Float32Array.of(1) } as View)
    }
    for (const steps of challenges) {
      sequences++
      const frames = luckyFrames(steps, views.map(view => ({ ...view, embedding: Float32Array.of(1) })))
      passed += Number(judgeChallenge(steps, frames, () => 1, { similarity: 0.5, liveness: null }).reasons.length === 0)
    }
    step()
  }
  return {
    title: 'Challenges: one photo, mirrored, stretched and rotated',
    rows: [
      {
        photos: chosen.length,
        sequences,
        passed,
        share: passed / sequences,
        'below, 95 %': upperBound(passed, sequences)
      }
    ]
  }
}
