import { createHmac } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { loadConfig } from '../../src/config/config.ts'
import { reviewPolicy } from '../../src/reviews/policy.ts'
import { newWebhookSecret } from '../../src/webhooks/signature.ts'
import { openWebhooks } from '../../src/webhooks/webhooks.ts'
import { send, signup, verify } from '../helpers/app.ts'
import { buildLight, seeing } from '../helpers/light-app.ts'
import { quickPolicies } from '../storage/deferred-contract.ts'
import { startReceiver } from '../helpers/webhook-receiver.ts'

const secret = newWebhookSecret()

t.test(
  'a decision is posted, signed, again until it is taken, to the webhook of the job or of the settings',
  async t => {
    const { origin, received, got } = await startReceiver(t, (response, count) => {
      response.writeHead(count === 1 ? 500 : 204).end()
    })
    const {
      app,
      services: { store }
    } = await buildLight(
      t,
      {
        REVIEW: 'uncertain',
        LIVENESS_UNCERTAIN: '0.1..0.6',
        WEBHOOK_SECRET: secret,
        WEBHOOK_ORIGINS: origin,
        REVIEW_WEBHOOK: `${origin}/reviews`
      },
      () => seeing({ liveness: { score: 0.3, models: [] } }),
      undefined,
      quickPolicies
    )
    await app.ready()
    await signup(app, 'ana', Buffer.from('a'))
    const decide = (id: string) =>
      app.inject({
        method: 'POST',
        url: `/api/reviews/${id}`,
        headers: { 'content-type': 'application/json' },
        payload: '{"decision": "approve", "note": "secret note"}'
      })
    const { id: verification, review } = (await verify(app, 'ana', 'waste', Buffer.from('p'))).json()
    t.equal(received.length, 0)
    await decide(review.id)
    await got(2)
    t.same(
      received.map(({ path, headers }) => [path, headers['webhook-id']]),
      [
        ['/reviews', review.id],
        ['/reviews', review.id]
      ]
    )
    const { headers, body } = received[1]!
    t.match(JSON.parse(body), {
      type: 'verification.reviewed',
      timestamp: /Z$/,
      data: { review: { id: review.id, state: 'approved' }, user: 'ana', verification, status: 'approved' }
    })
    t.notMatch(body, /secret note/)
    const signed = createHmac('sha256', Buffer.from(secret.slice('whsec_'.length), 'base64'))
      .update(`${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`)
      .digest('base64')
    t.equal(headers['webhook-signature'], `v1,${signed}`)

    const job = (
      await send(
        app,
        '/api/verify',
        [
          ['username', 'ana'],
          ['task', 'waste'],
          ['webhook', `${origin}/job`],
          ['file', { bytes: Buffer.from('q') }]
        ],
        { prefer: 'respond-async' }
      )
    ).json()
    await got(3)
    const outcome = JSON.parse(received[2]!.body)
    t.match(outcome, { id: job.id, verdict: { status: 'rejected', review: { state: 'open' } } })
    await decide(outcome.verdict.review.id)
    await got(4)
    t.match(received[3], { path: '/job', headers: { 'webhook-id': outcome.verdict.review.id } })
    const rows = async () =>
      (await store.auditOf('ana')).filter(({ event }) => event === 'webhook').map(({ details }) => JSON.parse(details))
    while ((await rows()).length < 3) await sleep(20)
    t.match(await rows(), [
      { review: review.id, status: 'delivered', attempts: 2, origin },
      { job: job.id },
      { review: outcome.verdict.review.id, attempts: 1 }
    ])
  }
)

t.test('a webhook for reviews at another origin stops the start', async t => {
  const config = loadConfig({
    WEBHOOK_SECRET: secret,
    WEBHOOK_ORIGINS: 'https://app.example.org',
    REVIEW_WEBHOOK: 'https://other.example.org/'
  })
  t.throws(() => reviewPolicy(config, openWebhooks(config)), {
    name: 'ConfigError',
    message: /REVIEW_WEBHOOK .* WEBHOOK_ORIGINS/
  })
})
