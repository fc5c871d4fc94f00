import t from 'tap'
import { buildLight } from '../helpers/light-app.ts'

t.test('every answer carries the security headers, errors included', async t => {
  const { app } = await buildLight(t)
  for (const url of ['/', '/api/health', '/api/users/nobody', '/nothing']) {
    const { headers } = await app.inject(url)
    const policy = String(headers['content-security-policy'])
    for (const part of ["default-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "img-src 'self' blob: data:", "media-src 'self' blob:"]) t.ok(policy.includes(part), `${url}: ${part}`)
    t.notMatch(policy, /unsafe|\*|upgrade-insecure-requests/, url)
    t.match(headers, { 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY', 'referrer-policy': 'no-referrer', 'permissions-policy': /camera=\(self\)/ }, url)
    t.notOk('x-powered-by' in headers)
    t.equal(headers['cache-control'] === 'no-store', url.startsWith('/api/'), url)
  }
})

t.test('TEST_PAGE=false removes the page and nothing else', async t => {
  const { app } = await buildLight(t, { TEST_PAGE: 'false' })
  for (const url of ['/', '/index.html', '/app.js']) t.equal((await app.inject(url)).statusCode, 404, url)
  t.equal((await app.inject('/api/health')).statusCode, 200)
})
