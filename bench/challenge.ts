/** CPU time of the calls of a challenge, and of hints, for the 640 x 480 frames that a page sends. */
import sharp from 'sharp'
import { form, load, median } from './load.ts'
import { photoOf } from './photos.ts'
import { startServer } from './server.ts'
import { fixed, table } from './table.ts'
import { enrol } from './throughput.ts'

/** Frames of one challenge. */
const frames = 8

export async function measureChallenge ({ rounds = 3, requests = 100 } = {}): Promise<string> {
  // The object detector's thread for a photo that is alone would only add to the noise.
  const server = await startServer({ env: { IDLE_THREADS: '1' } })
  try {
    await enrol(server)
    const begin = async (): Promise<string> => {
      const answer = await fetch(`${server.url}/api/challenges`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"username": "bench"}'
      })
      return `${server.url}/api/challenges/${(await answer.json() as { id: string }).id}`
    }
    const frame = await sharp(await photoOf('person', 1))
      .resize(640, 480, { fit: 'cover' })
      .jpeg({ quality: 85 })
      .toBuffer()
    const poses: number[] = []
    const hints: number[] = []
    const judged: number[] = []
    for (let round = 0; round < rounds; round++) {
      const challenge = await begin()
      await load(`${challenge}/pose`, [form({ step: 'left', frame })], 1, { requests: 10 })
      await server.probe('reset')
      await load(`${challenge}/pose`, [form({ step: 'left', frame })], 1, { requests })
      poses.push((await server.probe('report')).cpu / requests)
      await load(`${server.url}/api/hints`, [form({ step: 'left', frame })], 1, { requests: 10 })
      await server.probe('reset')
      await load(`${server.url}/api/hints`, [form({ step: 'left', frame })], 1, { requests })
      hints.push((await server.probe('report')).cpu / requests)

      const body = new FormData()
      for (let i = 0; i < frames; i++) {
        body.append(
          'frames',
          new Blob([
            Uint8Array.from(
              await sharp(frame)
                .jpeg({ quality: 80 + i })
                .toBuffer()
            )
          ]),
          'frame.jpg'
        )
      }
      await server.probe('reset')
      await fetch(`${challenge}/frames`, { method: 'POST', body })
      judged.push((await server.probe('report')).cpu)
    }
    return table(['640 x 480 JPEG', 'CPU ms'], [
      ['POST /api/challenges/:id/pose', fixed(median(poses), 1)],
      ['POST /api/hints', fixed(median(hints), 1)],
      [`POST /api/challenges/:id/frames, ${frames} frames`, fixed(median(judged), 1)]
    ])
  } finally {
    await server.stop()
  }
}
