/** The lock against guessing: what cannot reset it, and what counts towards it. */
import t, { type Test } from 'tap'
import { send } from '../helpers/app.ts'
import { face } from '../helpers/faces.ts'
import { buildLight, embeddingAt, seeing } from '../helpers/light-app.ts'
import { verificationOf } from '../storage/samples.ts'
import { emptyStore, storeKinds } from '../helpers/stores.ts'

const app = { 'x-api-key': '1'.repeat(40) }
const attacker = { 'x-api-key': '2'.repeat(40) }
const admin = { 'x-api-key': 'a'.repeat(40) }
const API_KEYS = `app:enrol+verify:${'1'.repeat(40)},attacker:enrol+verify:${'2'.repeat(40)},boss:admin:${'a'.repeat(40)}`
const MAX = 4

/** The first word of a photo says what is on it. */
function look (bytes: Uint8Array) {
  const [word] = Buffer.from(bytes).toString().split(' ')
  if (word === 'stranger') return seeing({ faces: [face({ embedding: embeddingAt(1.5) })] })
  if (word === 'tiny') return seeing({ faces: [face({ embedding: embeddingAt(0), quality: { size: 20 } })] })
  if (word === 'print') return seeing({ liveness: { score: 0.01, models: [{ id: 'fr_liveness', score: 0.01 }] } })
  if (word === 'nobody') return seeing({ faces: [] })
  if (word === 'idle') return seeing({ detections: [] })
  return seeing()
}

async function built (t: Test, env: Record<string, string> = {}) {
  const { app: server, services } = await buildLight(
    t,
    { API_KEYS, FAILED_VERIFICATIONS_MAX: String(MAX), ...env },
    look
  )
  const enrol = (photos: string[], headers = attacker, more: [string, string][] = []) =>
    send(
      server,
      '/api/signup',
      [
        ['username', 'ana'],
        ...more,
        ...photos.map((photo): [string, { bytes: Buffer }] => ['images', { bytes: Buffer.from(photo) }])
      ],
      headers
    )
  const prove = (photo: string, headers = attacker) =>
    send(
      server,
      '/api/verify',
      [
        ['username', 'ana'],
        ['task', 'waste'],
        ['file', { bytes: Buffer.from(photo) }]
      ],
      headers
    )
  await enrol(['ana 1'], app)
  return { services, enrol, prove }
}

const statuses = (answers: { statusCode: number }[]) => answers.map(({ statusCode }) => statusCode)

for (const { kind, skip } of storeKinds) {
  t.test(
    `on ${kind} neither an old proof, nor the user's own approvals, nor one stamped in the future frees guesses`,
    { skip },
    async t => {
      const { services, prove } = await built(t, await emptyStore(t, kind))
      t.equal((await prove('proof 0', app)).json().status, 'approved')
      await services.store.recordVerification({
        ...verificationOf('later', 'ana'),
        status: 'approved',
        reasons: [],
        createdAt: '2099-01-01T00:00:00.000Z'
      })
      const answers = []
      for (let i = 0; i < 2 * MAX; i++) {
        answers.push(await prove(`stranger ${i}`))
        await prove('proof 0')
        await prove(`proof ${i}`, app)
      }
      t.same(statuses(answers), [...Array(MAX).fill(200), ...Array(MAX).fill(429)])
    }
  )

  t.test(
    `on ${kind} conflicts at signup count like failed verifications, photo by photo, and lock both`,
    { skip },
    async t => {
      const { enrol, prove, services } = await built(t, await emptyStore(t, kind))
      const conflict = await enrol(['stranger 1', 'ana 2', 'stranger 2'])
      t.match(conflict.json(), { code: 409, error: 'identity_conflict', rejected: [{ index: 0 }, { index: 2 }] })
      t.notMatch(JSON.stringify({ ...conflict.json(), requestId: '' }), /0\.\d|similarity/, 'no similarity is shown')
      t.equal((await services.store.countFailures('ana', 60_000)).count, 2)
      t.equal((await prove('stranger 3')).statusCode, 200)
      t.equal((await enrol(['stranger 4'])).statusCode, 409)
      const refused = await enrol(['stranger 5'])
      t.match(refused.json(), {
        code: 429,
        error: 'rate_limited',
        message: /4 attempts on the face of this user failed within 15 minutes/
      })
      t.ok(Number(refused.headers['retry-after']) > 800)
      t.same(statuses([await enrol(['ana 3']), await prove('proof 1', app)]), [429, 429], 'a match is not shown either')
      t.equal(
        (await enrol(['ana 3'], admin, [['mode', 'replace']])).statusCode,
        200,
        'an admin who replaces the template compares nothing'
      )
    }
  )

  t.test(`on ${kind} signups at the same moment answer no more conflicts than allowed`, { skip }, async t => {
    const { enrol } = await built(t, await emptyStore(t, kind))
    const answers = statuses(await Promise.all(Array.from({ length: 20 }, (_, i) => enrol([`stranger ${i}`]))))
    t.same(answers.toSorted(), [...Array(MAX).fill(409), ...Array(20 - MAX).fill(429)])
  })
}

for (const [photo, counts] of [
  ['tiny', 1],
  ['stranger', 1],
  ['print', 1],
  ['nobody', 0],
  ['idle', 0],
  ['proof', 0]
] as const) {
  t.test(
    `the answer to a ${photo} counts ${counts} times: whatever reveals something of the template, and no other`,
    async t => {
      const { prove, services } = await built(t)
      t.equal((await prove(`${photo} 1`)).statusCode, 200)
      t.equal((await services.store.countFailures('ana', 60_000)).count, counts)
    }
  )
}

t.test('photos that do not fit each other reveal nothing of a template and count for nobody', async t => {
  const { services } = await built(t)
  const { app: server } = await buildLight(t, { API_KEYS, DATA_DIR: services.config.DATA_DIR }, look)
  const answer = await send(
    server,
    '/api/signup',
    [
      ['username', 'ben'],
      ['images', { bytes: Buffer.from('ben 1') }],
      ['images', { bytes: Buffer.from('stranger 1') }]
    ],
    attacker
  )
  t.equal(answer.statusCode, 409)
  t.match(await services.store.countFailures('ben', 60_000), { count: 0 })
})

t.test('programs on this machine that need no key are not locked', async t => {
  const { app: server } = await buildLight(t, { FAILED_VERIFICATIONS_MAX: '1' }, look)
  const enrol = (photo: string) =>
    send(server, '/api/signup', [
      ['username', 'ana'],
      ['images', { bytes: Buffer.from(photo) }]
    ])
  t.same(
    statuses([await enrol('ana 1'), await enrol('stranger 1'), await enrol('stranger 2'), await enrol('ana 2')]),
    [200, 409, 409, 200]
  )
})
