import t from 'tap'
import { runAudit } from '../../src/audit/audit-cli.ts'
import { send } from '../helpers/app.ts'
import { face } from '../helpers/faces.ts'
import { buildLight, embeddingAt, seeing } from '../helpers/light-app.ts'

const API_KEYS = `app:enrol+verify:${'1'.repeat(40)},boss:admin:${'a'.repeat(40)}`
const app1 = { 'x-api-key': '1'.repeat(40) }
const boss = { 'x-api-key': 'a'.repeat(40) }
const bytes = (text: string) => ({ bytes: Buffer.from(text) })

t.test('signup, verify, delete, export and key use are rows, refused or not; a flood at the gate is none', async t => {
  const {
    app,
    services: { store }
  } = await buildLight(t, { API_KEYS, RATE_LIMIT: '30' }, photo =>
    Buffer.from(photo).toString().startsWith('stranger')
      ? seeing({ faces: [face({ embedding: embeddingAt(1.5) })] })
      : seeing()
  )
  let rows = 0
  /** Some rows are written after the answer. */
  const next = async () => {
    for (;;) {
      const [row] = await store.readAudit({ after: rows, limit: 1 })
      if (row !== undefined) {
        rows++
        return { ...row, details: JSON.parse(row.details), photos: row.photos === null ? null : JSON.parse(row.photos) }
      }
      await new Promise(resolve => setImmediate(resolve))
    }
  }
  const id = { 'x-request-id': 'order-17' }

  await send(
    app,
    '/api/signup',
    [
      ['username', ' ana '],
      ['consent', 'form 7'],
      ['images', bytes('one')]
    ],
    { ...app1, ...id }
  )
  t.match(await next(), {
    seq: 1,
    event: 'signup',
    requestId: 'order-17',
    key: 'app',
    username: 'ana',
    consent: 'form 7',
    photos: [/^[0-9a-f]{64}$/],
    details: {
      mode: 'add',
      shots: 1,
      rejected: [],
      models: ['fr_detect', 'fr_landmark', 'fr_feature', 'fr_liveness', 'yolov8n']
    }
  })
  const verdict = (
    await send(
      app,
      '/api/verify',
      [
        ['username', 'ana'],
        ['task', 'waste'],
        ['file', bytes('stranger')]
      ],
      app1
    )
  ).json()
  t.match(await next(), {
    event: 'verify',
    key: 'app',
    username: 'ana',
    photos: [String],
    details: {
      verification: verdict.id,
      task: 'waste',
      status: 'rejected',
      reasons: ['face_mismatch'],
      similarity: verdict.similarity,
      livenessScore: 0.97,
      models: Array
    }
  })
  await send(app, '/api/signup', [['username', 'ana'], ['images', bytes('stranger')]], app1)
  t.match(
    await next(),
    { event: 'signup', username: 'ana', photos: [String], details: { status: 409, error: 'identity_conflict' } },
    'an attempt to take somebody else\'s name'
  )
  await send(app, '/api/verify', [['username', 'eve'], ['task', 'waste'], ['file', bytes('x')]], app1)
  t.match(
    await next(),
    { event: 'verify', username: null, photos: null, details: { status: 404, error: 'user_not_found' } },
    'nobody who is not enrolled is named'
  )
  await app.inject({ method: 'DELETE', url: '/api/users/ana', headers: app1 })
  t.match(await next(), { event: 'delete', key: 'app', username: 'ana', details: { status: 403, error: 'forbidden' } })
  await app.inject({ url: '/api/tasks', headers: app1 })
  t.match(await next(), { event: 'key_use', key: 'app', details: { method: 'GET', route: '/api/tasks', status: 200 } })
  await app.inject({ url: '/api/users/ana/export', headers: boss })
  t.match(await next(), { event: 'export', key: 'boss', username: 'ana' })
  await app.inject({ method: 'DELETE', url: '/api/users/ana', headers: boss })
  t.match(await next(), {
    event: 'delete',
    key: 'boss',
    username: null,
    details: { erased: { shots: 1, verifications: 1, audit: 5, photos: 0 } }
  })

  for (let i = 0; i < 40; i++) await app.inject({ url: '/api/tasks', headers: { 'x-api-key': `wrong ${i}` } })
  for (let i = 0; i < 40; i++) await app.inject({ url: '/api/health', headers: boss })
  await app.inject({ url: '/api/users', headers: boss })
  await app.inject({ method: 'POST', url: '/api/verify', headers: app1, payload: 'x' })
  await app.inject({ url: '/api/tasks', headers: app1 })
  t.match(await next(), { event: 'key_use', key: 'boss', details: { route: '/api/users' } })
  t.match(await next(), { event: 'key_use', key: 'app', details: { route: '/api/tasks' } })
  t.match(await runAudit(['verify'], store), { ok: true })
  t.notMatch((await runAudit(['list'], store)).output, /ana/, 'no row names an erased person')
})

t.test('a change whose row cannot be written does not happen', async t => {
  const { app, services: { store } } = await buildLight(t)
  const { saveUser } = store
  store.saveUser = (username, change) =>
    saveUser(username, current => ({
      ...change(current),
      audit: { ...change(current).audit!, requestId: null as unknown as string }
    }))
  t.equal((await send(app, '/api/signup', [['username', 'ana'], ['images', bytes('one')]])).statusCode >= 500, true)
  t.equal(await store.findUser('ana'), null)
})
