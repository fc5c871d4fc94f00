import { createHmac } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import pg from 'pg'
import { pino } from 'pino'
import t from 'tap'
import { newWebhookSecret } from '../../src/webhooks/signature.ts'
import { send, signup } from '../helpers/app.ts'
import { buildLight, seeing } from '../helpers/light-app.ts'
import { quickPolicies } from '../storage/deferred-contract.ts'
import { findPostgres, missingPostgres, startPostgres } from '../helpers/postgres-server.ts'
import { temporaryFolder } from '../helpers/temporary-folder.ts'
import { type Delivery, startReceiver } from '../helpers/webhook-receiver.ts'

const secret = newWebhookSecret()

const submit = (app: FastifyInstance, webhook: string, headers: Record<string, string> = {}) =>
  send(
    app,
    '/api/verify',
    [
      ['username', 'ana'],
      ['task', 'waste'],
      ['webhook', webhook],
      ['file', { bytes: Buffer.from('p') }]
    ],
    { prefer: 'respond-async', ...headers }
  )

const jobOf = async (app: FastifyInstance, id: string, headers: Record<string, string> = {}) =>
  (await app.inject({ url: `/api/jobs/${id}`, headers })).json()

/** Asks until the delivery is settled. */
async function settled (app: FastifyInstance, id: string, headers: Record<string, string> = {}) {
  for (;;) {
    const job = await jobOf(app, id, headers)
    if (job.webhook.status !== 'pending') return job
    await sleep(20)
  }
}

const signatureOf = ({ headers, body }: Delivery, key = secret) =>
  `v1,${createHmac('sha256', Buffer.from(key.slice('whsec_'.length), 'base64'))
    .update(`${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`)
    .digest('base64')}`

t.test('the outcome is posted as the job shows it, signed, and counted', async t => {
  const { origin, received } = await startReceiver(t)
  const { app, services } = await buildLight(t, { WEBHOOK_SECRET: secret, WEBHOOK_ORIGINS: origin })
  await app.ready()
  await signup(app, 'ana', Buffer.from('a'))
  const { id } = (await submit(app, `${origin}/hook?app=1`)).json()
  const { webhook, ...shown } = await settled(app, id)
  t.same(webhook, { status: 'delivered', attempts: 1 })
  t.equal(received.length, 1)
  const [delivery] = received
  t.match(delivery, {
    path: '/hook?app=1',
    headers: { 'content-type': 'application/json; charset=utf-8', 'webhook-id': id }
  })
  t.same(JSON.parse(delivery!.body), shown)
  t.match(shown, { id, status: 'done', verdict: { status: 'approved', user: 'ana' } })
  t.equal(delivery!.headers['webhook-signature'], signatureOf(delivery!))
  t.not(
    delivery!.headers['webhook-signature'],
    signatureOf({ ...delivery!, body: delivery!.body.replace('approved', 'rejected') })
  )
  t.ok(Math.abs(Number(delivery!.headers['webhook-timestamp']) - Date.now() / 1000) < 60)

  const { body: metrics } = await app.inject('/api/metrics')
  for (const line of [
    'eco_jobs_total{status="done"} 1',
    'eco_webhook_attempts_total{outcome="delivered"} 1',
    'eco_jobs{state="waiting"} 0',
    'eco_jobs{state="webhook"} 0'
  ]) {
    t.ok(metrics.split('\n').includes(line), line)
  }
  const rows = await services.store.auditOf('ana')
  t.match(
    rows.filter(({ event }) => event === 'webhook').map(({ details }) => JSON.parse(details)),
    [{ job: id, status: 'delivered', attempts: 1, origin }]
  )
})

t.test('an error is posted as well, and scores only to whom they are shown', async t => {
  const { origin, received, got } = await startReceiver(t)
  const API_KEYS = `app:enrol+verify:${'1'.repeat(40)},boss:admin:${'3'.repeat(40)}`
  const { app } = await buildLight(t, {
    WEBHOOK_SECRET: secret,
    WEBHOOK_ORIGINS: origin,
    API_KEYS,
    EXPOSE_SCORES: 'false'
  })
  await app.ready()
  const as = (key: string) => ({ 'x-api-key': key.repeat(40) })
  await send(app, '/api/signup', [['username', 'ana'], ['images', { bytes: Buffer.from('a') }]], as('1'))
  for (const key of ['1', '3']) await settled(app, (await submit(app, origin, as(key))).json().id, as(key))
  t.same(received.map(({ body }) => JSON.parse(body).verdict.similarity === null), [true, false])
  await send(
    app,
    '/api/verify',
    [
      ['username', 'ana'],
      ['task', 'waste'],
      ['webhook', origin],
      ['file', { bytes: Buffer.from('a') }]
    ],
    { prefer: 'respond-async', ...as('1') }
  )
  await got(3)
  t.match(JSON.parse(received[2]!.body), { status: 'failed', error: { error: 'replayed_photo' } })
})

t.test('while two secrets are in use, a receiver may know either', async t => {
  const { origin, received } = await startReceiver(t)
  const next = newWebhookSecret()
  const { app } = await buildLight(t, { WEBHOOK_SECRET: `${secret},${next}`, WEBHOOK_ORIGINS: origin })
  await app.ready()
  await signup(app, 'ana', Buffer.from('a'))
  await settled(app, (await submit(app, origin)).json().id)
  t.same(String(received[0]!.headers['webhook-signature']).split(' '), [
    signatureOf(received[0]!),
    signatureOf(received[0]!, next)
  ])
})

t.test(
  'what is not 2xx is tried again under the same id, and given up in the end; redirects are not followed',
  async t => {
    const lines: string[] = []
    const logger = pino(
      { level: 'info' },
      {
        write: (line: string) => {
          lines.push(line)
        }
      }
    )
    const elsewhere = await startReceiver(t)
    const failing = await startReceiver(t, (response, count) => {
      response.writeHead(count === 1 ? 500 : 200).end('x'.repeat(1000))
    })
    const redirecting = await startReceiver(t, response => {
      response.writeHead(307, { location: `${elsewhere.origin}/taken` }).end()
    })
    const { app } = await buildLight(
      t,
      {
        WEBHOOK_SECRET: secret,
        WEBHOOK_ORIGINS: `${failing.origin},${redirecting.origin},${elsewhere.origin}`,
        WEBHOOK_ATTEMPTS: '2'
      },
      () => seeing(),
      logger,
      quickPolicies
    )
    await app.ready()
    await signup(app, 'ana', Buffer.from('a'))
    const retried = (await submit(app, `${failing.origin}/hook?token=hush`)).json().id
    const refused = (await submit(app, `${redirecting.origin}/hook?token=hush`)).json().id
    t.match(await settled(app, retried), { webhook: { status: 'delivered', attempts: 2 } })
    t.match(await settled(app, refused), { status: 'done', webhook: { status: 'failed', attempts: 2 } })
    t.same(new Set(failing.received.map(({ headers }) => headers['webhook-id'])), new Set([retried]))
    t.equal(failing.received[0]!.body, failing.received[1]!.body)
    t.equal(elsewhere.received.length, 0)

    t.match((await app.inject('/api/metrics')).body, /eco_webhook_attempts_total\{outcome="failed"\} 1/)
    const written = lines.join('')
    t.match(written, /a webhook is given up/)
    t.match(written, /it answered 307/)
    t.notMatch(written, /hush|v1,|whsec|approved/, 'no path, signature, secret or body in the log')
  }
)

t.test('a receiver that was away gets it when it is back', async t => {
  const away = await startReceiver(t)
  const port = Number(new URL(away.origin).port)
  await away.close()
  const { app } = await buildLight(
    t,
    { WEBHOOK_SECRET: secret, WEBHOOK_ORIGINS: away.origin },
    undefined,
    undefined,
    quickPolicies
  )
  await app.ready()
  await signup(app, 'ana', Buffer.from('a'))
  const { id } = (await submit(app, away.origin)).json()
  while ((await jobOf(app, id)).webhook.attempts === 0) await sleep(20)
  const back = await startReceiver(t, undefined, port)
  t.match(await settled(app, id), { webhook: { status: 'delivered' } })
  t.equal(back.received.length, 1)
})

t.test(
  'an address that the operator did not list is refused before any work, and one that is no longer listed is given up',
  async t => {
    const { origin, received } = await startReceiver(t)
    const DATA_DIR = temporaryFolder(t)
    const { app, services } = await buildLight(t, {
      DATA_DIR,
      WEBHOOK_SECRET: secret,
      WEBHOOK_ORIGINS: 'https://app.example.org'
    })
    // Nobody is enrolled, which a request that got further would say.
    const refused = await submit(app, origin)
    t.match([refused.statusCode, refused.json().error], [400, 'webhook_refused'])
    t.match((await submit(app, 'https://app.example.org/hook')).json(), { error: 'user_not_found' })
    t.match((await submit(app, 'https://app.example.org/hook', { prefer: 'wait=5' })).json(), {
      code: 400,
      error: 'webhook_refused',
      message: /respond-async/
    })
    t.same(await services.store.countDeferred(), { waiting: 0, running: 0, webhooks: 0 })
    await app.close()

    const before = await buildLight(t, { DATA_DIR, WEBHOOK_SECRET: secret, WEBHOOK_ORIGINS: origin })
    await signup(before.app, 'ana', Buffer.from('a'))
    before.services.store.leaseWebhooks = async () => []
    const { id } = (await submit(before.app, origin)).json()
    while ((await jobOf(before.app, id)).status !== 'done') await sleep(20)
    await before.app.close()
    const after = await buildLight(t, { DATA_DIR, WEBHOOK_SECRET: secret, WEBHOOK_ORIGINS: 'https://app.example.org' })
    await after.app.ready()
    t.match(await settled(after.app, id), { webhook: { status: 'failed' } })
    t.equal(received.length, 0)
  }
)

const bin = findPostgres()
for (const store of ['sqlite', 'postgres'] as const) {
  t.test(
    `on ${store}: a restart between verdict and delivery loses nothing, and any instance delivers`,
    { skip: store === 'postgres' && bin === undefined && missingPostgres },
    async t => {
      const { origin, received } = await startReceiver(t)
      const env: Record<string, string> = {
        DATA_DIR: temporaryFolder(t),
        WEBHOOK_SECRET: secret,
        WEBHOOK_ORIGINS: origin
      }
      if (store === 'postgres') {
        const server = await startPostgres(t, bin!)
        const client = new pg.Client({ connectionString: server.url('postgres') })
        await client.connect()
        await client.query('CREATE DATABASE webhooks')
        await client.end()
        env.DATABASE_URL = server.url('webhooks')
      }
      const first = await buildLight(t, env)
      await signup(first.app, 'ana', Buffer.from('a'))
      // This one judges and never comes to the delivery.
      first.services.store.leaseWebhooks = async () => []
      await first.app.ready()
      const ids: string[] = []
      for (let i = 0; i < 6; i++) ids.push((await submit(first.app, origin)).json().id)
      for (const id of ids) while ((await jobOf(first.app, id)).status !== 'done') await sleep(20)
      t.equal((await first.services.store.countDeferred()).webhooks, 6)
      await first.app.close()
      t.equal(received.length, 0)

      const [one, two] = await Promise.all([buildLight(t, env), buildLight(t, env)])
      await Promise.all([one!.app.ready(), two!.app.ready()])
      for (const id of ids) t.match(await settled(one!.app, id), { webhook: { status: 'delivered', attempts: 1 } })
      t.same(received.map(({ headers }) => headers['webhook-id']).sort(), ids.sort(), 'each once')
    }
  )
}
