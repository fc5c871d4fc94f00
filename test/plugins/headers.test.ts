import t from 'tap'
import { buildLight } from '../helpers/light-app.ts'

t.test('every answer carries the security headers, errors included', async t => {
  const { app } = await buildLight(t)
  for (const url of ['/', '/api/health', '/api/users/nobody', '/nothing']) {
    const { headers } = await app.inject(url)
    const policy = String(headers['content-security-policy'])
    for (const part of [
      "default-src 'self'",
      "object-src 'none'",
      "base-uri 'none'",
      "frame-ancestors 'none'",
      "img-src 'self' blob: data:",
      "media-src 'self' blob:"
    ]) { t.ok(policy.includes(part), `${url}: ${part}`) }
    t.notMatch(policy, /unsafe|\*|upgrade-insecure-requests/, url)
    t.match(
      headers,
      {
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'no-referrer',
        'permissions-policy': /camera=\(self\)/
      },
      url
    )
    t.notOk('x-powered-by' in headers)
    t.equal(headers['cache-control'] === 'no-store', url.startsWith('/api/'), url)
  }
})

t.test('TEST_PAGE=false removes the page and nothing else', async t => {
  const { app } = await buildLight(t, { TEST_PAGE: 'false' })
  for (const url of ['/', '/index.html', '/app.js']) t.equal((await app.inject(url)).statusCode, 404, url)
  t.equal((await app.inject('/api/health')).statusCode, 200)
})

t.test('pages of other origins may call only where the operator named the origin exactly', async t => {
  const { app } = await buildLight(t, {
    CORS_ORIGINS: 'https://app.example, http://localhost:8080',
    API_KEYS: `app:read:${'1'.repeat(40)}`
  })
  const ask = (origin: string, method: 'GET' | 'OPTIONS' = 'GET') =>
    app.inject({
      method,
      url: '/api/users',
      headers: {
        origin,
        'x-api-key': '1'.repeat(40),
        ...(method === 'OPTIONS' && { 'access-control-request-method': 'DELETE' })
      }
    })
  for (const method of ['GET', 'OPTIONS'] as const) {
    for (const origin of ['https://app.example', 'http://localhost:8080']) { t.equal((await ask(origin, method)).headers['access-control-allow-origin'], origin) }
    for (const origin of [
      'http://app.example',
      'https://app.example:444',
      'https://app.example.evil.example',
      'https://evil-app.example',
      'https://APP.example',
      'null'
    ]) {
      t.equal((await ask(origin, method)).headers['access-control-allow-origin'], undefined, origin)
    }
  }
  t.notOk('access-control-allow-credentials' in (await ask('https://app.example')).headers)
  const closed = await buildLight(t, { DATA_DIR: `${t.testdirName}-closed` })
  t.equal(
    (await closed.app.inject({ url: '/api/health', headers: { origin: 'https://app.example' } })).headers[
      'access-control-allow-origin'
    ],
    undefined,
    'by default nobody'
  )
})

t.test('apps and extensions learn that they may call', async t => {
  const { app } = await buildLight(t, {
    API_KEYS: `app:read:${'1'.repeat(40)}`,
    CORS_ORIGINS: 'capacitor://localhost,moz-extension://0b7f0a52-5c0e-4f0a-9b43-0d0c7a3f7a11,null'
  })
  for (const origin of [
    'capacitor://localhost',
    'moz-extension://0b7f0a52-5c0e-4f0a-9b43-0d0c7a3f7a11',
    'null',
    'ionic://localhost'
  ]) {
    const { headers, statusCode } = await app.inject({
      url: '/api/users',
      headers: { origin, 'x-api-key': '1'.repeat(40) }
    })
    t.equal(statusCode, 200)
    t.equal(headers['access-control-allow-origin'], origin === 'ionic://localhost' ? undefined : origin, origin)
  }
})
