/** A receiver that takes connections and never answers: others get their webhooks all the same. */
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { newWebhookSecret } from '../../src/webhooks/signature.ts'
import { openWebhooks } from '../../src/webhooks/webhooks.ts'
import { send, signup } from '../helpers/app.ts'
import { buildLight } from '../helpers/light-app.ts'
import { startReceiver } from '../helpers/webhook-receiver.ts'

const SILENT_JOBS = 30
/** Far below the 10 s that a receiver has to answer. */
const MOST_DELAY_MS = 5000

t.test('one silent receiver delays no other', async t => {
  const silent = await startReceiver(t, () => {})
  const honest = await startReceiver(t)
  const { app } = await buildLight(t, {
    WEBHOOK_SECRET: newWebhookSecret(), WEBHOOK_ORIGINS: `${silent.origin},${honest.origin}`, REPLAY_CHECK: 'none'
  })
  await app.ready()
  await signup(app, 'ana', Buffer.from('a'))
  const submit = async (origin: string, photo: string) => {
    const answer = await send(
      app,
      '/api/verify',
      [
        ['username', 'ana'],
        ['task', 'waste'],
        ['webhook', origin],
        ['file', { bytes: Buffer.from(photo) }]
      ],
      { prefer: 'respond-async' }
    )
    t.equal(answer.statusCode, 202)
    return answer.json().id as string
  }
  for (let i = 0; i < SILENT_JOBS; i++) await submit(silent.origin, `silent ${i}`)
  await silent.got(4)

  const id = await submit(honest.origin, 'honest')
  while ((await app.inject(`/api/jobs/${id}`)).json().status !== 'done') await sleep(10)
  const judged = performance.now()
  await honest.got(1)
  const delay = performance.now() - judged
  t.ok(delay < MOST_DELAY_MS, `delivered ${Math.round(delay)} ms after the verdict`)
  t.ok(silent.received.length <= 4, `the silent receiver holds ${silent.received.length} connections`)
  // Otherwise closing would wait for its timeouts.
  await silent.close()
})

t.test('a receiver that does not answer is left alone, and asked again after a pause', async t => {
  let away = true
  const receiver = await startReceiver(t, response => { away ? response.destroy() : response.writeHead(204).end() })
  const webhooks = openWebhooks(
    { WEBHOOK_SECRET: newWebhookSecret(), WEBHOOK_ORIGINS: receiver.origin },
    { concurrency: 2, waitMs: 10_000, failuresToOpen: 3, pauseMs: 300 }
  )
  const post = () => webhooks.post(`${receiver.origin}/hook`, { id: 'x', body: '{}' })

  for (let i = 0; i < 3; i++) t.match(await post(), /cannot be reached/)
  t.match(await post(), /did not answer the last 3 deliveries/)
  t.equal(receiver.received.length, 3, 'nothing more is sent')
  await sleep(350)
  t.match(await post(), /cannot be reached/, 'one tries again')
  t.match(await post(), /did not answer the last 4/)
  away = false
  await sleep(350)
  t.equal(await post(), null)
  t.equal(await post(), null, 'and its answer closes the circuit')
})

t.test('an answer that refuses is an answer', async t => {
  const receiver = await startReceiver(t, response => { response.writeHead(500).end() })
  const webhooks = openWebhooks({ WEBHOOK_SECRET: newWebhookSecret(), WEBHOOK_ORIGINS: receiver.origin })
  for (let i = 0; i < 6; i++) t.match(await webhooks.post(receiver.origin, { id: 'x', body: '{}' }), /it answered 500/)
})

t.test('a slow receiver has few connections, and what waited too long fails unsent', async t => {
  let open = 0
  let most = 0
  const receiver = await startReceiver(t, async response => {
    most = Math.max(most, ++open)
    await sleep(300)
    open--
    response.writeHead(204).end()
  })
  const webhooks = openWebhooks(
    { WEBHOOK_SECRET: newWebhookSecret(), WEBHOOK_ORIGINS: receiver.origin },
    { concurrency: 2, waitMs: 400, failuresToOpen: 3, pauseMs: 300 }
  )
  const problems = await Promise.all(
    Array.from({ length: 10 }, () => webhooks.post(receiver.origin, { id: 'x', body: '{}' }))
  )
  t.equal(most, 2)
  t.ok(problems.filter(problem => problem === null).length >= 4)
  t.match(problems.at(-1), /too slow/)
})
