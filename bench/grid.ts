/** Workers against onnxruntime threads in each worker: the same cores, spent on more photos or on each photo. */
import { availableParallelism } from 'node:os'
import { load, median } from './load.ts'
import { startServer } from './server.ts'
import { fixed, mebibytes, table } from './table.ts'
import { enrol, proof } from './throughput.ts'

/** 1, 2, 4 ... and the number of cores. */
function upToCores (): number[] {
  const cores = availableParallelism()
  return [...Array.from({ length: Math.ceil(Math.log2(cores)) }, (_, i) => 2 ** i), cores]
}

export async function measureGrid ({ requests = 60 } = {}): Promise<string> {
  const rows: string[][] = []
  for (const workers of upToCores()) {
    for (const threads of upToCores()) {
      for (const idleThreads of new Set(threads === 1 && workers > 1 ? [1, workers] : [1])) {
        const server = await startServer({
          env: { WORKER_THREADS: String(workers), INTRA_OP_THREADS: String(threads), IDLE_THREADS: String(idleThreads) }
        })
        try {
          await enrol(server)
          const photo = [await proof(1)]
          const url = `${server.url}/api/verify`
          await load(url, photo, workers + 1, { requests: 10 * workers })
          const { latencies } = await load(url, photo, 1, { requests })
          await server.probe('reset')
          const { rate } = await load(url, photo, 2 * availableParallelism(), { requests: 2 * requests })
          const { cpu, rss } = await server.probe('report')
          rows.push([
            String(workers),
            String(threads),
            String(idleThreads),
            fixed(median(latencies)),
            fixed(rate, 1),
            fixed(cpu / (2 * requests)),
            mebibytes(rss)
          ])
        } finally {
          await server.stop()
        }
      }
    }
  }
  return table(
    [
      'workers',
      'threads each',
      'threads when idle',
      'one client, p50 ms',
      `${2 * availableParallelism()} clients, req/s`,
      'CPU ms',
      'RSS MiB'
    ],
    rows
  )
}
