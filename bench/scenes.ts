/** What the features of scenes cost: CPU time of the object detector with and without them, and the time to teach. */
import { loadConfig } from '../src/config/config.ts'
import { prepareDetector, withAnyInputSize } from '../src/models/input-size.ts'
import { readManifest } from '../src/models/manifest-file.ts'
import { resolveModels } from '../src/models/resolve.ts'
import { teach, type TaughtPhoto } from '../src/teaching/teach.ts'
import { decodeFrame } from '../workers/decode-photo.ts'
import { createObjectDetector } from '../workers/object-detector.ts'
import { openSession } from '../workers/session.ts'
import { photoOf } from './photos.ts'
import { fixed, table } from './table.ts'

const rounds = 60
const taughtPhotos = 1000

export async function measureScenes (): Promise<string> {
  const config = loadConfig(process.env)
  const { objectDetector } = await resolveModels(config, await readManifest(config))
  if (objectDetector === null) return 'There is no object detector.'
  const warn = (message: string) => { throw new Error(message) }
  const prepared = await prepareDetector(objectDetector, config, warn)
  const without = await withAnyInputSize(objectDetector, config, warn)
  const { frame } = await decodeFrame(await photoOf('group', 1), 1e8)
  const detectors = await Promise.all(
    [without, prepared].map(async model => createObjectDetector(model, await openSession(model.path, 'cpu', 1), []))
  )
  const times: number[][] = [[], []]
  for (let round = 0; round < rounds; round++) {
    for (const [i, detect] of detectors.entries()) {
      const before = process.cpuUsage()
      await detect(frame!)
      const { user, system } = process.cpuUsage(before)
      times[i]!.push((user + system) / 1000)
    }
  }
  const [bare, pooled] = times.map(list => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)]!) as [
    number,
    number
  ]
  const teaching = teachingSeconds(3 * 1024)
  return [
    table(
      ['object detector, 1 MP', 'CPU ms'],
      [
        ['without features', fixed(bare, 1)],
        ['with features', fixed(pooled, 1)]
      ]
    ),
    '',
    `Fitting and cross-validating ${taughtPhotos} photos, numbers known: ${fixed(teaching, 0)} s of CPU time; looking at them costs two runs of the object detector and one of the face detector each.`
  ].join('\n')
}

/** Numbers that no photo gave: only their count matters for the time. */
function teachingSeconds (dimension: number): number {
  let state = 1
  const next = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32 - 0.5
  const photos = Array.from({ length: taughtPhotos }, (_, i): TaughtPhoto => {
    const numbers = Float32Array.from({ length: dimension }, next)
    const kind = i % 5 === 0 ? 'yes' : 'no'
    if (kind === 'yes') for (let at = 0; at < 50; at++) numbers[at]! += 0.3
    return {
      file: '',
      class: kind,
      origin: String(i % 40),
      numbers,
      mirrored: numbers.map(value => value + 0.1 * next())
    }
  })
  const before = process.cpuUsage()
  teach(photos, { falseRate: 0.05, nearRate: 0.2, nearWeight: 3 })
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1e6
}
