/** A key of one tenant neither sees, changes nor learns of anything of another one, whatever the route. */
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import t from 'tap'
import { databaseName } from '../../src/storage/sqlite/index.ts'
import { send } from '../helpers/app.ts'
import { face } from '../helpers/faces.ts'
import { buildLight, embeddingAt, seeing } from '../helpers/light-app.ts'
import { temporaryFolder } from '../helpers/temporary-folder.ts'

const [secretOfAcme, secretOfBeta, secretOfNone] = ['a', 'b', 'n'].map(letter => letter.repeat(40))
const API_KEYS = `acme/phone:admin:${secretOfAcme},beta/phone2:admin:${secretOfBeta},plain:admin:${secretOfNone}`
const acme = { 'x-api-key': secretOfAcme! }
const beta = { 'x-api-key': secretOfBeta! }
const none = { 'x-api-key': secretOfNone! }

/** The first byte of a photo is the angle of its face in hundredths. */
const look = (bytes: Uint8Array) =>
  seeing({ faces: [face({ embedding: embeddingAt(bytes[0]! / 100), box: [10, 10, 110, 110] })] })
const photo = (angle: number, more: number) => ({ bytes: Buffer.from([angle * 100, more]) })
const enrolled = photo(0.3, 1)
const proof = photo(0.31, 2)

/** Every row of every table, but for the count that a look at the readiness of all stores writes. */
function rowsIn (file: string): Record<string, unknown[]> {
  const db = new DatabaseSync(file, { readOnly: true })
  const tables = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'").all()
  const rows = Object.fromEntries(
    tables.map(({ name }) => [
      String(name),
      db
        .prepare(`SELECT * FROM "${String(name)}"`)
        .all()
        .filter(({ id }) => id !== 'check')
    ])
  )
  db.close()
  return rows
}

/** Every path that the service answers, from the tree that Fastify draws of them. */
function pathsOf (drawn: string): string[] {
  const above: string[] = []
  return drawn.split('\n').flatMap(line => {
    const [, indent = '', part, methods] = /^(.*)── (\S+)(?: \((.*)\))?$/.exec(line) ?? []
    if (part === undefined) return []
    const depth = indent.length / 4 | 0
    above.length = depth
    above.push(part)
    return methods === undefined ? [] : [above.join('')]
  })
}

t.test('every route', async t => {
  const DATA_DIR = temporaryFolder(t)
  const env = {
    DATA_DIR,
    API_KEYS,
    IDENTIFY: 'true',
    DEBUG_ROUTES: 'true',
    TEACHING: 'true',
    KEEP_PHOTOS: 'all',
    DUPLICATE_PERSON: 'refuse',
    JOB_HOURS: '24',
    REVIEW: 'uncertain'
  }
  const { app, services } = await buildLight(t, env, look)
  const ofAcme = await services.tenants.open('acme')

  // What acme has: a user with photos, records, a challenge, a kept answer and a job.
  t.equal(
    (
      await send(
        app,
        '/api/signup',
        [
          ['username', 'ana'],
          ['image', enrolled]
        ],
        { ...acme, 'idempotency-key': 'one' }
      )
    ).statusCode,
    200
  )
  const { id: verification } = (
    await send(
      app,
      '/api/verify',
      [
        ['username', 'ana'],
        ['task', 'waste'],
        ['file', proof]
      ],
      acme
    )
  ).json()
  const { id: job } = (
    await send(
      app,
      '/api/verify',
      [
        ['username', 'ana'],
        ['task', 'waste'],
        ['file', photo(0.32, 3)]
      ],
      { ...acme, prefer: 'respond-async' }
    )
  ).json()
  const { id: challenge } = (await send(app, '/api/challenges', [['username', 'ana']], acme)).json()
  while ((await ofAcme.store.findDeferred(job))?.status !== 'done' || (await ofAcme.store.listPhotos('ana')).length < 3) { await new Promise(resolve => setTimeout(resolve, 20)) }
  const { reviews: [{ id: review } = { id: '' }] } = await ofAcme.store.listReviews({}, { limit: 1 })
  const [{ name: kept } = { name: '' }] = await ofAcme.store.listPhotos('ana')
  const [{ sha256: shot } = { sha256: '' }] = (await ofAcme.store.findUser('ana'))?.shots ?? []
  const secrets = [verification, shot, job, challenge, review, kept, 'acme', 'phone"', '"ana"']
  t.ok(secrets.every(secret => secret !== undefined && secret !== ''))
  const file = join(DATA_DIR, 'tenants', 'acme', databaseName)
  const before = rowsIn(file)
  t.ok(
    before.jobs!.length === 1 &&
      before.challenges!.length === 1 &&
      before.verifications!.length === 2 &&
      before.photos!.length === 3
  )

  const get = (url: string) => () => app.inject({ url, headers: beta })
  const form =
    (url: string, parts: Parameters<typeof send>[2], headers = {}) =>
      () =>
        send(app, url, parts, { ...beta, ...headers })
  const ana: [string, string] = ['username', 'ana']
  /** For each route a call that would meet what acme has, and its answer to a tenant that has nothing. */
  const calls: Record<string, [call: () => ReturnType<typeof send>, status: number]> = {
    'GET /api/health': [get('/api/health'), 200],
    'GET /api/ready': [get('/api/ready'), 200],
    'GET /api/metrics': [get('/api/metrics'), 403],
    'GET /api/openapi.json': [get('/api/openapi.json'), 200],
    'GET /api/me': [get('/api/me'), 200],
    'GET /api/tasks': [get('/api/tasks'), 200],
    'GET /api/users': [get('/api/users'), 200],
    'GET /api/users/{username}': [get('/api/users/ana'), 404],
    'GET /api/users/{username}/export': [get('/api/users/ana/export'), 404],
    'GET /api/users/{username}/photos/{name}': [get(`/api/users/ana/photos/${kept}`), 404],
    'GET /api/verifications': [get('/api/verifications'), 200],
    'GET /api/verifications/{id}': [get(`/api/verifications/${verification}`), 404],
    'POST /api/verifications/{id}/appeal': [
      form(`/api/verifications/${verification}/appeal`, [['statement', 'mine']]),
      404
    ],
    'GET /api/reviews': [get('/api/reviews'), 200],
    'GET /api/reviews/{id}': [get(`/api/reviews/${review}`), 404],
    'GET /api/reviews/{id}/photo': [get(`/api/reviews/${review}/photo`), 404],
    'GET /api/reviews/{id}/evidence': [get(`/api/reviews/${review}/evidence`), 404],
    'POST /api/reviews/{id}': [
      () =>
        app.inject({
          method: 'POST',
          url: `/api/reviews/${review}`,
          headers: { ...beta, 'content-type': 'application/json' },
          payload: '{"decision": "approve"}'
        }),
      404
    ],
    'GET /api/jobs/{id}': [get(`/api/jobs/${job}`), 404],
    'GET /api/challenges/{id}': [get(`/api/challenges/${challenge}`), 404],
    'POST /api/challenges': [form('/api/challenges', [ana]), 404],
    'POST /api/challenges/{id}/pose': [form(`/api/challenges/${challenge}/pose`, [['frame', proof]]), 404],
    'POST /api/challenges/{id}/frames': [
      form(
        `/api/challenges/${challenge}/frames`,
        Array.from({ length: 4 }, (_, i) => ['frames', photo(0.3, i)])
      ),
      404
    ],
    'POST /api/verify': [form('/api/verify', [ana, ['task', 'waste'], ['file', proof]]), 404],
    'POST /api/hints': [form('/api/hints', [['frame', proof]]), 200],
    'POST /api/identify': [form('/api/identify', [['file', enrolled]]), 200],
    'POST /api/debug/evidence': [form('/api/debug/evidence', [['file', enrolled]]), 200],
    'GET /api/teaching': [get('/api/teaching'), 403],
    'POST /api/teaching/photos': [form('/api/teaching/photos', [['class', 'yes'], ['photos', enrolled]]), 403],
    'GET /api/teaching/photos/{id}': [get('/api/teaching/photos/0'), 403],
    'POST /api/teaching': [
      () => app.inject({ method: 'POST', url: '/api/teaching', headers: beta, payload: { task: 'waste' } }), 403
    ],
    'POST /api/teaching/keep': [() => app.inject({ method: 'POST', url: '/api/teaching/keep', headers: beta }), 403],
    'DELETE /api/teaching': [() => app.inject({ method: 'DELETE', url: '/api/teaching', headers: beta }), 403],
    'DELETE /api/users/{username}/shots/{id}': [
      () => app.inject({ method: 'DELETE', url: `/api/users/ana/shots/${shot}`, headers: beta }),
      404
    ],
    'DELETE /api/users/{username}': [() => app.inject({ method: 'DELETE', url: '/api/users/ana', headers: beta }), 404],
    // The last one: from here on beta has a person of the same name, face, photo and Idempotency-Key.
    'POST /api/signup': [form('/api/signup', [ana, ['image', enrolled]], { 'idempotency-key': 'one' }), 200]
  }

  const { paths = {} } = app.swagger() as { paths?: Record<string, object> }
  const routes = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map(method => `${method.toUpperCase()} ${path}`)
  )
  t.same(
    Object.keys(calls).sort(),
    routes.sort(),
    'a new route needs a call here that would meet the data of another tenant'
  )

  const answered = pathsOf(app.printRoutes({ commonPrefix: false }))
  const hidden = answered.filter(path => !(path.replaceAll(/:(\w+)/g, '{$1}') in paths) && path !== '*')
  t.ok(hidden.includes('/docs/json') && answered.length > hidden.length, 'routes beside those of the document are walked')
  t.same(hidden.filter(path => path.startsWith('/api/')), [], 'every route of the API is in the document')
  for (const path of hidden) {
    const { statusCode, body } = await app.inject({ url: path.replace('*', 'nothing'), headers: beta })
    t.ok(statusCode < 500, path)
    t.same(secrets.filter(secret => body.includes(secret)), [], path)
  }

  for (const [route, [call, status]] of Object.entries(calls)) {
    const { statusCode, body, headers, raw: { req } } = await call()
    t.equal(statusCode, status, route)
    t.notOk('idempotency-replayed' in headers, route)
    // What beta itself has sent is no news.
    const told = secrets.filter(
      secret =>
        body.includes(secret) && !req.url!.includes(secret) && !(secret === '"ana"' && route === 'POST /api/signup')
    )
    t.same(told, [], route)
  }
  t.same(rowsIn(file), before, 'nothing of acme has changed')

  t.match((await get('/api/users')()).json(), { total: 1 })
  t.match(
    (await form('/api/verify', [ana, ['task', 'waste'], ['file', proof]])()).json(),
    { status: 'approved' },
    'the proof is new here'
  )
  t.match(
    (await app.inject({ url: '/api/users', headers: none })).json(),
    { total: 0 },
    'a key without a tenant sees the default namespace'
  )
  t.match((await app.inject({ url: '/api/metrics', headers: none })), { statusCode: 200 })

  t.equal((await app.inject({ method: 'DELETE', url: '/api/users/ana', headers: beta })).statusCode, 200)
  t.match(
    (await app.inject({ url: '/api/users/ana/export', headers: acme })).json(),
    { user: { username: 'ana' }, audit: [{ key: 'acme/phone' }] },
    'the audit names the tenant'
  )
  t.equal((await app.inject({ url: `/api/users/ana/photos/${kept}`, headers: acme })).statusCode, 200)
})
