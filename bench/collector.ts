/** Share of CPU time that all garbage collectors of the server take under load, from `--trace-gc`. */
import { availableParallelism } from 'node:os'
import { load } from './load.ts'
import { startServer } from './server.ts'
import { enrol, proof } from './throughput.ts'
import { fixed } from './table.ts'

export async function measureCollector ({ requests = 200 } = {}): Promise<string> {
  const server = await startServer({ nodeFlags: ['--trace-gc'] })
  try {
    await enrol(server)
    const photos = [await proof(1), await proof(3)]
    const before = server.output().length
    await server.probe('reset')
    await load(`${server.url}/api/verify`, photos, availableParallelism() * 2, { requests })
    const { cpu } = await server.probe('report')
    // `... MB, pooled: 1.2 MB, 0.63 / 0.00 ms (average ...`: the first number is the pause.
    const pauses = [...server.output().slice(before).matchAll(/, ([\d.]+) \/ [\d.]+ ms/g)].map(([, ms]) => Number(ms))
    const paused = pauses.reduce((sum, ms) => sum + ms, 0)
    return `Over ${requests} requests (1 and 3 MP) ${pauses.length} collections in all threads paused for ${fixed(paused)} ms, ${fixed((paused / cpu) * 100, 2)} % of ${fixed(cpu)} ms of CPU time.`
  } finally {
    await server.stop()
  }
}
