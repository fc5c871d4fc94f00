import { once } from 'node:events'
import { Agent, type IncomingMessage, request as httpRequest } from 'node:http'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { samplePhoto } from '../helpers/photos.ts'
import { encodeForm, type RunningServer, startServer } from '../helpers/server.ts'

interface Upload {
  socket: Socket
  /** Everything received so far. */
  answer: () => string
}

/** A request for /api/signup whose body stops after `sent` bytes. */
async function halfUpload (
  { port }: RunningServer,
  body: Buffer,
  contentType: string,
  sent: number,
  { headers = '', from = '127.0.0.1' } = {}
): Promise<Upload> {
  const socket = connect({ port, host: '127.0.0.1', localAddress: from })
  const chunks: Buffer[] = []
  socket.on('data', chunk => chunks.push(chunk)).on('error', () => {})
  await once(socket, 'connect')
  socket.write(
    `POST /api/signup HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: ${contentType}\r\ncontent-length: ${body.length}\r\n${headers}\r\n`
  )
  socket.write(body.subarray(0, sent))
  return { socket, answer: () => Buffer.concat(chunks).toString() }
}

async function received (socket: Socket): Promise<string> {
  return Buffer.concat(await socket.toArray()).toString()
}

/** Waits for a condition that must come true; a test that hangs would not say for what. */
async function until (condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 60_000
  while (!await condition()) {
    if (Date.now() > deadline) throw new Error(`never came true: ${condition}`)
    await sleep(10)
  }
}

async function waiting ({ url }: RunningServer): Promise<number> {
  const { queue } = await (await fetch(`${url}/api/ready`)).json() as { queue: { active: number, waiting: number } }
  return queue.active + queue.waiting
}

t.test('a full queue answers before the body is read, and serves again once a slot is free', async t => {
  const server = await startServer(t, { QUEUE_MAX: '1' })
  const { body, contentType } = await encodeForm([['username', 'anna'], ['images', await samplePhoto(1)]])
  const first = await halfUpload(server, body, contentType, 1000)
  await until(async () => await waiting(server) === 1)

  const second = await halfUpload(server, body, contentType, 0)
  await until(() => second.answer().includes('requestId'))
  t.match(
    second.answer(),
    /^HTTP\/1\.1 503 [^]*retry-after: \d+\r\n[^]*"error":"overloaded"/,
    'answered though no byte of the body was sent'
  )
  second.socket.write(body)
  t.notOk(second.socket.destroyed, 'who goes on sending is not cut off, and so can read the answer')

  first.socket.destroy()
  await until(async () => await waiting(server) === 0)
  const third = await fetch(`${server.url}/api/signup`, {
    method: 'POST',
    body: new Uint8Array(body),
    headers: { 'content-type': contentType }
  })
  t.equal(third.status, 422, 'a group photo is no enrolment photo')
  second.socket.destroy()
})

t.test('50 slow senders keep nobody else out', async t => {
  const server = await startServer(t, { QUEUE_MAX: '10', UPLOAD_TIMEOUT: '60' })
  const { body, contentType } = await encodeForm([['username', 'anna'], ['images', await samplePhoto(1)]])
  const stop = new AbortController()
  const sender = async (from: string) => {
    while (!stop.signal.aborted) {
      const { socket, answer } = await halfUpload(server, body, contentType, 1000, { from })
      // Refused clients retry.
      while (!stop.signal.aborted && !socket.destroyed && answer() === '') {
        socket.write('x')
        await sleep(50)
      }
      socket.destroy()
      await sleep(50)
    }
  }
  const uploading = async () =>
    ((await (await fetch(`${server.url}/api/ready`)).json()) as { queue: { uploading: number } }).queue.uploading
  const senders = Array.from({ length: 50 }, (_, i) => sender(`127.0.1.${i % 2 + 1}`))
  await until(async () => await uploading() >= 10)
  await until(async () => await waiting(server) < 10)
  const honest = async () => {
    const { socket, answer } = await halfUpload(server, body, contentType, body.length, { from: '127.0.2.1' })
    await until(() => answer().includes('requestId'))
    socket.destroy()
    return answer().slice(0, 12)
  }
  const answers = []
  for (let i = 0; i < 10; i++) answers.push(await honest())
  t.same(answers.filter(line => line === 'HTTP/1.1 422').length, 10, `a group photo is no enrolment photo: ${answers}`)
  t.ok(await uploading() <= 20)
  stop.abort()
  await Promise.all(senders)
})

t.test('slow senders and broken requests are cut off with an error of the usual shape', async t => {
  const server = await startServer(t, { UPLOAD_TIMEOUT: '1' })
  const { body, contentType } = await encodeForm([['username', 'anna'], ['images', await samplePhoto(1)]])
  const raw = async (text: string) => {
    const socket = connect(server.port, '127.0.0.1')
    socket.on('error', () => {})
    socket.write(text)
    return received(socket)
  }

  const slow = await halfUpload(server, body, contentType, 1000)
  await once(slow.socket, 'close')
  t.match(slow.answer(), /^HTTP\/1\.1 408 [^]*"error":"upload_too_slow"/)
  t.match(
    await raw('POST /api/signup HTTP/1.1\r\nhost: 127.0.0.1\r\n'),
    /^HTTP\/1\.1 408 [^]*"error":"upload_too_slow"/,
    'headers that never end'
  )
  t.match(
    await raw(`GET /api/health HTTP/1.1\r\nhost: 127.0.0.1\r\nx-long: ${'x'.repeat(20_000)}\r\n\r\n`),
    /^HTTP\/1\.1 431 [^]*"error":"headers_too_large"/
  )
  t.match(await raw('hello\r\n\r\n'), /^HTTP\/1\.1 400 [^]*"error":"invalid_request"/)
  await until(async () => await waiting(server) === 0)
  t.equal((await fetch(`${server.url}/api/health`)).status, 200)
})

t.test('late requests get 503 and store nothing; those of clients that have gone are dropped', async t => {
  const server = await startServer(t, { REQUEST_TIMEOUT: '0.01' })
  const { body, contentType } = await encodeForm([['username', 'anna'], ['images', await samplePhoto(1)]])
  const late = await fetch(`${server.url}/api/signup`, {
    method: 'POST',
    body: new Uint8Array(body),
    headers: { 'content-type': contentType }
  })
  t.equal(late.status, 503)
  t.match(await late.json(), { error: 'timed_out', message: /nothing was stored/ })
  t.equal((await (await fetch(`${server.url}/api/users`)).json() as { total: number }).total, 0)
})

t.test('SIGTERM finishes what runs, refuses the rest, and exits with 0', async t => {
  const server = await startServer(t, { SHUTDOWN_TIMEOUT: '20' })
  const { body, contentType } = await encodeForm([['username', 'anna'], ['images', await samplePhoto(1)]])
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  t.teardown(() => agent.destroy())

  const running = httpRequest({
    agent,
    port: server.port,
    path: '/api/signup',
    method: 'POST',
    headers: { 'content-type': contentType, 'content-length': body.length }
  })
  running.write(body.subarray(0, 1000))
  await until(async () => await waiting(server) === 1)
  const probe = connect(server.port, '127.0.0.1')
  probe.write('GET /api/ready HTTP/1.1\r\nhost: 127.0.0.1\r\n')
  const late = connect(server.port, '127.0.0.1')
  late.write('POST /api/verify HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 9\r\n')
  await until(async () => await waiting(server) === 1)

  const exit = server.stop('SIGTERM')
  await until(() => server.log.some(({ msg }) => /^SIGTERM/.test(String(msg))))
  await t.rejects(fetch(`${server.url}/api/health`), 'nobody new gets in')
  probe.write('\r\n')
  t.match(await received(probe), /^HTTP\/1\.1 503 [^]*connection: close[^]*The service is shutting down/i)
  late.write('\r\n')
  t.match(await received(late), /^HTTP\/1\.1 503 [^]*"error":"shutting_down"/)

  const answered = once(running, 'response') as Promise<[IncomingMessage]>
  running.end(body.subarray(1000))
  const [answer] = await answered
  t.equal(answer.statusCode, 422, 'judged to the end')
  t.equal(answer.headers.connection, 'close')
  answer.resume()
  t.equal(await exit, 0)
})

t.test('a second signal, or the end of SHUTDOWN_TIMEOUT, quits at once', async t => {
  const { body, contentType } = await encodeForm([['username', 'anna'], ['images', await samplePhoto(1)]])
  for (const [settings, again] of [[{}, true], [{ SHUTDOWN_TIMEOUT: '0.1' }, false]] as const) {
    const server = await startServer(t, settings)
    await halfUpload(server, body, contentType, 1000)
    await until(async () => await waiting(server) === 1)
    const exit = server.stop('SIGINT')
    await until(() => server.log.some(({ msg }) => /^SIGINT/.test(String(msg))))
    if (again) server.process.kill('SIGTERM')
    t.equal(await exit, 1)
  }
})
