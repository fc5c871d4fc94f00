/** Without keys nobody calls through a proxy that gives any sign of itself. */
import t from 'tap'
import { buildLight } from '../helpers/light-app.ts'

const signs = {
  'x-forwarded-for': '127.0.0.1',
  'x-forwarded-host': 'localhost',
  'x-forwarded-port': '443',
  'x-forwarded-server': 'proxy',
  'x-real-ip': '127.0.0.1',
  'x-client-ip': '203.0.113.5',
  'true-client-ip': '203.0.113.5',
  'x-cluster-client-ip': '203.0.113.5',
  'x-original-url': '/api/users',
  'x-scheme': 'https',
  forwarded: 'for=127.0.0.1',
  via: '1.1 proxy',
  'cf-connecting-ip': '203.0.113.5',
  'cf-ray': '8f1',
  'cdn-loop': 'cloudflare',
  'fastly-client-ip': '203.0.113.5',
  'fly-client-ip': '203.0.113.5',
  'do-connecting-ip': '203.0.113.5',
  'x-amzn-trace-id': 'Root=1',
  'x-azure-clientip': '203.0.113.5',
  'x-appengine-user-ip': '203.0.113.5',
  'x-envoy-external-address': '203.0.113.5',
  'x-arr-ssl': '2048',
  'x-vercel-ip-country': 'DE',
  origin: 'https://verify.example.org',
  referer: 'https://verify.example.org/',
  host: 'verify.example.org'
}

t.test('every sign of forwarding is refused, with the header named or the reason', async t => {
  const { app } = await buildLight(t)
  const status = async (headers: Record<string, string>) =>
    app.inject({ url: '/api/users', headers: { host: '127.0.0.1:5000', ...headers } })
  t.equal(
    (await status({ 'user-agent': 'curl', 'x-request-id': 'a', accept: '*/*', referer: 'http://localhost:5000/' }))
      .statusCode,
    200
  )
  for (const [name, value] of Object.entries(signs)) {
    const answer = await status({ [name]: value })
    t.match([answer.statusCode, answer.json()], [403, { error: 'forbidden', message: /proxy|host|page/i }], name)
  }
})

t.test('TRUST_PROXY without keys warns of proxies that pass on what a client claims', async t => {
  const warnings: string[] = []
  const logger = Object.assign((await import('pino')).pino({ level: 'silent' }), {
    warn: (message: string) => {
      warnings.push(message)
    }
  })
  await buildLight(t, { TRUST_PROXY: 'loopback' }, undefined, logger)
  t.match(warnings, [/X-Forwarded-For/])
})
