import type { FastifyInstance } from 'fastify'
import t from 'tap'
import { diagnose } from '../../src/doctor/doctor.ts'
import { StoreError } from '../../src/storage/store-error.ts'
import { send } from '../helpers/app.ts'
import { buildLight } from '../helpers/light-app.ts'

t.test('a fault of the store is a 503 that says nothing about files and hosts', async t => {
  const { app, services } = await buildLight(t)
  services.store.listUsers = async () => {
    throw new StoreError('store_full', '/srv/data/eco.sqlite cannot grow, the disk is full: free some space')
  }
  const answer = await app.inject('/api/users')
  t.equal(answer.statusCode, 503)
  t.ok(Number(answer.headers['retry-after']) > 0)
  t.match(answer.json(), { status: 'error', code: 503, error: 'store_unavailable' })
  t.notMatch(answer.body, /srv|disk/)
})

t.test('without the key of what is stored no request is answered as if nobody were enrolled', async t => {
  const DATA_DIR = t.testdir()
  const photo = { bytes: Buffer.from('a') }
  const enrol = (app: FastifyInstance) => send(app, '/api/signup', [['username', 'ana'], ['images', photo]])
  const prove = (app: FastifyInstance) =>
    send(app, '/api/verify', [
      ['username', 'ana'],
      ['task', 'waste'],
      ['file', photo]
    ])
  // They start while nothing is stored: later they would refuse to.
  const others = await Promise.all(
    ['2'.repeat(64), ''].map(async TEMPLATE_KEY => ({
      TEMPLATE_KEY,
      ...(await buildLight(t, { DATA_DIR, TEMPLATE_KEY }))
    }))
  )
  const right = await buildLight(t, { DATA_DIR, TEMPLATE_KEY: '1'.repeat(64) })
  t.equal((await enrol(right.app)).statusCode, 200)
  for (const { TEMPLATE_KEY, app, services } of others) {
    for (const answer of [
      await prove(app),
      await enrol(app),
      await app.inject('/api/users/ana'),
      await app.inject('/api/users/ana/export')
    ]) {
      t.match([answer.statusCode, answer.headers['retry-after']], [503, undefined])
      t.match(answer.json(), { error: 'store_sealed', message: /TEMPLATE_KEY/ })
    }
    const ready = await app.inject('/api/ready')
    t.match(
      [ready.statusCode, ready.json()],
      [503, { ready: false, store: { ok: false }, problems: [/cannot be decrypted with the template key/] }]
    )
    const [user] = (await services.store.listUsers({ limit: 1 })).users
    t.match(user, { username: 'ana', shots: 1 }, 'what needs no key goes on')
    const findings = await Array.fromAsync(
      diagnose({ PORT: '0', DATA_DIR, TEMPLATE_KEY, MODELS_DIR: `${DATA_DIR}/none` })
    )
    t.match(
      findings.find(({ subject }) => subject === 'store'),
      { state: 'problem', text: /under the key [0-9a-f]{16}, which is not configured/ }
    )
  }
  t.equal((await prove(right.app)).json().status, 'approved', 'nothing was lost')
})

t.test('what nobody foresaw stays inside', async t => {
  const { app, services } = await buildLight(t)
  services.store.listUsers = async () => { throw new TypeError('secret of the code') }
  const answer = await app.inject('/api/users')
  t.match(answer.json(), { code: 500, error: 'internal_error', requestId: answer.headers['x-request-id'] })
  t.notMatch(answer.body, /secret/)
})
