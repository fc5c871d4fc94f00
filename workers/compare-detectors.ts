/**
 * The entry of a thread that looks at one picture with an object detector in float32 and in int8, and says what each
 * costs.
 */
import { parentPort, workerData } from 'node:worker_threads'
import { createObjectDetector, type ObjectDetector } from './object-detector.ts'
import { parseNames, readOnnxFacts } from './onnx-file.ts'
import { openTested } from './open-tested.ts'
import { chooseProvider, openSession } from './session.ts'
import type { CompareSetup, Comparison } from './thread-setup.ts'
import type { Frame, SizedObjectDetector } from './types.ts'

/** Odd, for the median; the first run of each is not counted. */
const rounds = 5

const setup = workerData as CompareSetup
const { name: provider } = await chooseProvider(setup.provider, setup.fp32.path)
const comparison = provider === 'cpu' ? await compare() : { fp32Ms: 0, int8Ms: 0, exact: false }
parentPort!.postMessage({ provider, ...comparison } satisfies Comparison)

async function compare (): Promise<Omit<Comparison, 'provider'>> {
  const opened = await Promise.all([setup.fp32, setup.int8].map(open))
  const times = opened.map((): number[] => [])
  const frame = greys(640, 480)
  for (let round = 0; round <= rounds; round++) {
    for (const [i, { detect }] of opened.entries()) {
      const before = process.threadCpuUsage()
      await detect(frame)
      const { user, system } = process.threadCpuUsage(before)
      if (round > 0) times[i]!.push((user + system) / 1000)
    }
  }
  for (const { close } of opened) await close()
  const [fp32Ms, int8Ms] = times.map(list => list.toSorted((a, b) => a - b)[(rounds - 1) / 2]!) as [number, number]
  return { fp32Ms, int8Ms, exact: await isExact(setup.exactness) }
}

async function open (model: SizedObjectDetector): Promise<{ detect: ObjectDetector, close: () => Promise<void> }> {
  const labels = model.labels ?? parseNames(readOnnxFacts(model.path).metadata['names'] ?? '')
  const session = await openTested(() => openSession(model.path, 'cpu', 1), model, labels)
  return { detect: createObjectDetector(model, session, labels), close: session.close }
}

async function isExact ({ path, channels, side }: CompareSetup['exactness']): Promise<boolean> {
  const session = await openSession(path, 'cpu', 1)
  const [output] = await session.run(new Float32Array(channels * side * side).fill(1), [1, channels, side, side])
  await session.close()
  // One step of the integers that carry the sum is 1/255 of it.
  return output!.data.every(value => Math.abs(value - channels) <= channels / 255)
}

/** A picture of steps of grey; what it shows does not change what a run costs. */
function greys (width: number, height: number): Frame {
  const pixels = new SharedArrayBuffer(width * height * 3)
  new Uint8Array(pixels).forEach((_, i, bytes) => { bytes[i] = (i >> 8) & 0xff })
  return { width, height, pixels }
}
