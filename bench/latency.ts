/** Latency of a single request on an idle service, beside the longest chain of work that must follow one another. */
import sharp from 'sharp'
import { openFloor } from './floor.ts'
import { form, load, median } from './load.ts'
import { floorModels } from './models.ts'
import { photoOf } from './photos.ts'
import { startServer } from './server.ts'
import { enrol, proof } from './throughput.ts'
import { fixed, table } from './table.ts'

const megapixels = 1

export async function measureLatency ({ rounds = 15 } = {}): Promise<string> {
  const models = await floorModels()
  // One thread: on an idle machine each session has a core of its own.
  const floor = await openFloor({ models, published: false, intraOpThreads: 1 }, 1)
  const server = await startServer()
  try {
    await enrol(server)
    const upright = await proof(megapixels)
    const bytes = await photoOf('person', megapixels)
    const samples: { request: number, decode: number, face: number, objects: number }[] = []
    for (let round = 0; round < rounds; round++) {
      const { wall } = await floor.measure(0.5)
      const decode: number[] = []
      for (let i = 0; i < 5; i++) decode.push(await timed(() => sharp(bytes).raw().toBuffer()))
      const { latencies } = await load(`${server.url}/api/verify`, [upright], 1, { requests: 5 })
      const objects = wall[models.at(-1)!.id]!
      samples.push({
        request: median(latencies),
        decode: median(decode),
        objects,
        face: Object.values(wall).reduce((sum, ms) => sum + ms, 0) - objects
      })
    }
    const of = (key: keyof typeof samples[number]): number => median(samples.map(sample => sample[key]))
    const turned = await turnedLatency(server.url, bytes, rounds)
    const ratio = median(
      samples.map(({ request, decode, face, objects }) => request / (decode + Math.max(face, objects)))
    )
    return table(['1 MP photo, one client', 'ms'], [
      ['decode', fixed(of('decode'), 1)],
      ['face chain, bare sessions', fixed(of('face'), 1)],
      ['object detector, bare session', fixed(of('objects'), 1)],
      ['request over HTTP, median', fixed(of('request'), 1)],
      ['the same photo lying on its side, median', fixed(turned, 1)],
      ['request / (decode + longer of the two)', fixed(ratio, 2)]
    ])
  } finally {
    await server.stop()
    await floor.stop()
  }
}

/** Milliseconds of a proof whose faces are found only once it is turned by 90 degrees. */
async function turnedLatency (url: string, bytes: Buffer, rounds: number): Promise<number> {
  const photo = await sharp(bytes).rotate(90).jpeg({ quality: 88 }).toBuffer()
  const { latencies } = await load(`${url}/api/verify`, [form({ username: 'bench', task: 'waste', file: photo })], 1, {
    requests: rounds
  })
  return median(latencies)
}

async function timed (work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}
