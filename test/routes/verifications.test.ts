import t from 'tap'
import { send, signup, verify } from '../helpers/app.ts'
import { buildLight } from '../helpers/light-app.ts'

t.test('past verifications are listed, filtered and shown', async t => {
  const { app } = await buildLight(t)
  for (const name of ['ana', 'ben']) await signup(app, name, Buffer.from(name))
  const ids: string[] = []
  for (const [index, name] of ['ana', 'ben', 'ana', 'ana'].entries()) {
    ids.unshift((await verify(app, name, index === 2 ? 'feeding' : 'waste', Buffer.from(`proof ${index}`))).json().id)
  }
  const list = async (query: Record<string, string>) => (await app.inject({ url: '/api/verifications', query })).json()
  const idsOf = async (query: Record<string, string>) =>
    (await list(query)).verifications.map(({ id }: { id: string }) => id)

  // Within one millisecond the order is by id.
  t.strictSame(new Set(await idsOf({})), new Set(ids))
  t.strictSame(await idsOf({ user: ' ben ' }), [ids[2]])
  t.strictSame(await idsOf({ status: 'rejected' }), [ids[1]])
  t.strictSame(await idsOf({ task: 'feeding', user: 'ana' }), [ids[1]])
  t.strictSame(await idsOf({ to: '2020-01-01T00:00:00+02:00' }), [])
  t.equal((await idsOf({ from: '2020-01-01T00:00:00Z' })).length, 4)
  t.strictSame(await idsOf({ user: 'nobody' }), [])

  const seen: string[] = []
  let cursor: string | null = null
  do {
    const page: { verifications: { id: string }[]; next: string | null } = await list({
      limit: '3',
      ...(cursor !== null && { cursor })
    })
    seen.push(...page.verifications.map(({ id }) => id))
    cursor = page.next
  } while (cursor !== null)
  t.equal(seen.length, 4)
  t.strictSame(new Set(seen), new Set(ids))

  t.match((await app.inject(`/api/verifications/${ids[1]}`)).json(), {
    id: ids[1],
    user: 'ana',
    task: 'feeding',
    status: 'rejected',
    reasons: ['task_not_shown'],
    similarity: 1,
    liveness_score: 0.97,
    photo: /^[0-9a-f]{64}$/,
    models: Array,
    evidence: {
      photo: { width: 200, height: 200, turned: 0 },
      face: { box: [10, 10, 110, 110], outcome: 'passed', similarity: 1 },
      detections: []
    },
    key: null,
    timestamp: /Z$/,
    requestId: String
  })
  t.match((await app.inject('/api/users/ana/export')).json().verifications[0].evidence.photo, { width: 200 })
  await app.inject({ method: 'DELETE', url: '/api/users/ana' })
  t.match((await app.inject(`/api/verifications/${ids[1]}`)).json(), {
    id: ids[1],
    user: null,
    photo: null,
    similarity: 1
  })
  t.notOk('evidence' in (await app.inject(`/api/verifications/${ids[1]}`)).json(), 'erased with the user')
  t.strictSame(await idsOf({ user: 'ana' }), [])
})

t.test('evidence is a hint: whoever may not see scores gets none of it', async t => {
  const secret = 'k'.repeat(40)
  const headers = { 'x-api-key': secret }
  const { app } = await buildLight(t, { API_KEYS: `desk:enrol+verify+read:${secret}`, EXPOSE_SCORES: 'false' })
  await send(app, '/api/signup', [['username', 'ana'], ['images', { bytes: Buffer.from('ana') }]], headers)
  await send(app, '/api/verify', [
    ['username', 'ana'], ['task', 'waste'], ['file', { bytes: Buffer.from('proof') }]
  ], headers)
  const { verifications } = (await app.inject({ url: '/api/verifications', headers })).json()
  t.equal(verifications.length, 1)
  t.notOk('evidence' in verifications[0])
})

t.test('what cannot be asked is refused with the field', async t => {
  const { app } = await buildLight(t)
  for (const [name, value] of [
    ['limit', '0'],
    ['limit', '201'],
    ['status', 'maybe'],
    ['from', 'yesterday'],
    ['to', '2026-13-01T00:00:00Z'],
    ['cursor', 'xx'],
    ['cursor', Buffer.from("2026-01-01T00:00:00.000Z ' OR 1=1").toString('base64url')],
    ['user', '']
  ] as const) {
    const answer = await app.inject({ url: '/api/verifications', query: { [name]: value } })
    t.match(answer.json(), { code: 400, error: /invalid/, message: new RegExp(name) }, `${name}=${value}`)
  }
  t.match((await app.inject('/api/verifications/none')).json(), { code: 404, error: 'not_found' })
  t.equal((await app.inject(`/api/verifications/${"'".repeat(10)}`)).statusCode, 404)
})

interface Parameter {
  in: string
  name: string
  schema: { type?: string, maximum?: number }
}

t.test('a number without end is refused wherever a number is taken', async t => {
  const { app } = await buildLight(t, { IDENTIFY: 'true', DEBUG_ROUTES: 'true' })
  const { paths } = (await app.inject('/api/openapi.json')).json() as {
    paths: Record<string, { get?: { parameters?: Parameter[] } }>
  }
  const numbers = Object.entries(paths).flatMap(([path, { get }]) =>
    (get?.parameters ?? []).flatMap(({ name, in: where, schema: { type, maximum } }) =>
      where === 'query' && (type === 'integer' || type === 'number') ? [{ path, name, maximum }] : []))
  t.ok(numbers.length >= 3, 'users, verifications and reviews')
  for (const { path, name, maximum } of numbers) {
    t.ok(maximum !== undefined, `${path} ${name} has an end`)
    for (const value of ['1e999', '-1e999', 'NaN']) {
      const { statusCode } = await app.inject(`${path}?${name}=${value}`)
      t.equal(statusCode, 400, `${path} ${name}=${value}`)
    }
  }
})
