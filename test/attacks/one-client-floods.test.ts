/** Ninety connections of one key with photos of 50 megapixels in 150 KB leave another key its share. */
import { Agent, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { build } from '../helpers/app.ts'
import { changed, drawing, samplePhoto } from '../helpers/photos.ts'
import { listen } from '../helpers/raw-client.ts'
import { encodeForm } from '../helpers/server.ts'

const keys = { flood: '1'.repeat(40), ana: '2'.repeat(40) }
const SECONDS = 5

t.test('the other client keeps its share of the throughput', async t => {
  const { app } = await build(t, {
    API_KEYS: `flood:verify+enrol:${keys.flood},ana:verify+enrol:${keys.ana}`,
    RATE_LIMIT: '0',
    ENV: 'production'
  })
  const port = await listen(app)
  const send = async (agent: Agent, key: string, { body, contentType }: { body: Buffer; contentType: string }) =>
    new Promise<number>((resolve, reject) => {
      request(
        {
          agent,
          port,
          path: '/api/signup',
          method: 'POST',
          headers: { 'x-api-key': key, 'content-type': contentType, 'content-length': body.length }
        },
        answer => {
          answer.resume().on('end', () => resolve(answer.statusCode!))
        }
      )
        .on('error', reject)
        .end(body)
    })
  /** Keeps so many requests on their way. @returns how often each status was answered within the time */
  const load = async (
    key: string,
    form: { body: Buffer; contentType: string },
    connections: number,
    until: () => boolean
  ) => {
    const agent = new Agent({ keepAlive: true, maxSockets: connections })
    const statuses: Record<number, number> = {}
    await Promise.all(
      Array.from({ length: connections }, async () => {
        while (!until()) {
          const status = await send(agent, key, form)
          if (!until()) statuses[status] = (statuses[status] ?? 0) + 1
          // Both sides of the test share one event loop.
          if (status === 503) await sleep(500)
        }
      })
    )
    agent.destroy()
    return statuses
  }
  const forSeconds = (seconds: number) => {
    const end = performance.now() + seconds * 1000
    return () => performance.now() > end
  }
  // A group: judged as far as the faces, then 422.
  const honest = await encodeForm([['username', 'ana'], ['images', await samplePhoto(1)]])
  const flood = await encodeForm([
    ['username', 'flood'],
    [
      'images',
      await changed(await drawing('png', { width: 8660, height: 5770 }), image => image.png({ compressionLevel: 9 }))
    ]
  ])
  t.ok(flood.body.length < 200 * 1024)

  await load(keys.ana, honest, 4, forSeconds(1))
  const alone = await load(keys.ana, honest, 4, forSeconds(SECONDS))
  const over = new AbortController()
  const attack = load(keys.flood, flood, 90, () => over.signal.aborted)
  await sleep(1000)
  const beside = await load(keys.ana, honest, 4, forSeconds(SECONDS))
  over.abort()
  t.ok((await attack)[422]! > 0, 'the flood is served as well')
  t.same(Object.keys(beside), ['422'], 'nothing is refused')
  t.comment(`${JSON.stringify(alone)} alone, ${JSON.stringify(beside)} beside the flood`)
  // Half is measured by bench/fairness.ts; a test shares its machine with others and only proves that nobody starves.
  t.ok(beside[422]! >= alone[422]! / 10)
})
