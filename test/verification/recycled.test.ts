import t, { type Test } from 'tap'
import { createHash } from 'node:crypto'
import { send } from '../helpers/app.ts'
import { buildLight, seeing } from '../helpers/light-app.ts'

const secret = 's'.repeat(40)
const authorization = { authorization: `Bearer ${secret}` }

/** The first byte of a photo is its picture; the rest only makes other bytes. */
const look = (bytes: Uint8Array) => {
  const hash = new Uint8Array(64).fill(0)
  hash.set(createHash('sha256').update(bytes.subarray(0, 1)).digest())
  return seeing({ hashes: { windows: [hash], mirrored: [] } })
}
const photo = (picture: number, more: number) => ({ bytes: Buffer.from([picture, more]) })

async function start (t: Test, env: Record<string, string> = {}) {
  const { app, services } = await buildLight(
    t,
    { API_KEYS: `app:admin:${secret}`, DUPLICATE_PERSON: 'off', ...env },
    look
  )
  for (const [name, picture] of [
    ['ana', 1],
    ['ben', 2]
  ] as const) {
    await send(
      app,
      '/api/signup',
      [
        ['username', name],
        ['image', photo(picture, 0)]
      ],
      authorization
    )
  }
  const verify = async (username: string, task: string, picture: number, more: number) =>
    (
      await send(
        app,
        '/api/verify',
        [
          ['username', username],
          ['task', task],
          ['file', photo(picture, more)]
        ],
        authorization
      )
    ).json()
  return { app, services, verify }
}

t.test('a changed photo of before is rejected, and the caller learns what was found', async t => {
  const { verify } = await start(t)
  const first = await verify('ana', 'waste', 10, 1)
  t.match(first, { status: 'approved', checks: { originality: { outcome: 'passed' } } })
  t.match(await verify('ana', 'waste', 10, 2), { status: 'approved' }, 'a second try of the same task within minutes')
  t.match(await verify('ben', 'waste', 10, 3), {
    status: 'rejected',
    reason: 'Photo used before',
    reasons: ['recycled_photo'],
    checks: { originality: { match: { kind: 'proof', own: false } } }
  })
  t.match(
    await verify('ana', 'waste', 2, 4),
    { status: 'rejected', checks: { originality: { match: { kind: 'shot', own: false } } } },
    'the enrolment photo of another user'
  )
  t.match(await verify('ana', 'waste', 11, 5), { status: 'approved' })
})

t.test('a rejected photo may be sent again', async t => {
  const { verify } = await start(t)
  t.match(await verify('ana', 'feeding', 10, 1), { status: 'rejected', reasons: ['task_not_shown'] })
  t.match(await verify('ana', 'waste', 10, 2), { status: 'approved' })
})

t.test('of two users with one photo at the same moment one is approved', async t => {
  const { verify } = await start(t)
  const answers = await Promise.all([
    verify('ana', 'waste', 10, 1),
    verify('ben', 'waste', 10, 2),
    verify('ben', 'waste', 10, 3)
  ])
  const approved = answers.filter(({ status }) => status === 'approved').map(({ user }) => user)
  t.equal(new Set(approved).size, 1, 'one user')
  t.ok(answers.every(({ status, reasons }) => status === 'approved' || reasons.includes('recycled_photo')))
})

t.test('one user who sends a photo many times at once gets a verdict each time', async t => {
  const { verify } = await start(t)
  const answers = await Promise.all(Array.from({ length: 12 }, (_, more) => verify('ana', 'waste', 10, more)))
  t.same(answers.map(({ status }) => status), Array.from({ length: 12 }, () => 'approved'))
})

t.test(
  'SHARED_PROOFS lets two users share a photo, REPLAY_CHECK=shots looks at bytes only, an erased user leaves nothing',
  async t => {
    const shared = await start(t, { SHARED_PROOFS: 'true' })
    t.match(await shared.verify('ana', 'waste', 10, 1), { status: 'approved' })
    t.match(await shared.verify('ben', 'waste', 10, 2), { status: 'approved' })
    const bytes = await start(t, { REPLAY_CHECK: 'shots' })
    t.match(await bytes.verify('ana', 'waste', 10, 1), {
      status: 'approved',
      checks: { originality: { outcome: 'skipped' } }
    })
    t.match(await bytes.verify('ben', 'waste', 10, 2), { status: 'approved' })
    const erased = await start(t)
    t.match(await erased.verify('ana', 'waste', 10, 1), { status: 'approved' })
    await erased.app.inject({ method: 'DELETE', url: '/api/users/ana', headers: authorization })
    t.match(await erased.verify('ben', 'waste', 10, 2), { status: 'approved' })
  }
)
