/** Bodies for which no route, key or limit has been found are neither awaited nor parsed. */
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { buildLight } from '../helpers/light-app.ts'
import { listen, rawClient, writeSlowly } from '../helpers/raw-client.ts'

const MIB = 2 ** 20
const secret = '1'.repeat(40)
const keyed = { API_KEYS: `app:read:${secret}` }
const head = (line: string, headers: string, length = 8 * MIB) =>
  `${line} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: ${length}\r\n${headers}\r\n`

t.test('the answer does not wait for the body', async t => {
  const port = await listen((await buildLight(t, keyed)).app)
  const json = 'content-type: application/json\r\n'
  for (const [line, headers, status] of [
    ['POST /', json, 404],
    ['POST /nowhere', json, 404],
    ['POST /nowhere', 'content-type: text/plain\r\n', 404],
    ['POST /api/nowhere', 'content-type: multipart/form-data; boundary=b\r\n', 404],
    ['POST /api/verify', json, 401],
    ['POST /api/verify', `${json}x-api-key: ${secret}\r\n`, 403],
    ['DELETE /api/users/ana', `${json}x-api-key: ${secret}\r\n`, 403],
    ['GET /api/users', `${json}x-api-key: ${secret}\r\n`, 200]
  ] as const) {
    const client = await rawClient(port, head(line, headers))
    t.equal((await client.answer()).status, status, `${line} ${headers}`)
    client.socket.destroy()
  }
})

t.test('deeply nested JSON keeps nobody waiting, and leaves no memory behind', async t => {
  const port = await listen((await buildLight(t, keyed)).app)
  const health = async () => t.equal((await fetch(`http://127.0.0.1:${port}/api/health`)).status, 200)
  await health()
  const before = process.memoryUsage().rss
  const piece = Buffer.alloc(MIB, '[')
  const flood = Promise.all(Array.from({ length: 8 }, async () => {
    const client = await rawClient(port, head('POST /nowhere', 'content-type: application/json\r\n'))
    await writeSlowly(client, 8 * MIB, piece)
    const { status } = await client.answer()
    client.socket.destroy()
    return status
  }))
  let slowest = 0
  const over = new AbortController()
  flood.finally(() => over.abort())
  while (!over.signal.aborted) {
    const start = performance.now()
    await health()
    slowest = Math.max(slowest, performance.now() - start)
    await sleep(5)
  }
  t.same(await flood, Array.from({ length: 8 }, () => 404))
  t.ok(slowest < 1500, `health took ${Math.round(slowest)} ms at most`)
  t.ok(process.memoryUsage().rss - before < 128 * MIB, 'eight bodies of 8 MiB, parsed, are half a gigabyte')
})
