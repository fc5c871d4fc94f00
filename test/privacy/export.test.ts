import t from 'tap'
import { exportJson, exportLines, exportParts } from '../../src/privacy/export.ts'
import { buildLight } from '../helpers/light-app.ts'
import { deferredIdOf, deferredOf, enrolmentOf, entryOf, lockRequestOf, verificationOf } from '../storage/samples.ts'

/** More than a page. */
const COUNT = 230

t.test('an export of many pages holds every row once, as JSON and line by line', async t => {
  const { app, services: { store } } = await buildLight(t)
  store.leaseDeferred = async () => []
  const now = new Date().toISOString()
  await store.saveUser('ana', () => ({ ...enrolmentOf('ana'), audit: entryOf('signup', 'ana') }))
  await store.saveUser('ben', () => enrolmentOf('ben'))
  for (let i = 0; i < COUNT; i++) {
    // All at one moment: the id alone tells them apart.
    await store.recordVerification(verificationOf(`v${i}`, i === 7 ? 'ben' : 'ana'), {
      audit: entryOf('verify', 'ana')
    })
    await store.addPhoto({
      name: `${i}`.padStart(32, '0'),
      username: 'ana',
      kind: 'proof',
      sha256: 'e'.repeat(64),
      verification: null,
      createdAt: '2026-01-02T00:00:00.000Z'
    })
  }
  for (let i = 0; i < 25; i++) {
    await store.addDeferred({ ...deferredOf(i), createdAt: now }, 100)
    await store.acquireIdempotencyLock({ ...lockRequestOf(`${i}`), username: 'ana', now })
  }
  const answer = await app.inject('/api/users/ana/export')
  t.match(answer.headers['content-type'], /^application\/json/)
  const { user, verifications, photos, jobs, answers, challenges, audit } = answer.json()
  t.match(user, { username: 'ana', shots: [{ embedding: Array }, {}, {}] })
  t.equal(new Set(verifications.map(({ id }: { id: string }) => id)).size, COUNT - 1)
  t.equal(verifications.length, COUNT - 1)
  t.same(photos.map(({ name }: { name: string }) => Number(name)), Array.from({ length: COUNT }, (_, i) => i))
  t.same(jobs.map(({ id }: { id: string }) => id).sort(), Array.from({ length: 25 }, (_, i) => deferredIdOf(i)))
  t.equal(answers.length, 25)
  t.same(challenges, [])
  // The export itself is a row as well.
  t.same(audit.map(({ event }: { event: string }) => event), ['signup', ...Array(COUNT).fill('verify'), 'export'])

  const lines = await app.inject({ url: '/api/users/ana/export', headers: { accept: 'application/x-ndjson' } })
  t.match(lines.headers['content-type'], /^application\/x-ndjson/)
  const rows = lines.body.trimEnd().split('\n').map(line => JSON.parse(line))
  t.same(rows[0], { user })
  t.same(rows.filter(row => 'verifications' in row).map(row => row.verifications), verifications)
  t.same(rows.filter(row => 'photos' in row).map(row => row.photos), photos)
  t.equal(rows.filter(row => 'audit' in row).length, audit.length + 1)
})

t.test('an export is read as it is sent, and no further', async t => {
  const { services: { store } } = await buildLight(t)
  await store.saveUser('ana', () => enrolmentOf('ana'))
  for (let i = 0; i < COUNT; i++) await store.recordVerification(verificationOf(`v${i}`, 'ana'))
  let pages = 0
  const counted = {
    ...store,
    listVerifications: (...args: Parameters<typeof store.listVerifications>) => {
      pages++
      return store.listVerifications(...args)
    }
  }
  for await (const piece of exportLines({}, exportParts(counted as typeof store, 'ana', true))) {
    if (piece.includes('verifications')) break
  }
  t.equal(pages, 1)
})

t.test('nothing but a user is an object of empty lists', async t => {
  const pieces = await Array.fromAsync(exportJson({ username: 'ana' }, (async function * () {})()))
  t.same(JSON.parse(pieces.join('')), {
    user: { username: 'ana' },
    verifications: [],
    photos: [],
    jobs: [],
    answers: [],
    challenges: [],
    reviews: [],
    failures: [],
    audit: []
  })
})
