import t from 'tap'
import { openAccess } from '../../src/access/access.ts'
import { ConfigError, loadConfig } from '../../src/config/config.ts'

const secret = 'x'.repeat(40)

function open (env: Record<string, string>) {
  const warnings: string[] = []
  const access = openAccess(loadConfig({ DATA_DIR: 'missing', ...env }), {
    warn: text => warnings.push(text),
    error: () => {}
  })
  return { access, warnings }
}

t.test('without keys only loopback may be listened on, unless the operator insists', async t => {
  for (const HOST of ['127.0.0.1', 'localhost', '::1']) t.same(open({ HOST }).warnings, [], HOST)
  for (const HOST of ['0.0.0.0', '::', '192.168.1.2', 'example.org']) {
    t.throws(() => open({ HOST }), { name: 'ConfigError', message: /keys -- add.*ALLOW_UNAUTHENTICATED=true/ }, HOST)
    t.match(open({ HOST, ALLOW_UNAUTHENTICATED: 'true' }).warnings, [/no API keys/], HOST)
    t.same(open({ HOST, API_KEYS: `app:read:${secret}` }).warnings, [])
  }
  t.same(
    open({ HOST: '0.0.0.0', API_KEYS: `app:read:${secret}`, ALLOW_UNAUTHENTICATED: 'true' }).warnings,
    [],
    'keys come first'
  )
})

t.test('origins and proxies are exact', async t => {
  t.same(open({ CORS_ORIGINS: ' https://a.example , http://localhost:8080 ' }).access.origins, [
    'https://a.example',
    'http://localhost:8080'
  ])
  t.equal(open({ CORS_ORIGINS: '*' }).access.origins, '*')
  for (const bad of [
    'https://a.example/',
    'a.example',
    'https://a.example/path',
    'HTTPS://A.example',
    'Null',
    'https://*.a.example',
    'file:///page.html',
    'https:a.example'
  ]) {
    t.throws(() => open({ CORS_ORIGINS: bad }), ConfigError, bad)
  }
  t.equal(open({}).access.trustProxy, false)
  t.same(open({ TRUST_PROXY: 'loopback, 10.0.0.0/8,fd00::/8, 192.0.2.1' }).access.trustProxy, [
    'loopback',
    '10.0.0.0/8',
    'fd00::/8',
    '192.0.2.1'
  ])
  for (const bad of ['true', '1', 'nginx', '10.0.0.0/33', '10.0.0.0/0', '10.0.0.0/8/9', '10.0.0/8', '::/129']) { t.throws(() => open({ TRUST_PROXY: bad }), /TRUST_PROXY/, bad) }
})

t.test('origins of apps and browser extensions, and of pages without one', async t => {
  const apps = [
    'capacitor://localhost',
    'ionic://localhost',
    'tauri://localhost',
    'app://eco.example',
    `chrome-extension://${'abcdefgh'.repeat(4)}`,
    'moz-extension://0b7f0a52-5c0e-4f0a-9b43-0d0c7a3f7a11'
  ]
  const { access, warnings } = open({ CORS_ORIGINS: apps.join(',') })
  t.same(access.origins, apps)
  t.same(warnings, [])
  t.match(open({ CORS_ORIGINS: 'null' }), {
    access: { origins: ['null'] },
    warnings: [/CORS_ORIGINS has null.*every site/]
  })
  for (const [bad, expected] of [
    ['capacitor://localhost/', /expected capacitor:\/\/localhost$/],
    ['Tauri://localhost', /expected tauri:\/\/localhost$/],
    ['chrome-extension://abc/index.html', /expected chrome-extension:\/\/abc$/],
    ['chrome-extension://*', /expected an origin like/],
    ['capacitor:localhost', /expected an origin like/],
    ['ionic://', /expected an origin like/]
  ] as const) t.throws(() => open({ CORS_ORIGINS: bad }), { name: 'ConfigError', message: expected }, bad)
})
