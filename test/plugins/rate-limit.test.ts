import t from 'tap'
import { signup, verify } from '../helpers/app.ts'
import { buildLight } from '../helpers/light-app.ts'
import { emptyStore, storeKinds } from '../helpers/stores.ts'
import { StoreError } from '../../src/storage/store-error.ts'

const API_KEYS = `one:read:${'1'.repeat(40)},two:read:${'2'.repeat(40)}`
const headers = (key: string) => ({ 'x-api-key': key.repeat(40) })

t.test('each key has its requests per minute from each address', async t => {
  const { app } = await buildLight(t, { API_KEYS, RATE_LIMIT: '3' })
  const status = async (key: string, remoteAddress = '192.0.2.1') =>
    (await app.inject({ url: '/api/users', headers: headers(key), remoteAddress })).statusCode
  for (let i = 0; i < 3; i++) t.equal(await status('1'), 200)
  const refused = await app.inject({ url: '/api/users', headers: headers('1'), remoteAddress: '192.0.2.1' })
  t.equal(refused.statusCode, 429)
  t.match(refused.json(), {
    status: 'error',
    code: 429,
    error: 'rate_limited',
    message: /More than 3 requests/,
    requestId: String
  })
  t.ok(Number(refused.headers['retry-after']) >= 1 && Number(refused.headers['retry-after']) <= 60)

  t.equal(await status('2'), 200, 'another key')
  t.equal(await status('1', '192.0.2.2'), 200, 'another address')
  for (let i = 0; i < 5; i++) {
    t.equal(
      (await app.inject({ url: '/api/health', headers: headers('1'), remoteAddress: '192.0.2.1' })).statusCode,
      200,
      'probes are not counted'
    )
  }
  for (let i = 0; i < 5; i++) t.equal((await app.inject({ url: '/api/users', headers: headers('9') })).statusCode, 401)
})

t.test(
  "the address is the client's behind a trusted proxy, and an IPv6 client is one, whatever its address",
  async t => {
    const { app } = await buildLight(t, { API_KEYS, RATE_LIMIT: '2', TRUST_PROXY: 'loopback' })
    const status = async (client: string) =>
      (await app.inject({ url: '/api/users', headers: { ...headers('1'), 'x-forwarded-for': client } })).statusCode
    t.same(
      [
        await status('203.0.113.1'),
        await status('203.0.113.1'),
        await status('203.0.113.1'),
        await status('203.0.113.2')
      ],
      [200, 200, 429, 200]
    )
    t.same(
      [
        await status('2001:db8::1'),
        await status('2001:db8::2'),
        await status('2001:db8::ffff:3'),
        await status('2001:db8:0:1::1')
      ],
      [200, 200, 429, 200]
    )
  }
)

t.test('this machine without keys is not limited; everybody else is', async t => {
  const local = await buildLight(t, { RATE_LIMIT: '1', FAILED_VERIFICATIONS_MAX: '1' })
  for (let i = 0; i < 4; i++) t.equal((await local.app.inject('/api/users')).statusCode, 200)
  const open = await buildLight(t, {
    RATE_LIMIT: '1',
    ALLOW_UNAUTHENTICATED: 'true',
    DATA_DIR: `${t.testdirName}-open`
  })
  t.same(
    [(await open.app.inject('/api/users')).statusCode, (await open.app.inject('/api/users')).statusCode],
    [200, 429]
  )
  const off = await buildLight(t, { RATE_LIMIT: '0', ALLOW_UNAUTHENTICATED: 'true', DATA_DIR: `${t.testdirName}-off` })
  for (let i = 0; i < 4; i++) t.equal((await off.app.inject('/api/users')).statusCode, 200)
  t.equal((await signup(off.app, 'ana', Buffer.from('a'))).statusCode, 200)
  t.equal((await verify(off.app, 'ana', 'waste', Buffer.from('b'))).statusCode, 200)
})

for (const { kind, skip } of storeKinds) {
  t.test(`two instances on ${kind} count together, also at the same moment`, { skip }, async t => {
    const env = { ...await emptyStore(t, kind), API_KEYS, RATE_LIMIT: '10' }
    const apps = [(await buildLight(t, env)).app, (await buildLight(t, env)).app]
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, i) => apps[i % 2]!.inject({ url: '/api/users', headers: headers('1') }))
    )
    t.equal(answers.filter(({ statusCode }) => statusCode === 200).length, 10)
    t.equal(answers.filter(({ statusCode }) => statusCode === 429).length, 20)
    for (const app of apps) t.equal((await app.inject({ url: '/api/users', headers: headers('2') })).statusCode, 200)
  })
}

t.test('a flood of refused requests does not reach the store; without the store metrics are still given', async t => {
  const { app, services: { store } } = await buildLight(t, { API_KEYS, RATE_LIMIT: '2' })
  const { countRequest } = store
  let asked = 0
  store.countRequest = request => {
    asked++
    return countRequest(request)
  }
  for (let i = 0; i < 9; i++) await app.inject({ url: '/api/users', headers: headers('1') })
  t.equal(asked, 3)
  store.countRequest = async () => { throw new StoreError('store_unreachable', 'gone') }
  t.equal((await app.inject({ url: '/api/metrics', headers: headers('2') })).statusCode, 200)
})
