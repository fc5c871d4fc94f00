import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { send, signup, verify } from '../helpers/app.ts'
import { face } from '../helpers/faces.ts'
import { buildLight, embeddingAt, seeing } from '../helpers/light-app.ts'
import { temporaryFolder } from '../helpers/temporary-folder.ts'

/** Photos are words that name the angle of the face on them, in degrees. */
const look = (bytes: Uint8Array) =>
  seeing({
    faces: [
      face({
        embedding: embeddingAt((parseFloat(Buffer.from(bytes).toString()) * Math.PI) / 180),
        box: [10, 10, 110, 110]
      })
    ]
  })
const photo = (words: string) => Buffer.from(words)

t.test('one added shot is removed, with its photo; those of the first enrolment stay', async t => {
  const DATA_DIR = temporaryFolder(t)
  const { app, services: { store } } = await buildLight(t, { DATA_DIR, KEEP_PHOTOS: 'all' }, look)
  const shots = async () => (await app.inject('/api/users/ana')).json().shotList
  const remove = (id: string) => app.inject({ method: 'DELETE', url: `/api/users/ana/shots/${id}` })
  await signup(app, 'ana', photo('0 first'), photo('5 second'))
  await new Promise(resolve => setTimeout(resolve, 5))
  await signup(app, 'ana', photo('20 third'))

  const list = await shots()
  t.match(list, [true, true, false].map(anchor => ({ anchor, id: /^[0-9a-f]{64}$/, createdAt: String })))
  t.ok(Math.abs(list[2].agreement - Math.cos(15 * Math.PI / 180)) < 1e-6, 'to the nearest other shot')

  const anchor = await remove(list[0].id)
  t.equal(anchor.statusCode, 409)
  t.match(anchor.json(), { error: 'anchor_shot' })
  t.equal((await remove('0'.repeat(64))).json().error, 'not_found')
  t.equal(
    (await app.inject({ method: 'DELETE', url: `/api/users/ben/shots/${list[2].id}` })).json().error,
    'user_not_found'
  )

  t.match((await remove(list[2].id)).json(), { status: 'removed', user: 'ana', shots: 2 })
  t.same((await shots()).map(({ id }: { id: string }) => id), [list[0].id, list[1].id])
  t.equal((await readdir(join(DATA_DIR, 'photos'))).length, 2, 'the photo of the removed shot is gone')
  t.equal(
    (await signup(app, 'ana', photo('90 stranger'))).json().error,
    'identity_conflict',
    'the anchor still says whose template it is'
  )
  const last = (await store.readAudit({ after: 0, limit: 99 })).findLast(({ details }) => details.includes('"remove"'))
  t.match(last, { event: 'signup', username: 'ana' })
})

t.test('reports other users with the same face, and names them only for identification', async t => {
  const secrets = { read: 'r'.repeat(40), identify: 'i'.repeat(40), enrol: 'e'.repeat(40) }
  const API_KEYS = `desk:read:${secrets.read},finder:read+identify:${secrets.identify},phone:admin:${secrets.enrol}`
  const { app } = await buildLight(t, { API_KEYS, IDENTIFY: 'true' }, look)
  const enrolling = { 'x-api-key': secrets.enrol }
  for (const [name, words] of [
    ['ana', '0 one'],
    ['anna', '1 two'],
    ['ben', '90 three']
  ] as const) {
    await send(
      app,
      '/api/signup',
      [
        ['username', name],
        ['images', { bytes: photo(words) }]
      ],
      enrolling
    )
  }
  const ask = async (name: string, secret: string) =>
    (await app.inject({ url: `/api/users/${name}`, headers: { 'x-api-key': secret } })).json()
  t.match(await ask('ana', secrets.read), { possible_duplicates: 1, duplicates: undefined })
  t.match(await ask('ana', secrets.identify), { possible_duplicates: 1, duplicates: ['anna'] })
  t.match(await ask('ben', secrets.read), { possible_duplicates: 0 })
})

t.test('a record links to its kept proof', async t => {
  const { app } = await buildLight(t, { KEEP_PHOTOS: 'proofs', REPLAY_CHECK: 'none' }, look)
  await signup(app, 'ana', photo('0 first'))
  const { id } = (await verify(app, 'ana', 'waste', photo('1 proof'))).json()
  const { verifications: [record] } = (await app.inject('/api/verifications')).json()
  t.match(record, { id, photo_url: /^\/api\/users\/ana\/photos\/[0-9a-f]{32}$/ })
  t.equal((await app.inject(record.photo_url)).body, '1 proof')
  t.match((await app.inject(`/api/verifications/${id}`)).json(), { photo_url: record.photo_url })
})
