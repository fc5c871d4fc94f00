/** One thread of the floor: opens the models with nothing around them and runs them, one after the other, on noise. */
import { readFile } from 'node:fs/promises'
import { performance } from 'node:perf_hooks'
import { parentPort, workerData } from 'node:worker_threads'
import { env, InferenceSession, Tensor } from 'onnxruntime-node'
import { flushNegligibleWeights } from '../workers/onnx-weights.ts'

export interface FloorSetup {
  models: { id: string, path: string, shape: number[] }[]
  /** True: weights as in the file; false: without denormal numbers, as the service opens them. */
  published: boolean
  intraOpThreads: number
}

export interface FloorSamples {
  /** Wall-clock milliseconds of every run of each model. */
  wall: Record<string, number[]>
  /** CPU milliseconds of this thread for all models once; the mean. */
  cpu: number
}

env.logLevel = 'fatal'
const { models, published, intraOpThreads } = workerData as FloorSetup

const sessions: { id: string, session: InferenceSession, feeds: Record<string, Tensor> }[] = []
for (const { id, path, shape } of models) {
  const bytes = await readFile(path)
  if (!published) flushNegligibleWeights(bytes)
  const session = await InferenceSession.create(bytes, {
    intraOpNumThreads: intraOpThreads,
    interOpNumThreads: 1,
    logSeverityLevel: 3
  })
  const values = new Float32Array(shape.reduce((product, length) => product * length, 1)).map(() => Math.random())
  sessions.push({ id, session, feeds: { [session.inputNames[0]!]: new Tensor('float32', values, shape) } })
}

parentPort!.on('message', async (seconds: number) => {
  const wall: FloorSamples['wall'] = Object.fromEntries(models.map(({ id }) => [id, []]))
  const start = performance.now()
  const before = process.threadCpuUsage()
  let rounds = 0
  do {
    for (const { id, session, feeds } of sessions) {
      const begin = performance.now()
      await session.run(feeds)
      wall[id]!.push(performance.now() - begin)
    }
    rounds++
  } while (performance.now() - start < seconds * 1000)
  const { user, system } = process.threadCpuUsage(before)
  parentPort!.postMessage({ wall, cpu: (user + system) / 1000 / rounds } satisfies FloorSamples)
})
parentPort!.postMessage({ wall: {}, cpu: 0 } satisfies FloorSamples)
