/** What one client keeps of its throughput while another floods the service with small files of very many pixels. */
import { Agent } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import sharp from 'sharp'
import { type Form, form, type Load, load, median, percentile, send } from './load.ts'
import { photoOf } from './photos.ts'
import { startServer } from './server.ts'
import { fixed, percent, table } from './table.ts'

const keys = { client: '1'.repeat(40), flood: '2'.repeat(40) }
const connections = [1, 4]
const flooding = 90
const seconds = 5
const rounds = 3

export async function measureFairness (): Promise<string> {
  const server = await startServer({
    env: {
      API_KEYS: `client:enrol+verify:${keys.client},flood:enrol+verify:${keys.flood}`,
      RATE_LIMIT: '0',
      FAILED_VERIFICATIONS_MAX: '0'
    }
  })
  try {
    const withKey = (fields: Record<string, string | Buffer>, key: keyof typeof keys): Form => ({
      ...form(fields),
      headers: { 'x-api-key': keys[key] }
    })
    const photo = await photoOf('person', 1)
    await send(`${server.url}/api/signup`, withKey({ username: 'anna', images: photo }, 'client'))
    const proof = withKey({ username: 'anna', task: 'waste', file: await photoOf('person', 1) }, 'client')
    const pixels = await sharp({ create: { width: 8660, height: 5770, channels: 3, background: '#456' } })
      .png({ compressionLevel: 9 })
      .toBuffer()
    const burden = withKey({ username: 'anna', task: 'waste', file: pixels }, 'flood')
    const verify = async (clients: number, limit: number): Promise<Measured> => {
      await server.probe('reset')
      const loaded = await load(`${server.url}/api/verify`, [proof], clients, { seconds: limit })
      return { ...loaded, cpu: (await server.probe('report')).cpu }
    }

    await verify(4, 3)
    const rows = []
    for (const clients of connections) {
      const alone: Measured[] = []
      const beside: Measured[] = []
      let judged = 0
      for (let round = 0; round < rounds; round++) {
        alone.push(await verify(clients, seconds))
        const over = new AbortController()
        const flood = floodWith(`${server.url}/api/verify`, burden, over.signal)
        await sleep(2000)
        beside.push(await verify(clients, seconds))
        over.abort()
        judged += await flood
      }
      rows.push([
        clients,
        fixed(medianOf(alone, ({ rate }) => rate), 1),
        fixed(medianOf(alone, p50)),
        fixed(medianOf(beside, ({ rate }) => rate), 1),
        fixed(medianOf(beside, p50)),
        percent(medianOf(beside.map(({ rate }, round) => rate / alone[round]!.rate), share => share)),
        percent(shareOfCpu(alone, beside)),
        fixed(judged / rounds / (seconds + 2), 1)
      ])
    }
    return (
      table(
        [
          'connections',
          'alone, req/s',
          'p50 ms',
          'beside the flood, req/s',
          'p50 ms',
          'kept',
          'of the CPU time',
          'the flood, req/s'
        ],
        rows
      ) +
      `\n\nThe client sends proofs of 1 MP; the flood, with a key of its own, keeps ${flooding} connections busy with a PNG of 50 MP in ${fixed(pixels.length / 1024)} KiB. None of the client's requests was refused. Medians of ${rounds} rounds of ${seconds} s, alone and beside the flood in turns. "Of the CPU time": what the client's requests take alone, of all that the service took beside the flood; other programs on the machine disturb it less.`
    )
  } finally {
    await server.stop()
  }
}

interface Measured extends Load {
  /** CPU milliseconds of the service. */
  cpu: number
}

const p50 = ({ latencies }: Load): number => percentile(latencies, 0.5)

function medianOf<T> (measured: readonly T[], value: (one: T) => number): number {
  return median(measured.map(value))
}

function shareOfCpu (alone: readonly Measured[], beside: readonly Measured[]): number {
  const each = medianOf(alone, ({ cpu, requests }) => cpu / requests)
  return medianOf(beside, ({ cpu, requests }) => each * requests / cpu)
}

/** @returns requests that were judged */
async function floodWith (url: string, burden: Form, over: AbortSignal): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: flooding })
  let judged = 0
  await Promise.all(Array.from({ length: flooding }, async () => {
    // As the header retry-after asks, though much sooner.
    while (!over.aborted) await send(url, burden, agent).then(() => { judged++ }, () => sleep(500))
  }))
  agent.destroy()
  return judged
}
