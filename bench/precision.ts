/** The whole service with the object detector in fp32 and in int8, in turns, so that other programs slow both alike. */
import { load, median, send } from './load.ts'
import { type Server, startServer } from './server.ts'
import { fixed, mebibytes, table } from './table.ts'
import { enrol, proof } from './throughput.ts'

const precisions = ['fp32', 'int8'] as const
const clients = 4

export async function measurePrecision ({ requests = 40, rounds = 5 } = {}): Promise<string> {
  const photo = await proof(1)
  const servers: Server[] = []
  try {
    for (const PRECISION of precisions) servers.push(await startServer({ env: { PRECISION } }))
    const samples = servers.map((): { cpu: number, rss: number }[] => [])
    for (const server of servers) {
      await enrol(server)
      await send(`${server.url}/api/verify`, photo)
    }
    for (let round = 0; round <= rounds; round++) {
      for (const [i, server] of servers.entries()) {
        await server.probe('reset')
        await load(`${server.url}/api/verify`, [photo], clients, { requests })
        const { cpu, rss } = await server.probe('report')
        // The first round only warms up.
        if (round > 0) samples[i]!.push({ cpu: cpu / requests, rss })
      }
    }
    const cpu = samples.map(list => median(list.map(({ cpu }) => cpu)))
    return [
      table(
        ['object detector', 'CPU ms a 1 MP photo', 'throughput by CPU', 'RSS MiB'],
        precisions.map((precision, i) => [
          precision,
          fixed(cpu[i]!, 1),
          fixed(cpu[0]! / cpu[i]!, 2),
          mebibytes(samples[i]!.at(-1)!.rss)
        ])
      ),
      '',
      `${clients} clients, ${rounds} rounds of ${requests} requests each in turns, the medians of the rounds.`
    ].join('\n')
  } finally {
    for (const server of servers) await server.stop()
  }
}
