/** One thread of the floor: opens the models with nothing around them and runs them, one after the other, on noise. */
import { performance } from 'node:perf_hooks'
import { parentPort, workerData } from 'node:worker_threads'
import { env, InferenceSession, Tensor } from 'onnxruntime-node'

export interface FloorSetup {
  models: { id: string, path: string, shape: number[] }[]
  intraOpThreads: number
}

/** Wall-clock and CPU milliseconds of one run. */
export interface FloorSample { id: string, wall: number, cpu: number }

env.logLevel = 'fatal'
const { models, intraOpThreads } = workerData as FloorSetup

const sessions: { id: string, session: InferenceSession, feeds: Record<string, Tensor> }[] = []
for (const { id, path, shape } of models) {
  const session = await InferenceSession.create(path, { intraOpNumThreads: intraOpThreads, interOpNumThreads: 1, logSeverityLevel: 3 })
  const values = new Float32Array(shape.reduce((product, length) => product * length, 1)).map(() => Math.random())
  sessions.push({ id, session, feeds: { [session.inputNames[0]!]: new Tensor('float32', values, shape) } })
}

parentPort!.on('message', async (seconds: number) => {
  const samples: FloorSample[] = []
  const start = performance.now()
  do {
    for (const { id, session, feeds } of sessions) {
      const begin = performance.now()
      const cpu = process.threadCpuUsage()
      await session.run(feeds)
      const { user, system } = process.threadCpuUsage(cpu)
      samples.push({ id, wall: performance.now() - begin, cpu: (user + system) / 1000 })
    }
  } while (performance.now() - start < seconds * 1000)
  parentPort!.postMessage(samples)
})
parentPort!.postMessage([])
