/** Requests per second and latency over HTTP for several photo sizes and numbers of clients, beside the floor. */
import { availableParallelism } from 'node:os'
import { type Floor, openFloor, sum } from './floor.ts'
import { form, type Form, load, median, percentile, send } from './load.ts'
import { floorModels } from './models.ts'
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
  /** CPU milliseconds of the server for one request. */
  cpu: number
  /** Rate over what the bare sessions allow; the same by CPU time, which other programs on the machine disturb less. */
  share: number
  cpuShare: number
  publishedCpuShare: number
  loopDelayP99: number
  rss: number
}

/**
 * The floor is measured again before every photo size, and every round measures all rows; the medians of the rounds
 * count.
 */
export async function measureThroughput ({ seconds = 4, rounds = 3 } = {}): Promise<string> {
  const threads = availableParallelism()
  const asOpened = await openFloor({ models: await floorModels(), published: false, intraOpThreads: 1 }, threads)
  const asPublished = await openFloor({ models: await floorModels(true), published: true, intraOpThreads: 1 }, threads)
  const server = await startServer()
  try {
    await enrol(server)
    const proofs: [number, Form][] = []
    for (const mp of megapixels) proofs.push([mp, await proof(mp)])
    const opened: Floor[] = []
    const published: Floor[] = []
    const rows: Row[] = []
    for (let round = 0; round < rounds; round++) {
      for (const [mp, photo] of proofs) {
        opened.push(await asOpened.measure(seconds / 2))
        published.push(await asPublished.measure(seconds / 2))
        for (const count of clients) {
          rows.push(await measure(server, photo, mp, count, opened.at(-1)!, published.at(-1)!, threads, seconds))
        }
      }
    }
    return [report(rows), reportFloor(opened, published, threads)].join('\n\n')
  } finally {
    await server.stop()
    await asOpened.stop()
    await asPublished.stop()
  }
}

export async function enrol (server: Server): Promise<void> {
  await send(`${server.url}/api/signup`, form({ username: 'bench', images: await photoOf('person', 1) }))
}

export async function proof (mp: number, scene: Parameters<typeof photoOf>[0] = 'person'): Promise<Form> {
  return form({ username: 'bench', task: 'waste', file: await photoOf(scene, mp) })
}

async function measure (
  server: Server,
  photo: Form,
  mp: number,
  count: number,
  opened: Floor,
  published: Floor,
  threads: number,
  seconds: number
): Promise<Row> {
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
    cpu: cpu / requests,
    share: rate / ((threads * 1000) / sum(opened.wall)),
    cpuShare: opened.cpu / (cpu / requests),
    publishedCpuShare: published.cpu / (cpu / requests),
    loopDelayP99,
    rss
  }
}

function report (rows: Row[]): string {
  const groups = [...Map.groupBy(rows, row => `${row.mp} ${row.clients}`).values()]
  return table(
    [
      'photo, MP',
      'clients',
      'req/s',
      'p50 ms',
      'p95 ms',
      'CPU ms',
      'of the floor',
      'of the floor, CPU',
      'of the published floor, CPU',
      'loop p99 ms',
      'RSS MiB'
    ],
    groups.map(list => {
      const of = (key: keyof Row): number => median(list.map(row => row[key]))
      return [
        of('mp'),
        of('clients'),
        fixed(of('rate'), 1),
        fixed(of('p50')),
        fixed(of('p95')),
        fixed(of('cpu')),
        percent(of('share')),
        percent(of('cpuShare')),
        percent(of('publishedCpuShare')),
        fixed(of('loopDelayP99'), 1),
        mebibytes(of('rss'))
      ]
    })
  )
}

function reportFloor (opened: Floor[], published: Floor[], threads: number): string {
  const wall = (floors: Floor[], id: string): string => fixed(median(floors.map(floor => floor.wall[id]!)), 1)
  const total = (floors: Floor[]): number => median(floors.map(floor => sum(floor.wall)))
  const cpu = (floors: Floor[]): string => fixed(median(floors.map(floor => floor.cpu)), 1)
  return [
    `The floor is ${threads} threads / the sum of the medians of \`session.run\`, all threads busy, milliseconds. "As opened": without denormal weights and with the object detector's input for a 4:3 photo, as the service does; "published": the files as they are.`,
    '',
    table(
      ['model', 'as opened', 'published'],
      [
        ...Object.keys(opened[0]!.wall).map(id => [id, wall(opened, id), wall(published, id)]),
        ['sum', fixed(total(opened), 1), fixed(total(published), 1)],
        ['CPU time', cpu(opened), cpu(published)],
        [
          'requests per second',
          fixed((threads * 1000) / total(opened), 1),
          fixed((threads * 1000) / total(published), 1)
        ]
      ]
    )
  ].join('\n')
}
