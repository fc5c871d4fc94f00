import t from 'tap'
import { type Connection, isLoopbackAddress, isLoopbackHost, whyNotLocal } from '../../src/access/local.ts'

const here: Connection = {
  socketAddress: '127.0.0.1',
  clientAddress: '127.0.0.1',
  forwarded: false,
  httpVersion: '1.1',
  headers: { host: 'localhost:5000' }
}

t.test('loopback addresses and names', async t => {
  for (const address of ['127.0.0.1', '127.8.9.10', '::1', '::ffff:127.0.0.1']) { t.ok(isLoopbackAddress(address), address) }
  for (const address of ['10.0.0.1', '128.0.0.1', '::2', '::ffff:10.0.0.1', '::', '0.0.0.0', 'localhost', '']) { t.notOk(isLoopbackAddress(address), address) }
  for (const host of ['localhost', 'LOCALHOST', 'page.localhost', '127.0.0.1', '[::1]', '::1']) { t.ok(isLoopbackHost(host), host) }
  for (const host of ['0.0.0.0', '::', 'localhost.example.org', '127.0.0.1.nip.io', 'example.org', '']) { t.notOk(isLoopbackHost(host), host) }
})

t.test('programs on this machine are local', async t => {
  for (const change of [
    {},
    { socketAddress: '::1', clientAddress: '::1', headers: { host: '[::1]:5000' } },
    { socketAddress: '::ffff:127.0.0.1', clientAddress: '::ffff:127.0.0.1', headers: { host: '127.0.0.1' } },
    { headers: { host: 'localhost:5000', origin: 'http://localhost:5000' } },
    { headers: { host: 'localhost:5000', origin: 'http://127.0.0.1:8080' } },
    { headers: { host: 'localhost:5000', origin: 'https://app.example.org' } },
    { forwarded: true, httpVersion: '1.0', headers: { host: 'localhost', 'x-forwarded-for': '127.0.0.1' } }
  ]) t.equal(whyNotLocal({ ...here, ...change }, ['https://app.example.org']), null, JSON.stringify(change))
  t.equal(whyNotLocal({ ...here, headers: { host: 'localhost', origin: 'https://any.example' } }, '*'), null)
})

t.test('whatever may come from elsewhere is not', async t => {
  for (const [name, change, reason] of [
    ['another machine', { socketAddress: '10.0.0.9', clientAddress: '10.0.0.9' }, /this machine/],
    [
      'another machine that claims to be this one',
      { socketAddress: '10.0.0.9', clientAddress: '127.0.0.1', forwarded: true },
      /this machine/
    ],
    ['no address', { socketAddress: undefined }, /this machine/],
    ['an unknown proxy', { headers: { host: 'localhost', 'x-forwarded-for': '127.0.0.1' } }, /TRUST_PROXY/],
    [
      'an unknown proxy with another header',
      { headers: { host: 'localhost', 'x-real-ip': '203.0.113.5' } },
      /TRUST_PROXY/
    ],
    ['an unknown proxy that says via', { headers: { host: 'localhost', via: '1.1 proxy' } }, /TRUST_PROXY/],
    [
      'a trusted proxy with a client elsewhere',
      {
        clientAddress: '203.0.113.5',
        forwarded: true,
        headers: { host: 'localhost', 'x-forwarded-for': '127.0.0.1, 203.0.113.5' }
      },
      /passed this request on/
    ],
    ['nginx with a bare proxy_pass', { httpVersion: '1.0', headers: { host: '127.0.0.1:5000' } }, /HTTP\/1\.0/],
    ['a rebound name', { headers: { host: 'evil.example:5000' } }, /not a name of this machine/],
    ['no host', { headers: {} }, /not a name of this machine/],
    ['a page elsewhere', { headers: { host: 'localhost:5000', origin: 'https://evil.example' } }, /CORS_ORIGINS/],
    [
      'a page whose name only looks local',
      { headers: { host: 'localhost:5000', origin: 'http://localhost.evil.example' } },
      /CORS_ORIGINS/
    ],
    ['a sandboxed page or a file', { headers: { host: 'localhost:5000', origin: 'null' } }, /CORS_ORIGINS/]
  ] as [string, Partial<Connection>, RegExp][]) { t.match(whyNotLocal({ ...here, ...change }, []), reason, name) }
})
