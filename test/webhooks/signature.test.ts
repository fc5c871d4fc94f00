import { createHmac } from 'node:crypto'
import t from 'tap'
import { ConfigError } from '../../src/config/config.ts'
import { newWebhookSecret, parseSecrets, signedHeaders } from '../../src/webhooks/signature.ts'

t.test('signatures are those of the convention', async t => {
  // The example of the libraries of Standard Webhooks.
  const secrets = parseSecrets('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw')
  const headers = signedHeaders(
    secrets,
    { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', body: '{"test": 2432232314}' },
    1614265330_000
  )
  t.same(headers, {
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='
  })
})

t.test('two secrets sign side by side', async t => {
  const [old, next] = [newWebhookSecret(), newWebhookSecret()]
  const headers = signedHeaders(parseSecrets(`${old}, ${next}`), { id: 'a', body: 'b' }, 5000)
  const expected = [old, next].map(
    secret =>
      `v1,${createHmac('sha256', Buffer.from(secret.slice('whsec_'.length), 'base64'))
        .update('a.5.b')
        .digest('base64')}`
  )
  t.equal(headers['webhook-signature'], expected.join(' '))
  t.same(parseSecrets(''), [])
})

t.test('what is no secret is refused, without repeating it', async t => {
  const good = newWebhookSecret()
  for (const bad of [
    'hunter2hunter2hunter2hunter2hunter2',
    'whsec_c2hvcnQ=',
    `whsec_${'!'.repeat(40)}`,
    `whsec_${Buffer.alloc(65).toString('base64')}`,
    `${good},${good},${good}`
  ]) {
    t.throws(() => parseSecrets(bad), ConfigError)
    try {
      parseSecrets(bad)
    } catch (error) {
      t.notOk((error as Error).message.includes(bad.slice(6)))
    }
  }
})
