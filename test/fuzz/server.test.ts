/**
 * Hostile requests against a running server: nothing but 2xx, 304, 4xx and 503 comes back, and afterwards the server
 * judges as before.
 */
import { once } from 'node:events'
import { Agent, request as httpRequest } from 'node:http'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { drawing, portrait } from '../helpers/photos.ts'
import { startServer } from '../helpers/server.ts'
import { form, type HostileRequest, hostileBytes, hostileRequests, part } from './mutations.ts'
import { bombs } from './photos.ts'

const REQUESTS = 5000
const SEED = 20_240_229

const acceptable = (status: number) =>
  (status >= 200 && status < 300) || status === 304 || (status >= 400 && status < 500) || status === 503

/** Unlike events.once, an error on the way is no failure. */
function closed (socket: Socket): Promise<void> {
  return new Promise(resolve => { socket.once('close', () => resolve()) })
}

t.test('a server under hostile requests', async t => {
  const server = await startServer(t, {
    QUEUE_MAX: '16',
    UPLOAD_TIMEOUT: '3',
    MAX_PHOTO_MEGAPIXELS: '50',
    REVIEW: 'uncertain',
    IDENTIFY: 'true',
    TEACHING: 'true'
  })
  const agent = new Agent({ keepAlive: true, maxSockets: 8 })
  t.teardown(() => agent.destroy())

  /** Status of the answer; null when the server cut the connection, which is an answer to nonsense as well. */
  const send = ({ method, path, headers, body }: Omit<HostileRequest, 'what'>, own: Agent | false = agent) =>
    new Promise<number | null>((resolve, reject) => {
      try {
        const sent = httpRequest(
          {
            agent: own,
            port: server.port,
            method,
            path,
            headers: { ...headers, ...(!('transfer-encoding' in headers) && { 'content-length': String(body.length) }) }
          },
          answer => {
            answer
              .resume()
              .on('end', () => resolve(answer.statusCode!))
              .on('error', () => resolve(null))
          }
        )
        sent
          .on('error', () => resolve(null))
          .on('upgrade', (_answer, socket) => {
            socket.destroy()
            resolve(null)
          })
        sent.end(body)
      } catch (error) {
        // Node's client refuses to send some of the nonsense.
        if (error instanceof TypeError) resolve(null)
        else reject(error)
      }
    })
  const upload = (path: string, photo: Buffer, own?: Agent | false) =>
    send(
      {
        method: 'POST',
        path,
        headers: { 'content-type': 'multipart/form-data; boundary=fuzz' },
        body: form(
          part('username', 'keeper'),
          part('task', 'waste'),
          part(path.endsWith('verify') ? 'file' : 'images', photo, 'a.jpg')
        )
      },
      own
    )
  const anna = await portrait('anna1')
  t.equal(await upload('/api/signup', anna), 200)

  t.test(`${REQUESTS} mutated requests`, async t => {
    const source = hostileRequests(SEED, (await drawing('jpeg', { width: 32, height: 32 })))
    const found: string[] = []
    const seen = new Map<number | null, number>()
    let left = REQUESTS
    await Promise.all(Array.from({ length: 8 }, async () => {
      while (left-- > 0) {
        const request = source.next().value as HostileRequest
        const status = await send(request)
        seen.set(status, (seen.get(status) ?? 0) + 1)
        if (status !== null && !acceptable(status)) {
          found.push(
            `${request.what}: ${status} for ${request.method} ${request.path} ${JSON.stringify(request.headers)} ${request.body.subarray(0, 300).toString('latin1')}`
          )
        }
      }
    }))
    t.strictSame(found, [])
    t.comment([...seen].map(([status, count]) => `${status}: ${count}`).join(', '))
    t.ok((seen.get(null) ?? 0) < REQUESTS / 4, 'most got an answer')
    t.ok((seen.get(503) ?? 0) < REQUESTS / 4, 'few were refused for want of a slot')
  })

  t.test('bytes that are no HTTP', async t => {
    const found: string[] = []
    await Promise.all(hostileBytes(SEED).map(async (bytes, i) => {
      await sleep(i * 5)
      const socket = connect(server.port, '127.0.0.1').on('error', () => {})
      const chunks: Buffer[] = []
      socket.on('data', chunk => chunks.push(chunk))
      socket.end(bytes)
      await closed(socket)
      const [, status] = /^HTTP\/1\.1 (\d+)/.exec(Buffer.concat(chunks).toString('latin1')) ?? []
      if (status !== undefined && !acceptable(Number(status))) {
        found.push(`${status} for ${bytes.subarray(0, 300).toString('latin1')}`)
      }
    }))
    t.strictSame(found, [])
  })

  t.test('photos that are small to send and dear to open', async t => {
    for (const [name, photo] of Object.entries(await bombs())) {
      for (const path of ['/api/signup', '/api/verify']) {
        const status = await upload(path, photo, false)
        t.ok(status !== null && acceptable(status), `${name}, ${path}: ${status}`)
      }
    }
  })

  t.test('200 half uploads, 50 slow ones and 200 at once', async t => {
    const head =
      'POST /api/signup HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: multipart/form-data; boundary=fuzz\r\ncontent-length: 1000000\r\n\r\n--fuzz\r\n'
    await Promise.all(Array.from({ length: 200 }, async (_, i) => {
      const socket = connect(server.port, '127.0.0.1').on('error', () => {})
      await once(socket, 'connect')
      socket.write(head)
      await sleep(i)
      socket.destroy()
    }))
    const slow = Array.from({ length: 50 }, () => {
      const socket = connect(server.port, '127.0.0.1').on('error', () => {}).resume()
      socket.write(head)
      const drip = setInterval(() => socket.write('x'), 100)
      socket.once('close', () => clearInterval(drip))
      return closed(socket)
    })
    await Promise.all(slow)

    const statuses = await Promise.all(Array.from({ length: 200 }, () => upload('/api/verify', anna, false)))
    t.strictSame(statuses.filter(status => status === null || !acceptable(status)), [])
    t.ok(
      statuses.filter(status => status === 200).length >= 12,
      `at least one client's share of the queue was served: ${statuses.filter(status => status === 200).length} of 200`
    )
  })

  t.test('afterwards the server lives and judges as before', async t => {
    t.equal(server.process.exitCode, null)
    t.equal(await upload('/api/verify', anna, false), 200)
    const ready = (await (await fetch(`${server.url}/api/ready`)).json()) as {
      ready: boolean
      queue: { active: number; failed: number }
    }
    t.match(ready, { ready: true, queue: { active: 0, failed: 0 } })
    t.strictSame(server.log.filter(({ level }) => Number(level) >= 50), [], 'nothing was an error of the service')
    t.equal(({} as Record<string, unknown>).isAdmin, undefined)
  })
})
