/** From the start of the process to the first verdict, with the models installed. */
import { rm } from 'node:fs/promises'
import { performance } from 'node:perf_hooks'
import { median, send } from './load.ts'
import { startServer, temporaryFolder } from './server.ts'
import { enrol, proof } from './throughput.ts'
import { fixed, table } from './table.ts'

export async function measureStart ({ rounds = 5 } = {}): Promise<string> {
  const dataDir = await temporaryFolder()
  const photo = await proof(1)
  const samples: { ready: number, verdict: number }[] = []
  try {
    for (let round = 0; round <= rounds; round++) {
      const start = performance.now()
      const server = await startServer({ dataDir })
      try {
        // The first start only prepares: it enrols, and reshapes the object detector when that was never done.
        if (round === 0) await enrol(server)
        await send(`${server.url}/api/verify`, photo)
        if (round > 0) samples.push({ ready: server.startMs, verdict: performance.now() - start })
      } finally {
        await server.stop()
      }
    }
  } finally {
    await rm(dataDir, { recursive: true })
  }
  return table(['since the start of the process', 'seconds'], [
    ['ready', fixed(median(samples.map(({ ready }) => ready)) / 1000, 2)],
    ['first verdict', fixed(median(samples.map(({ verdict }) => verdict)) / 1000, 2)]
  ])
}
