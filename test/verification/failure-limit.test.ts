import t, { type Test } from 'tap'
import { send } from '../helpers/app.ts'
import { face } from '../helpers/faces.ts'
import { buildLight, embeddingAt, seeing } from '../helpers/light-app.ts'
import { emptyStore, storeKinds } from '../helpers/stores.ts'
import { refuseGuessing } from '../../src/verification/failure-limit.ts'

const app1 = { 'x-api-key': '1'.repeat(40) }
const app2 = { 'x-api-key': '2'.repeat(40) }
const admin = { 'x-api-key': 'a'.repeat(40) }
const API_KEYS = `one:enrol+verify:${'1'.repeat(40)},two:verify+read:${'2'.repeat(40)},boss:admin:${'a'.repeat(40)}`

/** The first word of a photo says what is on it. */
function look (bytes: Uint8Array) {
  const [word] = Buffer.from(bytes).toString().split(' ')
  if (word === 'stranger') return seeing({ faces: [face({ embedding: embeddingAt(1.5) })] })
  if (word === 'blur') return seeing({ faces: [face({ embedding: embeddingAt(1.5), quality: { score: 0.1 } })] })
  if (word === 'unclear') return seeing({ liveness: { score: 0.2345, models: [{ id: 'fr_liveness', score: 0.2345 }] } })
  if (word === 'print') { return seeing({ liveness: { score: 0.0012345, models: [{ id: 'fr_liveness', score: 0.0012345 }] } }) }
  if (word === 'idle') return seeing({ detections: [] })
  if (word === 'nobody') return seeing({ faces: [] })
  return seeing()
}

async function built (t: Test, env: Record<string, string> = {}) {
  const { app, services } = await buildLight(t, { API_KEYS, ...env }, look)
  const enrol = (username: string, photo: string, more: [string, string][] = [], headers = app1) =>
    send(app, '/api/signup', [['username', username], ...more, ['images', { bytes: Buffer.from(photo) }]], headers)
  const prove = (username: string, photo: string, headers = app1, task = 'waste') =>
    send(app, '/api/verify', [['username', username], ['task', task], ['file', { bytes: Buffer.from(photo) }]], headers)
  return { app, services, enrol, prove }
}

t.test('failures on the face lock one user for a while, from any sender', async t => {
  const { enrol, prove, services } = await built(t, {
    FAILED_VERIFICATIONS_MAX: '3',
    FAILED_VERIFICATIONS_MINUTES: '10'
  })
  await enrol('ana', 'ana 1')
  await enrol('ben', 'ben 1')
  for (let i = 0; i < 5; i++) {
    t.equal(
      (await prove('ana', `idle ${i}`)).json().reason,
      'Task not verified',
      'a missed task reveals nothing about the face'
    )
  }
  for (let i = 0; i < 5; i++) t.equal((await prove('ana', `nobody ${i}`)).json().reason, 'No face detected')
  t.equal((await prove('ana', 'stranger 1')).statusCode, 200)
  t.equal((await prove('ana', 'proof 0')).json().status, 'approved')
  t.equal((await prove('ana', 'print 2', app2)).statusCode, 200)
  t.equal((await prove('ana', 'stranger 3', app2)).statusCode, 200)

  const refused = await prove('ana', 'proof 1', app2)
  t.equal(refused.statusCode, 429)
  t.match(refused.json(), {
    error: 'rate_limited',
    message: /3 attempts on the face of this user failed within 10 minutes/
  })
  const seconds = Number(refused.headers['retry-after'])
  t.ok(seconds > 590 && seconds <= 600, `${seconds} s`)
  t.equal((await prove('ben', 'proof 2')).statusCode, 200, 'others are not concerned')
  await refuseGuessing(services.store, 'ana', { max: 4, minutes: 10 })
  await refuseGuessing(services.store, 'ana', { max: 0, minutes: 10 })
})

t.test('a face that cannot be recognised counts as well, and no answer shows how alike it is', async t => {
  const { enrol, prove } = await built(t, { FAILED_VERIFICATIONS_MAX: '2' })
  await enrol('ana', 'ana 1')
  t.equal((await enrol('ben', 'blur 0')).json().rejected[0].code, 'face_unclear')
  for (const photo of ['blur 1', 'blur 2']) {
    const verdict = (await prove('ana', photo)).json()
    t.match(verdict, {
      reason: 'Face not recognisable',
      reasons: ['face_unclear'],
      similarity: null,
      checks: { face: { score: null } }
    })
    t.same(
      verdict.checks.face.faces.map(({ quality, similarity }: { quality: number; similarity: null }) => [
        quality,
        similarity
      ]),
      [[0.1, null]]
    )
  }
  t.equal((await prove('ana', 'proof 1')).statusCode, 429)
})

for (const { kind, skip } of storeKinds) {
  t.test(`two instances on ${kind} count failures together, also at the same moment`, { skip }, async t => {
    const env = { ...await emptyStore(t, kind), FAILED_VERIFICATIONS_MAX: '5' }
    const [one, two] = [await built(t, env), await built(t, env)]
    await one.enrol('ana', 'ana 1')
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? one : two).prove('ana', `stranger ${i}`))
    )
    t.equal(answers.filter(({ statusCode }) => statusCode === 200).length, 5, 'no more verdicts than allowed')
    const refused = answers.filter(({ statusCode }) => statusCode !== 200)
    for (const answer of refused) {
      t.match(
        [answer.statusCode, answer.json().error, Number(answer.headers['retry-after']) > 0],
        [429, 'rate_limited', true]
      )
    }
    t.equal((await two.prove('ana', 'proof 1')).statusCode, 429)
  })
}

t.test(
  'a proof must not be an enrolment photo, nor, when the operator says so, one that proved something for another user',
  async t => {
    const { enrol, prove } = await built(t, { REPLAY_CHECK: 'all' })
    await enrol('ana', 'ana 1')
    await enrol('ben', 'ben 1')
    for (const user of ['ana', 'ben']) {
      t.match((await prove(user, 'ana 1')).json(), { code: 409, error: 'replayed_photo', message: /enrolled/ })
    }
    t.match((await prove('ana', 'idle 1')).json(), { status: 'rejected' })
    t.match(
      (await prove('ben', 'idle 1')).json(),
      { status: 'rejected' },
      'a rejected proof may be sent for the right user'
    )

    const first = (await prove('ana', 'proof 1')).json()
    t.equal(first.status, 'approved')
    t.notOk('repeat_of' in first)
    t.match((await prove('ben', 'proof 1')).json(), { code: 409, error: 'replayed_photo', message: /another user/ })
    t.match(
      (await prove('ana', 'proof 1')).json(),
      { status: 'approved', repeat_of: first.id },
      'a retry is judged again and says so'
    )

    const together = await Promise.all([prove('ana', 'proof 2'), prove('ben', 'proof 2')])
    t.same(together.map(({ statusCode }) => statusCode).sort(), [200, 409], 'also at the same moment')
  }
)

t.test('two people may share one photo unless the operator forbids it', async t => {
  const { enrol, prove } = await built(t)
  await enrol('ana', 'ana 1')
  await enrol('ben', 'ben 1')
  t.equal((await prove('ben', 'ana 1')).json().error, 'replayed_photo')
  for (const user of ['ana', 'ben']) t.equal((await prove(user, 'together 1')).json().status, 'approved')
})

t.test('somebody who tries the service out on this machine may prove with an enrolment photo', async t => {
  const { app } = await buildLight(t, {}, look)
  await send(app, '/api/signup', [['username', 'ana'], ['images', { bytes: Buffer.from('ana 1') }]])
  const answer = await send(app, '/api/verify', [
    ['username', 'ana'],
    ['task', 'waste'],
    ['file', { bytes: Buffer.from('ana 1') }]
  ])
  t.equal(answer.json().status, 'approved')
})

t.test('the check of replays can be switched off', async t => {
  const { enrol, prove } = await built(t, { REPLAY_CHECK: 'none' })
  await enrol('ana', 'ana 1')
  await enrol('ben', 'ben 1')
  for (const user of ['ana', 'ben', 'ana']) t.equal((await prove(user, 'ana 1')).json().status, 'approved')
})

t.test('without scores an answer is pass or fail, everywhere, except for admins', async t => {
  const { app, enrol, prove } = await built(t, { EXPOSE_SCORES: 'false' })
  await enrol('ana', 'ana 1')
  for (const [photo, reason] of [
    ['proof 1', undefined],
    ['stranger 1', 'face_mismatch'],
    ['print 1', 'not_live'],
    ['unclear 1', 'liveness_uncertain'],
    ['idle 1', 'task_not_shown'],
    ['nobody 1', 'no_face']
  ]) {
    const answer = await prove('ana', photo!)
    const { id, timestamp, photo: size, ...shown } = answer.json()
    t.notMatch(JSON.stringify(shown), /\d/, photo!)
    t.match(shown, {
      similarity: null,
      liveness_score: null,
      checks: {
        face: { score: null, threshold: null, faces: [] },
        liveness: { score: null, models: [] },
        task: { score: null, detections: [] }
      }
    })
    t.same(shown.reasons[0], reason)
    t.match((await app.inject({ url: `/api/verifications/${id}`, headers: app2 })).json(), {
      id,
      similarity: null,
      liveness_score: null
    })
  }
  t.match((await prove('ana', 'proof 1', admin)).json(), {
    similarity: 1,
    liveness_score: 0.97,
    checks: { face: { score: 1, message: /1\.00/ } }
  })
  t.match((await app.inject({ url: '/api/verifications', headers: admin })).json().verifications[0], {
    similarity: 1,
    liveness_score: 0.97
  })
  t.match((await app.inject({ url: '/api/verifications', headers: app2 })).json().verifications[0], {
    similarity: null,
    liveness_score: null
  })

  const local = await buildLight(t, { EXPOSE_SCORES: 'false', DATA_DIR: `${t.testdirName}-local` }, look)
  await send(local.app, '/api/signup', [['username', 'ana'], ['images', { bytes: Buffer.from('ana 1') }]])
  const answer = await send(local.app, '/api/verify', [
    ['username', 'ana'],
    ['task', 'waste'],
    ['file', { bytes: Buffer.from('proof') }]
  ])
  t.match(answer.json(), { status: 'approved', similarity: null }, 'a caller without a key is no admin')
})

t.test('a template is replaced by an admin alone', async t => {
  const { enrol, prove, services } = await built(t)
  await enrol('ana', 'ana 1')
  await enrol('ana', 'ana 2')
  t.match((await enrol('ana', 'stranger 1')).json(), { code: 409, error: 'identity_conflict' })
  t.match((await enrol('ana', 'stranger 1', [['mode', 'replace']])).json(), {
    code: 403,
    error: 'forbidden',
    scope: 'admin',
    message: /Replacing a template needs the scope admin; the key one has enrol, verify/
  })
  t.match((await enrol('ana', 'stranger 1', [['mode', 'steal']], admin)).json(), { code: 400, message: /mode/ })
  t.equal((await prove('ana', 'proof 1')).json().status, 'approved', 'nothing was changed')

  t.match((await enrol('ana', 'stranger 1', [['mode', 'replace']], admin)).json(), { status: true, shots: 1 })
  t.equal((await prove('ana', 'proof 2')).json().reason, 'Face mismatch')
  t.equal((await prove('ana', 'stranger 2')).json().status, 'approved')

  await services.store.saveUser('old', () => ({
    contract: { model: 'f'.repeat(64), preprocessing: 'x', dimension: 2 },
    shots: [{ sha256: '0'.repeat(64), embedding: Float32Array.of(1, 0), createdAt: new Date().toISOString() }]
  }))
  t.match((await enrol('old', 'ana 3')).json(), { error: 'reenrol_required', message: /mode=replace/ })
  t.match(
    (await enrol('old', 'ana 3', [['mode', 'replace']], admin)).json(),
    { status: true, shots: 1 },
    'the way out of another model'
  )
})

t.test('consent can be demanded and is kept', async t => {
  const { enrol, services } = await built(t, { REQUIRE_CONSENT: 'true' })
  t.match((await enrol('ana', 'ana 1')).json(), { code: 400, error: 'missing_field', field: 'consent' })
  t.match((await enrol('ana', 'ana 1', [['consent', '']])).json(), { code: 400, message: /consent/ })
  t.equal((await enrol('ana', 'ana 1', [['consent', 'form 17']])).statusCode, 200)
  t.equal((await services.store.findUser('ana'))?.consent, 'form 17')
})
