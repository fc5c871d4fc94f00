/** Requests per second and latency over HTTP for several photo sizes and numbers of clients, beside the floor. */
import { availableParallelism } from 'node:os'
import { type Floor, openFloor, sum } from './floor.ts'
import { form, type Form, load, median, percentile, send } from './load.ts'
import { modelsInForce } from './models.ts'
import { megapixels, photoOf } from './photos.ts'
import { type Server, startServer } from './server.ts'
import { fixed, mebibytes, percent, table } from './table.ts'

const clients = [1, 2, 4, 8]

interface Row {
  mp: number
  clients: number
  rate: number
  p50: number
  p95: number
  /** Rate over what the bare sessions allow, and bare CPU time over the server's per request. */
  share: number
  cpuShare: number
  cpu: number
  loopDelayP99: number
  rss: number
}

/** `seconds` for every row; the floor is measured again before every row, and the rows of one round follow each other. */
export async function measureThroughput ({ seconds = 4, rounds = 3 } = {}): Promise<string> {
  const threads = availableParallelism()
  const floorThreads = await openFloor({ models: await modelsInForce(), intraOpThreads: 1 }, threads)
  const server = await startServer()
  try {
    await enrol(server)
    const proofs = new Map(await Promise.all(megapixels.map(async (mp): Promise<[number, Form]> => [mp, await proof(mp)])))
    const floors: Floor[] = []
    const rows: Row[] = []
    for (let round = 0; round < rounds; round++) {
      for (const [mp, photo] of proofs) {
        const floor = await floorThreads.measure(seconds / 2)
        floors.push(floor)
        for (const count of clients) rows.push(await measure(server, photo, mp, count, floor, threads, seconds))
      }
    }
    return report(rows, floors, threads)
  } finally {
    await server.stop()
    await floorThreads.stop()
  }
}

export async function enrol (server: Server): Promise<void> {
  await send(`${server.url}/api/signup`, form({ username: 'bench', images: await photoOf('person', 1) }))
}

export async function proof (mp: number, scene: Parameters<typeof photoOf>[0] = 'person'): Promise<Form> {
  return form({ username: 'bench', task: 'waste', file: await photoOf(scene, mp) })
}

async function measure (server: Server, photo: Form, mp: number, count: number, floor: Floor, threads: number, seconds: number): Promise<Row> {
  const url = `${server.url}/api/verify`
  await load(url, [photo], count, { requests: 2 * count })
  await server.probe('reset')
  const { rate, requests, latencies } = await load(url, [photo], count, { seconds })
  const { loopDelayP99, rss, cpu } = await server.probe('report')
  return {
    mp,
    clients: count,
    rate,
    p50: percentile(latencies, 0.5),
    p95: percentile(latencies, 0.95),
    share: rate / (threads * 1000 / sum(floor.wall)),
    cpuShare: sum(floor.cpu) / (cpu / requests),
    cpu: cpu / requests,
    loopDelayP99,
    rss
  }
}

function report (rows: Row[], floors: Floor[], threads: number): string {
  const medianOf = (list: Row[], key: keyof Row): number => median(list.map(row => row[key]))
  const groups = [...Map.groupBy(rows, row => `${row.mp} ${row.clients}`).values()]
  const ids = Object.keys(floors[0]!.wall)
  const wall = median(floors.map(floor => sum(floor.wall)))
  return [
    table(['photo, MP', 'clients', 'req/s', 'p50 ms', 'p95 ms', 'of the floor', 'CPU ms', 'CPU: floor / used', 'loop p99 ms', 'RSS MiB'], groups.map(list => [
      list[0]!.mp,
      list[0]!.clients,
      fixed(medianOf(list, 'rate'), 1),
      fixed(medianOf(list, 'p50')),
      fixed(medianOf(list, 'p95')),
      percent(medianOf(list, 'share')),
      fixed(medianOf(list, 'cpu')),
      percent(medianOf(list, 'cpuShare')),
      fixed(medianOf(list, 'loopDelayP99'), 1),
      mebibytes(medianOf(list, 'rss'))
    ])),
    '',
    `Floor: ${fixed(threads * 1000 / wall, 1)} req/s = ${threads} threads / ${fixed(wall, 1)} ms, the sum of the medians of \`session.run\`, all threads busy:`,
    '',
    table(['model', 'wall ms', 'CPU ms'], ids.map(id => [id, fixed(median(floors.map(({ wall }) => wall[id]!)), 1), fixed(median(floors.map(({ cpu }) => cpu[id]!)), 1)]))
  ].join('\n')
}
