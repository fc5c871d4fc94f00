import t, { type Test } from 'tap'
import type { PoseName } from '../../src/challenge/steps.ts'
import { send } from '../helpers/app.ts'
import { lookAtHead } from '../helpers/challenge-frames.ts'
import { buildLight } from '../helpers/light-app.ts'

const API_KEYS = `one:enrol+verify:${'1'.repeat(40)},two:verify:${'2'.repeat(40)},boss:admin:${'a'.repeat(40)}`
const app1 = { 'x-api-key': '1'.repeat(40) }
const app2 = { 'x-api-key': '2'.repeat(40) }
const boss = { 'x-api-key': 'a'.repeat(40) }

const built = async (t: Test, env: Record<string, string> = {}) => {
  const { app, services } = await buildLight(t, { API_KEYS, ...env }, lookAtHead)
  let count = 0
  const photo = (words: string) => ({ bytes: Buffer.from(`${words} ${count++}`) })
  await send(app, '/api/signup', [['username', 'ana'], ['images', photo('centre')]], app1)
  await send(app, '/api/signup', [['username', 'ben'], ['images', photo('centre stranger')]], app1)
  const begin = (username = 'ana', headers: Record<string, string> = app1) =>
    send(app, '/api/challenges', [['username', username]], headers)
  const submit = (id: string, photos: string[], headers: Record<string, string> = app1) =>
    send(
      app,
      `/api/challenges/${id}/frames`,
      photos.map(words => ['frames', photo(words)] as [string, { bytes: Buffer }]),
      headers
    )
  const pose = (id: string, words: string, fields: [string, string][] = [], headers = app1) =>
    send(app, `/api/challenges/${id}/pose`, [...fields, ['frame', photo(words)]], headers)
  const prove = (words: string, challenge?: string, username = 'ana', headers: Record<string, string> = app1) =>
    send(
      app,
      '/api/verify',
      [
        ['username', username],
        ['task', 'waste'],
        ...(challenge === undefined ? [] : [['challenge', challenge] as [string, string]]),
        ['file', photo(words)]
      ],
      headers
    )
  const state = (id: string, headers = app1) => app.inject({ url: `/api/challenges/${id}`, headers })
  const pass = async (username = 'ana') => {
    const { id, steps } = (await begin(username)).json()
    const answer = await submit(id, posesOf(steps).map(step => username === 'ben' ? `${step} stranger` : step))
    t.match(answer.json(), { status: 'passed', reasons: [] })
    return id as string
  }
  return { app, services, begin, submit, pose, prove, state, pass }
}
const posesOf = (steps: { pose: PoseName }[]) => steps.map(({ pose }) => pose)

t.test('a challenge is begun, passed and used by one approved proof', async t => {
  const { begin, submit, prove, state, services } = await built(t)
  const begun = await begin()
  t.equal(begun.statusCode, 201)
  const { id, steps, user, expires } = begun.json()
  t.equal(user, 'ana')
  t.equal(steps.length, 4)
  t.equal(begun.headers.location, `/api/challenges/${id}`)
  const left = Date.parse(expires) - Date.now()
  t.ok(left > 110_000 && left <= 120_000, `${left} ms`)
  t.match((await state(id)).json(), { status: 'pending', steps })

  const judged = await submit(id, posesOf(steps))
  t.equal(judged.statusCode, 200)
  t.match(judged.json(), {
    status: 'passed',
    reasons: [],
    checks: {
      poses: { outcome: 'passed' },
      identity: { outcome: 'passed' },
      parallax: { outcome: 'passed' },
      liveness: { outcome: 'passed' },
      continuity: { outcome: 'passed' }
    }
  })
  t.match((await state(id)).json(), { status: 'passed' })

  t.match((await prove('centre unclear')).json(), {
    status: 'rejected',
    reason: 'Liveness uncertain',
    reasons: ['liveness_uncertain'],
    next: 'challenge'
  })
  t.match(
    (await prove('centre unclear stranger', id)).json(),
    { status: 'rejected', reasons: ['face_mismatch'] },
    'a refused proof leaves it'
  )
  const approved = await prove('centre unclear', id)
  t.match(approved.json(), {
    status: 'approved',
    checks: { liveness: { outcome: 'passed', message: /passed challenge/ } }
  })
  t.match((await state(id)).json(), { status: 'used' })
  t.match((await prove('centre unclear', id)).json(), { code: 409, error: 'challenge_used' })
  t.same(
    (await services.store.auditOf('ana')).flatMap(({ event, details }) =>
      event === 'challenge' ? JSON.parse(details).status : []
    ),
    ['begun', 'passed']
  )
})

t.test('what fails says why, once', async t => {
  const { begin, submit, state, prove } = await built(t)
  const cases: [reason: string, change: (poses: string[]) => string[]][] = [
    ['pose_missed', poses => poses.toReversed()],
    ['pose_missed', poses => poses.map(pose => `${pose} print`)],
    ['face_mismatch', poses => poses.map(pose => pose === 'left' || pose === 'right' ? `${pose} stranger` : pose)],
    ['not_live', poses => poses.map(pose => `${pose} screen`)],
    ['several_faces', poses => [...poses, 'centre pair']],
    ['no_face', poses => [...poses, 'centre nobody', 'centre nobody']],
    ['scene_changed', poses => poses.map((pose, i) => i < 2 ? pose : `${pose} elsewhere`)]
  ]
  for (const [reason, change] of cases) {
    const { id, steps } = (await begin('ana', boss)).json()
    const answer = await submit(id, change(posesOf(steps)), boss)
    t.match(answer.json(), { status: 'failed', reasons: [reason], expires: null }, reason)
    t.match((await state(id, boss)).json(), { status: 'failed', reasons: [reason] })
    t.match((await submit(id, posesOf(steps), boss)).json(), { code: 409, error: 'challenge_used' })
    t.match((await prove('centre', id)).json(), { code: 409, error: 'challenge_not_passed' })
  }
})

t.test('bad input has a code of its own and leaves the challenge as it was', async t => {
  const { begin, submit, state, prove, pass, app } = await built(t)
  const { id, steps } = (await begin()).json()
  t.match((await submit(id, ['centre'])).json(), {
    code: 400,
    error: 'too_few_frames',
    message: /4 to 20 photos; found 1/
  })
  t.match(
    (
      await submit(
        id,
        Array.from({ length: 21 }, () => 'centre')
      )
    ).json(),
    { code: 400, error: 'too_many_photos' }
  )
  t.match((await submit(id, [...posesOf(steps), 'centre small'])).json(), {
    code: 422,
    error: 'frame_sizes_differ',
    message: /photo 1 has 640 x 480 .* photo 5 has 320 x 240/
  })
  t.match((await submit('nothing', posesOf(steps))).json(), { code: 404, error: 'challenge_not_found' })
  t.match((await submit(id, posesOf(steps), app2)).json(), { code: 404, error: 'challenge_not_found' }, 'another key')
  t.match((await state(id, app2)).json(), { code: 404, error: 'challenge_not_found' })
  t.equal((await state(id, boss)).statusCode, 200)
  t.match((await state(id)).json(), { status: 'pending' })
  t.equal((await submit(id, posesOf(steps))).json().status, 'passed')

  t.match((await prove('centre', id, 'ben')).json(), { code: 404, error: 'challenge_not_found' }, 'of another user')
  t.match((await prove('centre', 'nothing')).json(), { code: 404, error: 'challenge_not_found' })
  t.match((await begin('nobody')).json(), { code: 404, error: 'user_not_found' })
  t.match((await send(app, '/api/challenges', [], app1)).json(), { code: 400 })
  const json = (payload: string, type = 'application/json') =>
    app.inject({ method: 'POST', url: '/api/challenges', headers: { ...app1, 'content-type': type }, payload })
  t.match((await json('{"username": " ana "}')).json(), { user: 'ana', steps: [{}, {}, {}, {}] })
  t.match((await json('{"username": 7')).json(), { code: 400, error: 'invalid_request' })
  t.match((await json('{}')).json(), { code: 400, error: 'missing_field', field: 'username' })
  t.match((await json(`{"username": "${'a'.repeat(5000)}"}`)).json(), { code: 413, error: 'body_too_large' })
  t.match((await json('username=ana', 'application/x-www-form-urlencoded')).json(), {
    code: 415,
    error: 'unsupported_media_type'
  })
  t.ok(await pass('ben'))
})

t.test('of two requests with the frames of one challenge one wins', async t => {
  const { begin, submit } = await built(t)
  const { id, steps } = (await begin()).json()
  const answers = await Promise.all(Array.from({ length: 6 }, () => submit(id, posesOf(steps))))
  t.equal(answers.filter(answer => answer.statusCode === 200).length, 1)
  t.equal(answers.filter(answer => answer.json().error === 'challenge_used').length, 5)
})

t.test('of two proofs with one challenge one is approved', async t => {
  const { pass, prove } = await built(t)
  const id = await pass()
  const answers = await Promise.all(Array.from({ length: 6 }, () => prove('centre unclear', id)))
  t.equal(answers.filter(answer => answer.json().status === 'approved').length, 1)
  t.equal(answers.filter(answer => answer.json().error === 'challenge_used').length, 5)
})

t.test('time ends a challenge, and a passed one', async t => {
  const { begin, submit, pose, state, pass, prove, services } = await built(t)
  const find = services.store.findChallenge
  const { id, steps } = (await begin()).json()
  const passed = await pass()
  services.store.findChallenge = async id => {
    const challenge = await find(id)
    return challenge && { ...challenge, expiresAt: '2026-01-01T00:00:00.000Z' }
  }
  t.match((await submit(id, posesOf(steps))).json(), { code: 410, error: 'challenge_expired' })
  t.match((await pose(id, 'centre')).json(), { code: 410, error: 'challenge_expired' })
  t.match((await state(id)).json(), { status: 'expired' })
  t.match((await prove('centre', passed)).json(), { code: 410, error: 'challenge_expired' })
})

t.test('the pose of one photo comes with a hint', async t => {
  const { begin, pose } = await built(t)
  const { id } = (await begin()).json()
  const ask = async (words: string, step?: string, neutral?: string) =>
    (
      await pose(id, words, [
        ...(step === undefined ? [] : [['step', step] as [string, string]]),
        ...(neutral === undefined ? [] : [['neutral', neutral] as [string, string]])
      ])
    ).json()
  t.match(await ask('left'), { pose: 'left', hint: 'hold', photo: { width: 640, height: 480 } })
  t.match(await ask('left', 'left'), { pose: 'left', hint: 'hold' })
  t.match(await ask('centre', 'left'), { pose: 'centre', hint: 'turn_left' })
  t.match(await ask('between', 'right'), { pose: null, hint: 'turn_right' })
  t.match(await ask('left', 'up', '9'), { hint: 'look_straight' })
  t.match(await ask('centre', 'up', '9'), { hint: 'look_up' })
  t.match(await ask('up', 'up', '9'), { pose: 'up', hint: 'hold' })
  t.match(await ask('down', 'down', '9'), { pose: 'down', hint: 'hold' })
  t.match(await ask('centre nobody', 'centre'), { pose: null, hint: 'no_face', yaw: null, box: null })
  t.match(await ask('centre pair', 'centre'), { pose: null, hint: 'several_faces' })
  t.match(await ask('centre', 'sideways'), { code: 400, error: 'invalid_request', field: 'step' })
  t.match((await pose(id, 'centre', [], app2)).json(), { code: 404, error: 'challenge_not_found' })
})

t.test('LIVENESS_MODE decides what a challenge counts', async t => {
  const { prove, pass } = await built(t, { LIVENESS_MODE: 'challenge' })
  t.match((await prove('centre')).json(), {
    status: 'rejected',
    reason: 'Liveness failed',
    reasons: ['challenge_required'],
    next: 'challenge'
  })
  const id = await pass()
  t.match(
    (await prove('centre screen', id)).json(),
    { status: 'rejected', reasons: ['not_live'] },
    'a photo that is clearly of a screen'
  )
  t.match((await prove('centre', id)).json(), { status: 'approved' })

  const passive = await built(t, { LIVENESS_MODE: 'passive', LIVENESS_UNCERTAIN: '0.1..0.7' })
  const answer = (await passive.prove('centre unclear', await passive.pass())).json()
  t.match(answer, {
    status: 'rejected',
    reason: 'Liveness uncertain',
    reasons: ['liveness_uncertain'],
    checks: { liveness: { outcome: 'uncertain', threshold: 0.7, uncertain: { low: 0.1, high: 0.7 } } }
  })
  t.equal(answer.next, undefined)
})

t.test('a deferred verification takes a challenge as well', async t => {
  const { app, pass, state } = await built(t)
  const id = await pass()
  const answer = await send(
    app,
    '/api/verify',
    [
      ['username', 'ana'],
      ['task', 'waste'],
      ['challenge', id],
      ['file', { bytes: Buffer.from('centre unclear') }]
    ],
    { ...app1, prefer: 'respond-async' }
  )
  t.equal(answer.statusCode, 202)
  const job = async () => (await app.inject({ url: answer.headers.location as string, headers: app1 })).json()
  while (['pending', 'running'].includes((await job()).status)) await new Promise(resolve => setTimeout(resolve, 50))
  t.match(await job(), { status: 'done', verdict: { status: 'approved' } })
  t.match((await state(id)).json(), { status: 'used' })
})

t.test('limits: challenges of one user, and failures on the face', async t => {
  const { begin, submit, prove } = await built(t, { CHALLENGES_MAX: '4', FAILED_VERIFICATIONS_MAX: '2' })
  for (let i = 0; i < 2; i++) {
    const { id, steps } = (await begin()).json()
    await submit(id, posesOf(steps).map(pose => `${pose} stranger`))
  }
  t.match(
    (await prove('centre')).json(),
    { code: 429, error: 'rate_limited' },
    'failed challenges count for the lock against guessing'
  )
  t.match((await begin()).json(), { code: 429, error: 'rate_limited' })
  for (let i = 0; i < 4; i++) t.equal((await begin('ben', i % 2 === 0 ? app1 : app2)).statusCode, 201)
  const refused = await begin('ben')
  t.match(refused.json(), { code: 429, error: 'rate_limited', message: /More than 4 challenges/ })
  t.ok(Number(refused.headers['retry-after']) > 500)
})

t.test('a repetition gets the first answer', async t => {
  const { begin, app } = await built(t)
  const again = { ...app1, 'idempotency-key': 'k1' }
  const first = await begin('ana', again)
  const second = await begin('ana', again)
  t.equal(second.statusCode, 201)
  t.same(second.json(), first.json())
  t.equal(second.headers['idempotency-replayed'], 'true')
  t.equal(second.headers.location, first.headers.location)

  const { id, steps } = first.json()
  const frames = posesOf(steps).map(pose => ['frames', { bytes: Buffer.from(pose) }] as [string, { bytes: Buffer }])
  const submit = (challenge: string) =>
    send(app, `/api/challenges/${challenge}/frames`, frames, { ...app1, 'idempotency-key': 'k2' })
  const judged = await submit(id)
  t.equal(judged.json().status, 'passed')
  t.same((await submit(id)).json(), judged.json())
  const other = (await begin()).json()
  t.match(
    (await submit(other.id)).json(),
    { code: 422, error: 'idempotency_mismatch' },
    'the same key for another challenge'
  )
})

t.test('models without 68 landmarks cannot judge a challenge', async t => {
  const { begin } = await built(t, { LANDMARKS: 'none' })
  t.match((await begin()).json(), { code: 501, error: 'challenges_unavailable', message: /68 face landmarks/ })
})

t.test('scores stay inside where they are hidden', async t => {
  const { begin, submit, state } = await built(t, { EXPOSE_SCORES: 'false' })
  const { id, steps } = (await begin()).json()
  const hidden = {
    poses: { outcome: 'passed', score: null, threshold: null },
    identity: { outcome: 'failed', score: null, threshold: null }
  }
  t.match(
    (
      await submit(
        id,
        posesOf(steps).map(pose => `${pose} stranger`)
      )
    ).json(),
    { status: 'failed', checks: hidden }
  )
  t.match((await state(id)).json(), { checks: hidden })
  t.ok((await state(id, boss)).json().checks.identity.threshold > 0)
})

t.test('challenges are exported, erased and counted', async t => {
  const { app, pass } = await built(t)
  const id = await pass()
  const data = (await app.inject({ url: '/api/users/ana/export', headers: boss })).json()
  t.match(data.challenges, [{ id, status: 'passed', reasons: [], checks: { poses: { outcome: 'passed' } } }])
  t.match((await app.inject({ url: '/api/metrics', headers: boss })).body, /eco_challenges_total\{status="passed"\} 1/)
  t.match((await app.inject({ method: 'DELETE', url: '/api/users/ana', headers: boss })).json(), {
    erased: { challenges: 1 }
  })
})
