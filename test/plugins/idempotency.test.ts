import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { send } from '../helpers/app.ts'
import { buildLight, seeing } from '../helpers/light-app.ts'
import { emptyStore, storeKinds } from '../helpers/stores.ts'

const photo = (text: string) => ({ bytes: Buffer.from(text) })
const keyed = (key: string, more: Record<string, string> = {}) => ({ 'idempotency-key': key, ...more })
const REPLAYED = 'idempotency-replayed'

t.test('a request that is sent again is answered alike and done once', async t => {
  let looks = 0
  const { app, services } = await buildLight(t, {}, () => {
    looks++
    return seeing()
  })
  const enrol = () => send(app, '/api/signup', [['username', 'ana'], ['images', photo('a')]], keyed('enrol-1'))
  const first = await enrol()
  t.match([first.statusCode, first.headers[REPLAYED]], [200, undefined])
  const again = await enrol()
  t.match([again.statusCode, again.headers[REPLAYED], again.body], [200, 'true', first.body])
  t.match(again.headers['content-type'], first.headers['content-type'])
  t.equal(looks, 1)

  const prove = (fields: [string, string][], key = 'verify-1') =>
    send(app, '/api/verify', [...fields, ['file', photo('proof')]], keyed(key))
  const verdict = await prove([['username', 'ana'], ['task', 'waste']])
  t.equal(
    (
      await prove([
        ['task', 'waste'],
        ['username', 'ana']
      ])
    ).body,
    verdict.body,
    'the order of the fields does not matter'
  )
  t.not((await prove([['username', 'ana'], ['task', 'waste']], 'verify-2')).json().id, verdict.json().id)
  t.equal((await services.store.listVerifications({}, { limit: 9 })).verifications.length, 2)
  t.equal((await prove([['username', 'ana'], ['task', 'planting']])).json().error, 'idempotency_mismatch')
  const otherPhoto = await send(
    app,
    '/api/verify',
    [
      ['username', 'ana'],
      ['task', 'waste'],
      ['file', photo('other')]
    ],
    keyed('verify-1')
  )
  t.match([otherPhoto.statusCode, otherPhoto.json().error], [422, 'idempotency_mismatch'])
  t.equal(
    (
      await send(
        app,
        '/api/verify',
        [
          ['username', 'ana'],
          ['task', 'waste'],
          ['file', photo('x')]
        ],
        keyed('enrol-1')
      )
    ).statusCode,
    200,
    'a key counts for its route'
  )
})

t.test('deliberate refusals are kept, those of form and moment are not', async t => {
  let broken = true
  const { app } = await buildLight(t, { FAILED_VERIFICATIONS_MAX: '1', ALLOW_UNAUTHENTICATED: 'true' }, bytes => {
    if (broken && Buffer.from(bytes).toString() === 'bad luck') throw new Error('a fault')
    return seeing(Buffer.from(bytes).toString() === 'nobody' ? { faces: [] } : {})
  })
  const prove = (text: string, key: string, task = 'waste', username = 'ana') =>
    send(
      app,
      '/api/verify',
      [
        ['username', username],
        ['task', task],
        ['file', photo(text)]
      ],
      keyed(key)
    )
  t.equal((await prove('p', 'early')).statusCode, 404)
  await send(app, '/api/signup', [['username', 'ana'], ['images', photo('a')]])
  const kept = await prove('p', 'early')
  t.match([kept.statusCode, kept.headers[REPLAYED]], [404, 'true'])
  t.equal((await prove('p', 'form', '')).statusCode, 400)
  t.equal((await prove('p', 'form')).statusCode, 200, 'a form that was corrected')
  t.equal((await prove('bad luck', 'fault')).statusCode, 500)
  broken = false
  t.equal((await prove('bad luck', 'fault')).statusCode, 200)
  t.equal((await prove('nobody', 'guess')).statusCode, 200)
  for (const key of ['', 'x'.repeat(256), 'with space', 'é']) { t.match((await prove('p', key)).json(), { code: 400, error: 'invalid_request', field: 'idempotency-key' }) }
  t.equal((await prove('p', '!'.padEnd(255, '~'))).statusCode, 200)
})

t.test('while the first attempt runs, the second has to wait', async t => {
  const { app, services } = await buildLight(t)
  await send(app, '/api/signup', [['username', 'ana'], ['images', photo('a')]])
  const gate = Promise.withResolvers<void>()
  const begun = Promise.withResolvers<void>()
  const { onPhoto } = services.inference
  services.inference.onPhoto = async (...call) => {
    begun.resolve()
    await gate.promise
    return onPhoto(...call)
  }
  const prove = () =>
    send(
      app,
      '/api/verify',
      [
        ['username', 'ana'],
        ['task', 'waste'],
        ['file', photo('p')]
      ],
      keyed('slow')
    )
  const first = prove()
  await begun.promise
  const second = await prove()
  t.match(
    [second.statusCode, second.json().error, second.headers['retry-after']],
    [409, 'idempotency_in_progress', '1']
  )
  gate.resolve()
  const { body } = await first
  t.equal((await prove()).body, body)
})

t.test('a key of one caller says nothing to another', async t => {
  const API_KEYS = `one:enrol+verify:${'1'.repeat(40)},two:enrol+verify:${'2'.repeat(40)}`
  const { app } = await buildLight(t, { API_KEYS })
  const as = (key: string) => keyed('same', { 'x-api-key': key.repeat(40) })
  await send(app, '/api/signup', [['username', 'ana'], ['images', photo('a')]], as('1'))
  const prove = (key: string) =>
    send(
      app,
      '/api/verify',
      [
        ['username', 'ana'],
        ['task', 'waste'],
        ['file', photo('p')]
      ],
      as(key)
    )
  const [one, two] = [await prove('1'), await prove('2')]
  t.equal(two.headers[REPLAYED], undefined)
  t.not(one.json().id, two.json().id)
})

t.test('answers survive a restart, sealed, and go with the person', async t => {
  const DATA_DIR = t.testdir()
  const TEMPLATE_KEY = '7'.repeat(64)
  const sendOnce = async (app: Parameters<typeof send>[0]) =>
    send(
      app,
      '/api/signup',
      [
        ['username', 'ana'],
        ['images', photo('a')]
      ],
      keyed('k')
    )
  const before = await buildLight(t, { DATA_DIR, TEMPLATE_KEY })
  const first = await sendOnce(before.app)
  await before.app.close()
  const { app } = await buildLight(t, { DATA_DIR, TEMPLATE_KEY })
  const again = await sendOnce(app)
  t.match([again.headers[REPLAYED], again.body], ['true', first.body])
  const files = ['eco-connect.sqlite', 'eco-connect.sqlite-wal'].map(name => readFileSync(join(DATA_DIR, name)))
  t.notOk(files.some(bytes => bytes.includes('User enrolled')), 'nobody reads the answer from the file')
  t.equal((await app.inject({ method: 'DELETE', url: '/api/users/ana' })).statusCode, 200)
  t.equal((await sendOnce(app)).headers[REPLAYED], undefined)
})

const dyingService = fileURLToPath(new URL('dying-service.ts', import.meta.url))

for (const { kind, skip } of storeKinds) {
  t.test(
    `killed between the work and the answer, on ${kind}: the next attempt gets the answer and does nothing`,
    { skip },
    async t => {
      const env = await emptyStore(t, kind)
      const dieAfter = async (call: string) => {
        const [, signal] = await once(
          spawn(process.execPath, [dyingService, call], { env: { PATH: process.env.PATH, ...env }, stdio: 'ignore' }),
          'exit'
        )
        t.equal(signal, 'SIGKILL')
      }
      await dieAfter('saveUser')
      const {
        app,
        services: { store }
      } = await buildLight(t, env, () => {
        throw new Error('nothing is looked at twice')
      })
      const enrolled = await send(
        app,
        '/api/signup',
        [
          ['username', 'ana'],
          ['images', photo('a')]
        ],
        keyed('once')
      )
      t.match(
        [enrolled.statusCode, enrolled.headers[REPLAYED], enrolled.json()],
        [200, 'true', { user: 'ana', shots: 1, accepted: [{ index: 0 }] }]
      )

      await dieAfter('recordVerification')
      const verdict = await send(
        app,
        '/api/verify',
        [
          ['username', 'ana'],
          ['task', 'waste'],
          ['file', photo('proof')]
        ],
        keyed('once')
      )
      t.match(
        [verdict.statusCode, verdict.headers[REPLAYED], verdict.json()],
        [200, 'true', { status: 'approved', user: 'ana' }]
      )
      const { verifications } = await store.listVerifications({}, { limit: 9 })
      t.same(
        verifications.map(({ id }) => id),
        [verdict.json().id]
      )
      t.same(
        (await store.readAudit({ after: 0, limit: 9 })).map(({ event }) => event),
        ['signup', 'verify']
      )
    }
  )
}

t.test('a lock that lapsed while its owner was still at work: one of the two enrols', async t => {
  const { app, services: { store } } = await buildLight(t)
  const { saveUser } = store
  store.saveUser = async (...args) => {
    store.saveUser = saveUser
    // As another instance does whose clock says that the lease is over.
    const { acquireIdempotencyLock } = store
    store.acquireIdempotencyLock = lock =>
      acquireIdempotencyLock({ ...lock, now: '9999-01-01T00:00:00.000Z', lockedUntil: '9999-01-01T00:00:01.000Z' })
    t.equal((await enrol()).statusCode, 200)
    return saveUser(...args)
  }
  const enrol = () => send(app, '/api/signup', [['username', 'ana'], ['images', photo('a')]], keyed('once'))
  const late = await enrol()
  t.match([late.statusCode, late.json().error], [409, 'idempotency_in_progress'])
  t.equal((await enrol()).headers[REPLAYED], 'true')
  t.same(
    (await store.auditOf('ana')).map(({ details }) => JSON.parse(details).status),
    [undefined, 409],
    'one enrolment, one refusal'
  )
})

t.test('without a key a signup that was already stored is a success that says so', async t => {
  const { app, services: { store } } = await buildLight(t)
  const enrol = () => send(app, '/api/signup', [['username', 'ana'], ['images', photo('a')], ['images', photo('b')]])
  await enrol()
  const before = await store.findUser('ana')
  const again = await enrol()
  t.match(
    [again.statusCode, again.json()],
    [
      200,
      {
        status: true,
        user: 'ana',
        shots: 2,
        accepted: [],
        rejected: [
          { index: 0, code: 'duplicate', message: /already stored for this user/ },
          { index: 1, code: 'duplicate' }
        ]
      }
    ]
  )
  t.same((await store.findUser('ana'))?.shots, before?.shots)
})
