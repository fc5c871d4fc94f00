import t from 'tap'
import { build } from '../helpers/app.ts'

t.test('health, readiness and tasks show what is in use', async t => {
  const { app, services } = await build(t)

  const health = await app.inject('/api/health')
  t.equal(health.statusCode, 200)
  t.match(health.json(), { ok: true, version: String, uptime: Number })

  const ready = (await app.inject('/api/ready')).json()
  t.match(ready, {
    ready: true,
    provider: String,
    store: { kind: 'sqlite', ok: true },
    queue: { workers: 1, active: 0, waiting: 0 },
    problems: []
  })
  t.strictSame(
    ready.models.map(({ role }: { role: string }) => role),
    ['face-detector', 'face-landmarks', 'face-embedder', 'liveness', 'object-detector']
  )
  t.ok(
    ready.models.every(
      (model: { licence: string; sha256: string }) => model.licence !== '' && /^[0-9a-f]{64}$/.test(model.sha256)
    )
  )

  const { tasks } = (await app.inject('/api/tasks')).json()
  t.strictSame(
    tasks.map(({ name, available }: { name: string; available: boolean }) => [name, available]),
    [
      ['planting', true],
      ['waste', true],
      ['feeding', true]
    ]
  )

  services.store.check = async () => { throw new Error('gone') }
  const unready = await app.inject('/api/ready')
  t.equal(unready.statusCode, 503)
  t.match(unready.json(), { ready: false, store: { ok: false }, problems: [/store/] })
})

t.test('a request id comes back: the client\'s own when it is harmless', async t => {
  const { app } = await build(t)
  t.equal(
    (await app.inject({ url: '/api/health', headers: { 'x-request-id': 'order-17:a' } })).headers['x-request-id'],
    'order-17:a'
  )
  for (const id of ['', 'a b', 'x'.repeat(65), '{"a":1}']) {
    const { headers } = await app.inject({ url: '/api/health', headers: { 'x-request-id': id } })
    t.match(headers['x-request-id'], /^[0-9a-f-]{36}$/, JSON.stringify(id))
  }
  const lost = await app.inject('/api/nothing?x=1')
  t.equal(lost.statusCode, 404)
  t.match(lost.json(), {
    status: 'error',
    code: 404,
    error: 'not_found',
    message: /GET \/api\/nothing\b/,
    requestId: lost.headers['x-request-id']
  })
})
