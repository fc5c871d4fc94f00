import t from 'tap'
import { ConfigError } from '../../src/config/config.ts'
import { newWebhookSecret } from '../../src/webhooks/signature.ts'
import { openWebhooks } from '../../src/webhooks/webhooks.ts'

const WEBHOOK_SECRET = newWebhookSecret()
const opened = (WEBHOOK_ORIGINS: string) => openWebhooks({ WEBHOOK_SECRET, WEBHOOK_ORIGINS })

t.test('only listed origins are accepted, compared as parsed', async t => {
  const webhooks = opened(
    'https://app.example.org, https://other.example.org:8443, http://127.0.0.1:8080,http://localhost'
  )
  for (const [url, kept] of [
    ['https://app.example.org/hook?x=1#y', 'https://app.example.org/hook?x=1'],
    ['https://APP.example.org:443/hook', 'https://app.example.org/hook'],
    ['https://other.example.org:8443', 'https://other.example.org:8443/'],
    ['http://127.1:8080/', 'http://127.0.0.1:8080/']
  ] as const) t.equal(webhooks.accept(url), kept)
  for (const [url, message] of [
    ['https://app.example.org.evil.example/hook', /evil\.example is not in WEBHOOK_ORIGINS/],
    ['https://app.example.org:8443/', /not in WEBHOOK_ORIGINS/],
    ['http://app.example.org/', /not in WEBHOOK_ORIGINS/],
    ['https://sub.app.example.org/', /not in WEBHOOK_ORIGINS/],
    ['https://app.example.org@evil.example/', /username or a password/],
    ['https://user:secret@app.example.org/', /username or a password/],
    ['https:\\\\evil.example\\@app.example.org', /evil\.example is not in WEBHOOK_ORIGINS/],
    ['http://169.254.169.254/latest/meta-data', /not in WEBHOOK_ORIGINS/],
    ['http://0x7f.1:9/', /http:\/\/127\.0\.0\.1:9 is not in WEBHOOK_ORIGINS/],
    ['file:///etc/passwd', /not the address of an https server/],
    ['app.example.org/hook', /not the address/],
    ['null', /not the address/],
    [`https://app.example.org/${'x'.repeat(2000)}`, /not the address .* 2000/]
  ] as const) t.throws(() => webhooks.accept(url), { code: 'webhook_refused', statusCode: 400, message }, url)
  t.notOk(webhooks.allows('https://evil.example/'))
  t.notOk(webhooks.allows('nonsense'))
  t.ok(webhooks.allows('https://app.example.org/other'))
})

t.test('without a secret or without origins nothing is accepted', async t => {
  const off = openWebhooks({ WEBHOOK_SECRET: '', WEBHOOK_ORIGINS: '' })
  t.equal(off.enabled, false)
  t.throws(() => off.accept('https://app.example.org/'), { code: 'webhook_refused', message: /no WEBHOOK_SECRET/ })
  t.throws(() => opened('').accept('https://app.example.org/'), { message: /not in WEBHOOK_ORIGINS/ })
})

t.test('settings that cannot be used stop the start', async t => {
  for (const [origins, message] of [
    ['https://app.example.org/', /expected https:\/\/app\.example\.org$/],
    ['https://app.example.org/hook', /expected https:\/\/app\.example\.org$/],
    ['https://*.example.org', /not an exact origin: expected like https/],
    ['app.example.org', /expected like https/],
    ['*', /expected like https/],
    ['null', /expected like https/],
    ['http://app.example.org', /expected https, since/],
    ['http://127.evil.example', /expected https, since/],
    ['ftp://127.0.0.1', /expected https, since/]
  ] as const) {
    t.throws(() => opened(origins), { name: 'ConfigError', message }, origins)
  }
  t.throws(() => openWebhooks({ WEBHOOK_SECRET: '', WEBHOOK_ORIGINS: 'https://app.example.org' }), ConfigError)
})
