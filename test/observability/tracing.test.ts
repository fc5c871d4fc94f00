import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { registerHooks } from 'node:module'
import { connect, createServer, type AddressInfo } from 'node:net'
import { pino } from 'pino'
import t from 'tap'
import { build, send, signup, verify } from '../helpers/app.ts'
import { buildLight, seeing } from '../helpers/light-app.ts'
import { portrait } from '../helpers/photos.ts'
import { encodeForm, startServer } from '../helpers/server.ts'
import { attributesOf, startCollector } from '../helpers/trace-collector.ts'

const SERVER = 2
const ERROR = 2
const photo = Buffer.from('a photo')

const loaded: string[] = []
registerHooks({
  resolve (specifier, context, next) {
    loaded.push(specifier)
    return next(specifier, context)
  }
})
const tracingLoaded = () => loaded.some(specifier => specifier.startsWith('@opentelemetry/sdk-trace'))

/** A logger and what it wrote. */
function recorder () {
  const lines: Record<string, unknown>[] = []
  return { lines, logger: pino({ level: 'info' }, { write: (line: string) => { lines.push(JSON.parse(line)) } }) }
}

t.test('off unless configured: nothing of it is loaded, no line has a trace', async t => {
  const { lines, logger } = recorder()
  const { app } = await buildLight(t, {}, () => seeing(), logger)
  await signup(app, 'anna', photo)
  t.notOk(tracingLoaded())
  t.notMatch(JSON.stringify(lines), /traceId/)

  await buildLight(t, { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' })
  t.ok(tracingLoaded(), 'this test would notice')
})

t.test('a verification is a span with its stages as children, in the trace of its caller', async t => {
  const collector = await startCollector(t)
  const { app } = await build(t, { OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint, TEST_PAGE: 'false' })
  await signup(app, 'anna', await portrait('anna1'))
  const caller = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7' }
  const answer = await send(
    app,
    '/api/verify?secret=anna',
    [
      ['username', 'anna'],
      ['task', 'waste'],
      ['file', { bytes: await portrait('anna3') }]
    ],
    {
      traceparent: `00-${caller.traceId}-${caller.spanId}-01`,
      'user-agent': "anna's telephone"
    }
  )
  t.equal(answer.statusCode, 200)
  await app.inject('/api/health')
  await app.inject('/api/users/anna')
  await app.inject('/api/anna')
  await app.close()

  const spans = collector.spans()
  const requests = spans.filter(({ kind }) => kind === SERVER)
  t.strictSame(
    requests.map(({ name }) => name),
    ['POST /api/signup', 'POST /api/verify', 'GET /api/users/:username', 'GET'],
    'one a request, none for the probe'
  )
  const verification = requests[1]!
  t.match(verification, { traceId: caller.traceId, parentSpanId: caller.spanId })
  t.match(attributesOf(verification), {
    'http.request.method': 'POST',
    'http.route': '/api/verify',
    'url.path': '/api/verify',
    'url.scheme': 'http',
    'http.response.status_code': 200
  })
  t.equal(new Set(requests.map(({ traceId }) => traceId)).size, 4, 'the others begin traces of their own')

  const stages = spans.filter(({ parentSpanId }) => parentSpanId === verification.spanId)
  t.strictSame([...new Set(stages.map(({ name }) => name))].sort(), [
    'decode',
    'faces',
    'liveness',
    'objects',
    'queue',
    'store',
    'upload'
  ])
  for (const { name, traceId, startTimeUnixNano, endTimeUnixNano } of stages) {
    t.equal(traceId, caller.traceId, name)
    t.ok(BigInt(startTimeUnixNano) >= BigInt(verification.startTimeUnixNano), `${name} begins within the request`)
    t.ok(BigInt(endTimeUnixNano) <= BigInt(verification.endTimeUnixNano), `${name} ends within the request`)
  }
  t.match(attributesOf(collector.exports[0]!.resourceSpans[0]!.resource), {
    'service.name': 'eco-connect-verification',
    'service.version': String
  })
  t.notMatch(JSON.stringify(collector.exports), /anna|secret|127\.0\.0\.1/, 'nothing that names a person')
})

t.test('the log line names the trace; a caller that does not sample sends no spans', async t => {
  const collector = await startCollector(t)
  const { lines, logger } = recorder()
  const { app } = await buildLight(t, { OTEL_EXPORTER_OTLP_ENDPOINT: `${collector.endpoint}/` }, () => seeing(), logger)
  lines.length = 0
  await signup(app, 'anna', photo)
  await app.inject({
    url: '/api/users',
    headers: { traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00' }
  })
  await app.inject({ url: '/api/tasks', headers: { traceparent: 'nonsense' } })
  await app.close()

  const requests = collector.spans().filter(({ kind }) => kind === SERVER)
  t.strictSame(requests.map(({ name }) => name), ['POST /api/signup', 'GET /api/tasks'])
  t.strictSame(lines.filter(({ msg }) => msg === 'request completed').map(({ traceId }) => traceId), [
    requests[0]!.traceId, '4bf92f3577b34da6a3ce929d0e0e4736', requests[1]!.traceId
  ])
})

t.test('failures of the service are errors, refusals are not; no request is sampled by a share of 0', async t => {
  const collector = await startCollector(t)
  const { app, services } = await buildLight(t, { OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint })
  await verify(app, 'nobody', 'waste', photo)
  services.inference.onPhoto = async () => { throw new Error('broken') }
  await signup(app, 'anna', photo)
  await app.close()
  const [refused, failed] = collector.spans().filter(({ kind }) => kind === SERVER)
  t.match(attributesOf(refused!), { 'http.response.status_code': 404 })
  t.not(refused!.status.code, ERROR)
  t.match(attributesOf(failed!), { 'http.response.status_code': 500, 'error.type': 'internal_error' })
  t.equal(failed!.status.code, ERROR)

  const before = collector.exports.length
  const unsampled = await buildLight(t, {
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint,
    OTEL_TRACES_SAMPLER_ARG: '0'
  })
  await signup(unsampled.app, 'anna', photo)
  await unsampled.app.close()
  t.equal(collector.exports.length, before)
})

t.test('a client that has gone is marked as such', async t => {
  const collector = await startCollector(t)
  const { app } = await buildLight(t, { OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint })
  const address = new URL(await app.listen({ host: '127.0.0.1', port: 0 }))
  const arrived = once(app.server, 'request') as Promise<[IncomingMessage, ServerResponse]>
  const socket = connect(Number(address.port), '127.0.0.1')
  socket.write(
    'POST /api/signup HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: multipart/form-data; boundary=x\r\ncontent-length: 1000\r\n\r\n--x'
  )
  const [, response] = await arrived
  socket.destroy()
  await once(response, 'close')
  await app.close()
  const gone = collector.spans().find(({ kind }) => kind === SERVER)!
  t.equal(gone.status.code, ERROR)
  t.match(attributesOf(gone), { 'error.type': 'client_gone' })
})

t.test('a collector that cannot be reached is one warning, and disturbs no request', async t => {
  process.env.OTEL_EXPORTER_OTLP_TIMEOUT = '500'
  t.teardown(() => { delete process.env.OTEL_EXPORTER_OTLP_TIMEOUT })
  const free = createServer().listen(0, '127.0.0.1')
  await once(free, 'listening')
  const { port } = free.address() as AddressInfo
  free.close()
  const { lines, logger } = recorder()
  const { app } = await buildLight(
    t,
    { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}` },
    () => seeing(),
    logger
  )
  for (let i = 0; i < 3; i++) t.equal((await signup(app, `anna${i}`, photo)).statusCode, 200)
  await app.close()
  t.equal(lines.filter(({ msg }) => /^the trace collector/.test(String(msg))).length, 1)
})

t.test('a collector that never answers does not hold up the exit', async t => {
  const silent = createServer(socket => { socket.on('error', () => {}).resume() }).listen(0, '127.0.0.1')
  await once(silent, 'listening')
  t.teardown(() => silent.close())
  const { port } = silent.address() as AddressInfo
  const server = await startServer(t, {
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
    SHUTDOWN_TIMEOUT: '10'
  })
  const { body, contentType } = await encodeForm([['username', 'anna'], ['images', await portrait('anna1')]])
  const answer = await fetch(`${server.url}/api/signup`, {
    method: 'POST',
    body: new Uint8Array(body),
    headers: { 'content-type': contentType, connection: 'close' }
  })
  t.equal(answer.status, 200)
  t.equal(await server.stop('SIGTERM'), 0, 'within SHUTDOWN_TIMEOUT, or else the status would be 1')
  t.ok(server.log.some(({ msg }) => /did not take the last traces in time/.test(String(msg))))
})

t.test('an endpoint that is no address stops the start, without printing it', async t => {
  for (const endpoint of ['localhost:4318', 'grpc://secret@collector:4317', 'collector']) {
    await t.rejects(
      buildLight(t, { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint }),
      {
        name: 'ConfigError',
        message: /^OTEL_EXPORTER_OTLP_ENDPOINT is expected to be an http\(s\) address, like http:\/\/localhost:4318/
      },
      endpoint
    )
  }
})
