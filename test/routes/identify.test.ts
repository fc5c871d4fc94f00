import t from 'tap'
import { embeddingContract } from '../../src/models/active-models.ts'
import { send } from '../helpers/app.ts'
import { buildLight, embeddingAt, seeing } from '../helpers/light-app.ts'
import { face } from '../helpers/faces.ts'

const secret = 's'.repeat(40)
const key = (scopes: string) => ({ API_KEYS: `app:${scopes}:${secret}` })
const authorization = { authorization: `Bearer ${secret}` }

/** The first byte of a photo is the angle of its face in hundredths. */
const look = (bytes: Uint8Array) =>
  seeing({ faces: [face({ embedding: embeddingAt(bytes[0]! / 100), box: [10, 10, 110, 110] })] })
const photo = (angle: number, more = 0) => ({ bytes: Buffer.from([angle * 100, more]) })

t.test('signup counts the users with the same face, and names them only for the scope identify', async t => {
  const { app, services } = await buildLight(t, { ...key('enrol+identify'), IDENTIFY: 'true' }, look)
  const signup = async (username: string, angle: number, more: number) =>
    (await send(app, '/api/signup', [['username', username], ['image', photo(angle, more)]], authorization)).json()
  t.match(await signup('ana', 0, 1), { status: true, possible_duplicates: 0, duplicates: [] })
  t.match(await signup('ben', 1.5, 2), { possible_duplicates: 0 })
  t.match(await signup('ana-again', 0.2, 3), { possible_duplicates: 1, duplicates: ['ana'] })
  t.match(await signup('ana', 0.1, 4), { possible_duplicates: 1, duplicates: ['ana-again'] }, 'never oneself')
  const rows = await services.store.readAudit({ after: 0, limit: 20 })
  t.match(
    rows.filter(({ event }) => event === 'signup').map(({ details }) => JSON.parse(details)),
    [{ duplicates: 0 }, { duplicates: 0 }, { duplicates: 1 }, { duplicates: 1 }]
  )
})

t.test('without the scope identify there is a count and no name', async t => {
  const { app } = await buildLight(t, key('enrol'), look)
  await send(app, '/api/signup', [['username', 'ana'], ['image', photo(0, 1)]], authorization)
  const answer = (await send(app, '/api/signup', [['username', 'eve'], ['image', photo(0.1, 2)]], authorization)).json()
  t.match(answer, { possible_duplicates: 1 })
  t.notOk('duplicates' in answer)
})

t.test('DUPLICATE_PERSON=refuse keeps one person to one account, also at the same moment, but for a twin', async t => {
  const { app, services } = await buildLight(t, { ...key('admin'), DUPLICATE_PERSON: 'refuse' }, look)
  const signup = (username: string, angle: number, more: number, fields: [string, string][] = []) =>
    send(app, '/api/signup', [['username', username], ['image', photo(angle, more)], ...fields], authorization)
  const answers = await Promise.all(['a', 'b', 'c', 'd'].map((name, index) => signup(name, index / 50, index)))
  t.same(answers.map(({ statusCode }) => statusCode).sort(), [200, 409, 409, 409])
  t.match(answers.find(({ statusCode }) => statusCode === 409)!.json(), { error: 'person_already_enrolled' })
  t.equal(await services.store.countUsers(), 1)
  const { username } = (await services.store.listUsers({ limit: 1 })).users[0]!
  t.equal((await signup(username, 0.1, 9)).statusCode, 200, 'the account itself grows')
  t.equal((await signup('twin', 0.1, 10)).statusCode, 409)
  t.equal((await signup('twin', 0.1, 10, [['twin', username]])).statusCode, 200)
})

t.test('allowing a twin needs the scope admin', async t => {
  const { app } = await buildLight(t, { ...key('enrol'), DUPLICATE_PERSON: 'refuse' }, look)
  const answer = await send(
    app,
    '/api/signup',
    [
      ['username', 'ana'],
      ['image', photo(0, 1)],
      ['twin', 'ben']
    ],
    authorization
  )
  t.match(answer.json(), { code: 403, error: 'forbidden', scope: 'admin' })
})

t.test('identify names the users of a face, the most similar first', async t => {
  const { app, services } = await buildLight(t, { ...key('admin'), IDENTIFY: 'true', DUPLICATE_PERSON: 'off' }, look)
  for (const [name, angle] of [['ana', 0], ['ben', 1.4], ['eve', 0.4]] as const) {
    await send(app, '/api/signup', [['username', name], ['image', photo(angle, 1)]], authorization)
  }
  const answer = await send(app, '/api/identify', [['file', photo(0.1, 9)]], authorization)
  t.match(answer.json(), {
    faces: [
      {
        box: [10, 10, 110, 110],
        users: [
          { user: 'ana', similarity: 0.995 },
          { user: 'eve', similarity: 0.9553 }
        ]
      }
    ]
  })
  t.same((await send(app, '/api/identify', [['file', photo(2.5, 9)]], authorization)).json().faces[0].users, [])
  const rows = await services.store.readAudit({ after: 0, limit: 20 })
  t.match(
    rows.filter(({ event }) => event === 'identify').map(({ details }) => JSON.parse(details)),
    [
      { faces: 1, users: 2 },
      { faces: 1, users: 0 }
    ]
  )
  await services.store.deleteUser('ana', {
    event: 'delete',
    requestId: 'r',
    key: null,
    username: null,
    photos: [],
    consent: null,
    details: {}
  })
  t.same(
    (await send(app, '/api/identify', [['file', photo(0.1, 9)]], authorization))
      .json()
      .faces[0].users.map(({ user }: { user: string }) => user),
    ['eve'],
    'an erased user is found no more'
  )
})

t.test('identify is not there by default, and demands its scope', async t => {
  const closed = await buildLight(t, key('admin'), look)
  t.equal((await send(closed.app, '/api/identify', [['file', photo(0)]], authorization)).statusCode, 404)
  const { app } = await buildLight(t, { ...key('enrol+verify+read'), IDENTIFY: 'true' }, look)
  t.match((await send(app, '/api/identify', [['file', photo(0)]], authorization)).json(), {
    error: 'forbidden',
    scope: 'identify'
  })
})

t.test('users of before are given a sketch', async t => {
  const { services: { people, store, models } } = await buildLight(t, {}, look)
  const contract = { model: 'other', preprocessing: 'p', dimension: 512 }
  const shot = (angle: number) => ({
    sha256: String(angle),
    embedding: embeddingAt(angle),
    createdAt: new Date().toISOString()
  })
  const own = embeddingContract(models)
  await store.saveUser('ana', () => ({ contract: own, shots: [shot(0)] }))
  await store.saveUser('old', () => ({ contract: { ...contract, dimension: own.dimension }, shots: [shot(0.1)] }))
  t.same((await people.find([embeddingAt(0)], 0.5)).people, [])
  t.equal(await people.sketchMissing(10), 2)
  t.equal(await people.sketchMissing(10), 0)
  t.match(
    (await people.find([embeddingAt(0)], 0.5)).people,
    [{ username: 'ana', similarity: 1 }],
    'not one of another embedder'
  )
})
