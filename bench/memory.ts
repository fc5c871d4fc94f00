/** Resident memory: for several numbers of workers beside the bare sessions, and over many requests. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { FloorSetup } from './floor-worker.ts'
import { load } from './load.ts'
import { floorModels } from './models.ts'
import { startServer } from './server.ts'
import { enrol, proof } from './throughput.ts'
import { fixed, mebibytes, table } from './table.ts'

const workerCounts = [1, 2, 4, 8]
const requests = 2000

export async function measureMemory (): Promise<string> {
  const rows: { workers: number, ready: number, used: number, bare: number }[] = []
  for (const workers of workerCounts) {
    const server = await startServer({ env: { WORKER_THREADS: String(workers) } })
    try {
      const { rss: ready } = await server.probe('report')
      await enrol(server)
      await load(`${server.url}/api/verify`, [await proof(1)], workers + 1, { requests: 20 * workers })
      const { rss: used } = await server.probe('report')
      rows.push({ workers, ready, used, bare: await bareSessions(workers) })
    } finally {
      await server.stop()
    }
  }
  const [first, last] = [rows[0]!, rows.at(-1)!]
  const perWorker = (key: 'used' | 'bare'): number => (last[key] - first[key]) / (last.workers - first.workers)
  return [
    table(
      ['workers', 'ready, MiB', 'after 20 requests a worker, MiB', 'bare sessions, MiB'],
      rows.map(({ workers, ready, used, bare }) => [workers, mebibytes(ready), mebibytes(used), mebibytes(bare)])
    ),
    '',
    `One more worker costs ${mebibytes(perWorker('used'))} MiB, one more thread of bare sessions ${mebibytes(perWorker('bare'))} MiB: ${fixed(perWorker('used') / perWorker('bare'), 2)} times.`,
    '',
    await overTime()
  ].join('\n')
}

/** A process that does nothing but run every model once in each thread. */
async function bareSessions (threads: number): Promise<number> {
  const setup: FloorSetup = { models: await floorModels(), published: false, intraOpThreads: 1 }
  const child: ChildProcess = spawn(
    process.execPath,
    [new URL('bare-sessions.ts', import.meta.url).pathname, JSON.stringify({ setup, threads })],
    { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] }
  )
  const [rss] = await once(child, 'message')
  return rss as number
}

/** Photos of all sizes mixed. */
async function overTime (): Promise<string> {
  const server = await startServer()
  try {
    await enrol(server)
    const photos = [await proof(0.3), await proof(1), await proof(3, 'group'), await proof(1, 'group'), await proof(12)]
    const rows: [number, string][] = []
    for (let sent = 0; sent <= requests; sent += requests / 10) {
      if (sent > 0) await load(`${server.url}/api/verify`, photos, 4, { requests: requests / 10 })
      rows.push([sent, mebibytes((await server.probe('report')).rss)])
    }
    return table(['requests', 'RSS MiB'], rows)
  } finally {
    await server.stop()
  }
}
