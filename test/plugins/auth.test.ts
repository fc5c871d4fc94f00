import { connect } from 'node:net'
import { once } from 'node:events'
import t from 'tap'
import { buildLight } from '../helpers/light-app.ts'
import { send } from '../helpers/app.ts'

const secrets = { enrol: 'e'.repeat(40), verify: 'v'.repeat(40), read: 'r'.repeat(40), admin: 'a'.repeat(40) }
const API_KEYS = Object.entries(secrets).map(([scope, secret]) => `${scope}-key:${scope}:${secret}`).join(',')
const photo = { bytes: Buffer.from('a photo') }

const calls = {
  signup: (headers: Record<string, string>) =>
    [
      '/api/signup',
      [
        ['username', 'ana'],
        ['images', photo]
      ],
      headers
    ] as const,
  verify: (headers: Record<string, string>) =>
    [
      '/api/verify',
      [
        ['username', 'ana'],
        ['task', 'waste'],
        ['file', photo]
      ],
      headers
    ] as const
}

t.test('each scope opens its own routes, admin all of them', async t => {
  const { app } = await buildLight(t, { API_KEYS })
  const call = async (name: string, headers: Record<string, string>) => {
    if (name === 'signup' || name === 'verify') {
      const [url, parts, header] = calls[name](headers)
      return send(app, url, parts.map(([field, value]) => [field, value]), header)
    }
    const [method, url] = name.split(' ')
    return app.inject({ method: method as 'GET', url: url!, headers })
  }
  for (const [name, scope] of [
    ['signup', 'enrol'],
    ['verify', 'verify'],
    ['GET /api/users', 'read'],
    ['GET /api/users/ana', 'read'],
    ['DELETE /api/users/ana', 'admin'],
    ['GET /api/tasks', 'any']
  ] as const) {
    const bare = await call(name, {})
    t.equal(bare.statusCode, 401, name)
    t.match(bare.json(), { status: 'error', code: 401, error: 'unauthorized', requestId: String, message: /Bearer/ })
    t.equal(bare.headers['www-authenticate'], 'Bearer')
    for (const [other, secret] of Object.entries(secrets)) {
      const answer = await call(name, { authorization: `Bearer ${secret}` })
      if (scope === 'any' || other === scope || other === 'admin') { t.notOk([401, 403].includes(answer.statusCode), `${name} with ${other}: ${answer.body}`) } else {
        t.equal(answer.statusCode, 403, `${name} with ${other}`)
        t.match(answer.json(), {
          error: 'forbidden',
          scope,
          message: new RegExp(`needs the scope ${scope}; the key ${other}-key has ${other}`)
        })
      }
    }
  }
})

t.test('a key may come in either header; a wrong one does not fall back', async t => {
  const { app } = await buildLight(t, { API_KEYS })
  const status = async (headers: Record<string, string>) =>
    (await app.inject({ url: '/api/tasks', headers })).statusCode
  t.equal(await status({ 'x-api-key': secrets.read }), 200)
  t.equal(await status({ authorization: `bearer  ${secrets.read}` }), 200)
  for (const headers of [
    { authorization: secrets.read },
    { authorization: `Basic ${secrets.read}` },
    { authorization: '' },
    { authorization: `Bearer ${secrets.read}x` },
    { authorization: 'Bearer wrong', 'x-api-key': secrets.read },
    { 'x-api-key': '' },
    { 'x-api-key': `${secrets.read} ` + secrets.read }
  ]) t.equal(await status(headers), 401, JSON.stringify(headers).replaceAll('r'.repeat(40), 'KEY'))
  t.equal((await app.inject(`/api/tasks?api_key=${secrets.read}`)).statusCode, 401, 'never in the address')
})

t.test('probes need no key and learn little; preflights pass', async t => {
  const { app } = await buildLight(t, { API_KEYS, CORS_ORIGINS: 'https://app.example.org' })
  t.equal((await app.inject('/api/health')).statusCode, 200)
  t.strictSame((await app.inject('/api/ready')).json(), { ready: true, problems: [] })
  t.match((await app.inject({ url: '/api/ready', headers: { 'x-api-key': secrets.verify } })).json(), {
    ready: true,
    models: [{}, {}, {}, {}, {}],
    queue: {}
  })
  const preflight = await app.inject({
    method: 'OPTIONS',
    url: '/api/users/ana',
    headers: {
      origin: 'https://app.example.org',
      'access-control-request-method': 'DELETE',
      'access-control-request-headers': 'authorization'
    }
  })
  t.equal(preflight.statusCode, 204)
  t.match(preflight.headers, {
    'access-control-allow-origin': 'https://app.example.org',
    'access-control-allow-methods': /DELETE/,
    'access-control-allow-headers': /authorization/
  })
  const foreign = await app.inject({ url: '/api/health', headers: { origin: 'https://app.example.org.evil.example' } })
  t.notOk('access-control-allow-origin' in foreign.headers)
  t.equal((await app.inject('/api/nothing')).statusCode, 404)
})

t.test('without keys this machine may do everything, and others nothing', async t => {
  const { app } = await buildLight(t)
  t.equal((await app.inject('/api/users')).statusCode, 200)
  t.equal((await app.inject({ url: '/api/users', headers: { authorization: 'Bearer left-over' } })).statusCode, 200)
  for (const change of [
    { remoteAddress: '192.0.2.7' },
    { headers: { 'x-forwarded-for': '127.0.0.1' } },
    { headers: { host: 'evil.example' } },
    { headers: { origin: 'https://evil.example' } }
  ]) {
    const answer = await app.inject({ url: '/api/users', ...change })
    t.equal(answer.statusCode, 403, JSON.stringify(change))
    t.equal(answer.json().error, 'forbidden')
    t.equal((await app.inject({ url: '/api/health', ...change })).statusCode, 200)
    t.strictSame((await app.inject({ url: '/api/ready', ...change })).json(), { ready: true, problems: [] })
  }
})

t.test('HTTP/1.0 over a real socket is taken for a proxy', async t => {
  const { app } = await buildLight(t)
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as { port: number }
  const ask = async (version: string): Promise<string> => {
    const socket = connect(port, '127.0.0.1')
    socket.write(`GET /api/users HTTP/${version}\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n\r\n`)
    let text = ''
    socket.on('data', data => { text += data })
    await once(socket, 'close')
    return text.split('\r\n')[0]!
  }
  t.match(await ask('1.1'), / 200 /)
  t.match(await ask('1.0'), / 403 /)
})

t.test('a trusted proxy passes on this machine\'s calls and no others', async t => {
  const { app } = await buildLight(t, { TRUST_PROXY: 'loopback' })
  const status = async (forwardedFor: string) =>
    (await app.inject({ url: '/api/users', headers: { 'x-forwarded-for': forwardedFor } })).statusCode
  t.equal(await status('127.0.0.1'), 200)
  t.equal(await status('203.0.113.5'), 403)
  t.equal(await status('127.0.0.1, 203.0.113.5'), 403, 'what the client itself claims is not believed')
  t.equal((await app.inject({ url: '/api/users', headers: { 'x-real-ip': '127.0.0.1' } })).statusCode, 403)
  const elsewhere = await buildLight(t, { TRUST_PROXY: '10.0.0.1', DATA_DIR: `${t.testdirName}-2` })
  t.equal(
    (await elsewhere.app.inject({ url: '/api/users', headers: { 'x-forwarded-for': '127.0.0.1' } })).statusCode,
    403,
    'this proxy is not the trusted one'
  )
})

t.test('ALLOW_UNAUTHENTICATED opens the service', async t => {
  const { app } = await buildLight(t, { ALLOW_UNAUTHENTICATED: 'true', HOST: '0.0.0.0' })
  t.equal(
    (await app.inject({ url: '/api/users', remoteAddress: '192.0.2.7', headers: { host: 'example.org' } })).statusCode,
    200
  )
})

t.test('a route that forgets its scope stops the start', async t => {
  const { app } = await buildLight(t)
  t.throws(() => app.get('/api/forgotten', async () => ({})), /must name its scope/)
})
