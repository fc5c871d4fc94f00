import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import t from 'tap'
import { VerificationClient, VerificationError, verifyWebhook } from '../../clients/typescript/src/index.ts'
import { retryDelay } from '../../clients/typescript/src/retry.ts'
import { newWebhookSecret, parseSecrets, signedHeaders } from '../../src/webhooks/signature.ts'
import { build } from '../helpers/app.ts'
import { launch, noBrowser } from '../helpers/browser.ts'
import { lookAtHead } from '../helpers/challenge-frames.ts'
import { buildLight, seeing } from '../helpers/light-app.ts'
import { portrait, samplePhoto } from '../helpers/photos.ts'
import { temporaryFolder } from '../helpers/temporary-folder.ts'
import { startReceiver } from '../helpers/webhook-receiver.ts'

const blob = (bytes: Buffer) => new Blob([new Uint8Array(bytes)])

/** A fetch that keeps the requests' headers and lets the test act after each answer. */
function watched (afterAnswer: (answer: Response) => void = () => {}) {
  const sent: Headers[] = []
  const watchedFetch: typeof fetch = async (input, init) => {
    sent.push(new Headers(init?.headers))
    const answer = await fetch(input, init)
    afterAnswer(answer)
    return answer
  }
  return { sent, fetch: watchedFetch }
}

t.test('the main job, with real models and an API key', async t => {
  const apiKey = 'k'.repeat(40)
  const { app } = await build(t, { API_KEYS: `app:admin:${apiKey}` })
  const baseUrl = await app.listen({ host: '127.0.0.1', port: 0 })
  const client = new VerificationClient({ baseUrl, apiKey })

  const enrolment = await client.enrol('anna', [blob(await portrait('anna1')), new Uint8Array(await portrait('anna3'))])
  t.match(enrolment, { shots: 2, accepted: [{ filename: 'photo-1' }, { filename: 'photo-2' }], rejected: [] })

  const approved = await client.verify('anna', 'waste', blob(await samplePhoto(3)))
  t.match(approved, { status: 'approved', checks: { face: { outcome: 'passed' } } })
  const rejected = await client.verify('anna', 'waste', new File([new Uint8Array(await samplePhoto(6))], 'six.jpg'))
  t.equal(rejected.status === 'rejected' && rejected.reason, 'Face mismatch')

  t.match(await client.user('anna'), { shots: 2 })
  t.match((await client.tasks()).tasks.map(({ name }) => name), ['planting', 'waste', 'feeding'])
  t.match(await client.me(), { key: String, scopes: ['admin'], privacy: { consentRequired: false } })
  t.match(await client.health(), { ok: true })
  t.match(await client.ready(), { ready: true, store: { kind: 'sqlite' } })
  t.match(await client.deleteUser('anna'), { status: 'deleted', user: 'anna' })

  await t.rejects(client.user('anna'), {
    name: 'VerificationError',
    status: 404,
    code: 'user_not_found',
    message: /anna/,
    requestId: /./
  })
  await t.rejects(client.verify('anna', 'sleeping', new Uint8Array(1)), {
    code: 'unknown_task',
    details: { tasks: [{ name: 'planting' }] }
  })
  await t.rejects(client.enrol('berta', [new Uint8Array(await samplePhoto(6))]), {
    code: 'no_usable_face',
    details: { rejected: [{ code: 'multiple_faces' }] }
  })
  await t.rejects(new VerificationClient({ baseUrl }).tasks(), { status: 401, code: 'unauthorized' })
})

t.test('a challenge is begun, guided, judged and used', async t => {
  const { app } = await buildLight(t, {}, lookAtHead)
  const client = new VerificationClient({ baseUrl: await app.listen({ host: '127.0.0.1', port: 0 }) })
  await client.enrol('anna', blob(Buffer.from('centre')))
  const { id, steps } = await client.challenge('anna')
  t.match(await client.pose(id, blob(Buffer.from('left')), { step: 'left', neutral: 9 }), {
    pose: 'left',
    hint: 'hold'
  })
  t.match(await client.hint(blob(Buffer.from('right')), { step: 'left' }), { hint: 'turn_left' })
  t.match(await client.challengeState(id), { status: 'pending', steps })
  t.match(
    await client.submitFrames(
      id,
      steps.map(({ pose }) => blob(Buffer.from(pose)))
    ),
    { status: 'passed', reasons: [] }
  )
  const proof = blob(Buffer.from('centre unclear'))
  t.match(await client.verify('anna', 'waste', proof), { status: 'rejected', next: 'challenge' })
  t.match(await client.verify('anna', 'waste', proof, { challenge: id }), { status: 'approved' })
  await t.rejects(client.verify('anna', 'waste', proof, { challenge: id }), { status: 409, code: 'challenge_used' })
  await t.rejects(client.submitFrames(id, []), { code: 'missing_field' })
})

t.test('many users come page by page', async t => {
  const { app } = await buildLight(t)
  const client = new VerificationClient({ baseUrl: await app.listen({ host: '127.0.0.1', port: 0 }) })
  for (const name of ['c', 'a', 'b @ c']) await client.enrol(name, blob(Buffer.from(name)))
  t.match(await client.users({ limit: 2 }), { users: [{ username: 'a' }, { username: 'b @ c' }], total: 3, next: /./ })
  const names = []
  for await (const { username } of client.allUsers()) names.push(username)
  t.same(names, ['a', 'b @ c', 'c'])
  t.match(await client.user('b @ c'), { username: 'b @ c' })
})

t.test('an overloaded service is asked again, with the same idempotency key', async t => {
  const { app, services } = await build(t, { QUEUE_MAX: '1' })
  const baseUrl = await app.listen({ host: '127.0.0.1', port: 0 })
  const other = services.inference.reserve('another')
  const { sent, fetch } = watched(answer => { if (answer.status === 503) other.release() })
  const enrolment = await new VerificationClient({ baseUrl, fetch }).enrol('anna', blob(await portrait('anna1')))
  t.equal(enrolment.shots, 1)
  t.equal(sent.length, 2)
  t.match(sent[0]!.get('idempotency-key'), /^[0-9a-f]{32}$/)
  t.equal(sent[0]!.get('idempotency-key'), sent[1]!.get('idempotency-key'))
})

t.test('retries end, too long a wait is not begun, and a wait can be cancelled', async t => {
  const busy = (seconds: string, attempts: { count: number }): typeof fetch => async () => {
    attempts.count++
    return Response.json(
      { status: 'error', code: 503, error: 'overloaded', message: 'busy', requestId: 'r' },
      { status: 503, headers: { 'retry-after': seconds } }
    )
  }
  const photo = new Uint8Array(1)
  for (const [what, seconds, options, attempts] of [
    ['three retries', '0', {}, 4],
    ['none', '0', { retries: 0 }, 1],
    ['too long', '61', {}, 1]
  ] as const) {
    const seen = { count: 0 }
    const client = new VerificationClient({ baseUrl: 'http://127.0.0.1', fetch: busy(seconds, seen), ...options })
    await t.rejects(client.verify('a', 'b', photo), { code: 'overloaded', status: 503, requestId: 'r' }, what)
    t.equal(seen.count, attempts, what)
  }

  const controller = new AbortController()
  const seen = { count: 0 }
  const answered = new VerificationClient({
    baseUrl: 'http://127.0.0.1',
    fetch: async (...call) => {
      setTimeout(() => controller.abort(new Error('changed my mind')))
      return busy('30', seen)(...call)
    }
  })
  await t.rejects(answered.verify('a', 'b', photo, { signal: controller.signal }), { message: 'changed my mind' })
  t.equal(seen.count, 1)
  await t.rejects(new VerificationClient({ baseUrl: 'http://127.0.0.1' }).health({ signal: AbortSignal.abort() }), {
    name: 'AbortError'
  })
})

t.test('answers that do not come from the service are errors too', async t => {
  const client = new VerificationClient({
    baseUrl: 'http://127.0.0.1',
    fetch: async () => new Response('<h1>Bad gateway</h1>', { status: 502 })
  })
  const error = await client.health().catch(error => error)
  t.ok(error instanceof VerificationError)
  t.match(error, { status: 502, code: null, requestId: null, message: /502/ })
})

t.test('the header Retry-After', async t => {
  const answer = (status: number, value?: string) =>
    new Response(null, { status, headers: value === undefined ? {} : { 'retry-after': value } })
  t.equal(retryDelay(answer(503, '7')), 7)
  t.equal(retryDelay(answer(429, '0.5')), 0.5)
  t.equal(retryDelay(answer(503, 'Sun, 22 Nov 2026 12:00:10 GMT'), Date.parse('2026-11-22T12:00:00Z')), 10)
  t.equal(retryDelay(answer(503, 'Sun, 22 Nov 2020 12:00:10 GMT')), 0)
  t.equal(retryDelay(answer(503, 'soon')), null)
  t.equal(retryDelay(answer(503)), null)
  t.equal(retryDelay(answer(500, '7')), null)
})

t.test('the built package works in a browser', { skip: noBrowser }, async t => {
  const dist = temporaryFolder(t)
  await promisify(execFile)(process.execPath, [
    createRequire(import.meta.url).resolve('typescript/bin/tsc'),
    '-p',
    'clients/typescript',
    '--outDir',
    dist
  ])
  const { app } = await build(t)
  app.get<{ Params: { file: string } }>('/client/:file', async ({ params: { file } }, reply) =>
    reply.type('text/javascript').send(await readFile(join(dist, file)))
  )
  app.get('/portrait', async (_request, reply) => reply.type('image/jpeg').send(await portrait('anna1')))
  app.get('/proof', async (_request, reply) => reply.type('image/jpeg').send(await samplePhoto(3)))
  const baseUrl = await app.listen({ host: '127.0.0.1', port: 0 })

  const page = await (await launch(t)).newPage()
  await page.goto(baseUrl)
  const result = await page.evaluate<object>(`(async () => {
    const { VerificationClient, VerificationError } = await import('/client/index.js')
    const client = new VerificationClient({ baseUrl: location.origin })
    const blob = async path => (await fetch(path)).blob()
    const { shots } = await client.enrol('anna', await blob('/portrait'))
    const { status } = await client.verify('anna', 'waste', await blob('/proof'))
    const error = await client.user('nobody').catch(error => error)
    return { shots, status, typed: error instanceof VerificationError, code: error.code }
  })()`)
  t.same(result, { shots: 1, status: 'approved', typed: true, code: 'user_not_found' })
})

t.test('a proof is handed in now and judged later', async t => {
  let broken = false
  const { app } = await buildLight(t, {}, bytes => {
    if (broken) throw new Error('a fault')
    return seeing(Buffer.from(bytes).toString() === 'nobody' ? { faces: [] } : {})
  })
  const client = new VerificationClient({ baseUrl: await app.listen({ host: '127.0.0.1', port: 0 }) })
  await client.enrol('ana', blob(Buffer.from('a')))
  const { id, status } = await client.verifyLater('ana', 'waste', blob(Buffer.from('p')))
  t.equal(status, 'pending')
  t.match(await client.waitForJob(id), { id, status: 'approved', task: 'waste' })
  t.match(await client.job(id), { status: 'done' })
  t.match(await client.waitForJob((await client.verifyLater('ana', 'waste', blob(Buffer.from('nobody')))).id), {
    status: 'rejected',
    reasons: ['no_face']
  })
  await t.rejects(client.waitForJob('none'), { code: 'not_found' })
  await t.rejects(client.verifyLater('ben', 'waste', blob(Buffer.from('p'))), { code: 'user_not_found' })
  await t.rejects(
    client.verifyLater('ana', 'waste', blob(Buffer.from('p')), { webhook: new URL('https://app.example.org') }),
    { code: 'webhook_refused', status: 400 }
  )
  broken = true
  const stuck = await client.verifyLater('ana', 'waste', blob(Buffer.from('p')))
  await t.rejects(client.waitForJob(stuck.id, { signal: AbortSignal.timeout(300) }), { name: 'TimeoutError' })
})

t.test('a job is asked for less and less often, as late as the service says, and its error is thrown', async t => {
  const asked: number[] = []
  const answers = [
    Response.json({ id: 'j', status: 'pending' }),
    Response.json({ id: 'j', status: 'running' }),
    Response.json(
      { status: 'error', code: 429, error: 'rate_limited', message: 'slow down' },
      { status: 429, headers: { 'retry-after': '1' } }
    ),
    Response.json({
      id: 'j',
      status: 'failed',
      error: { status: 'error', code: 409, error: 'replayed_photo', message: 'seen', requestId: 'r' }
    })
  ]
  const client = new VerificationClient({
    baseUrl: 'http://127.0.0.1',
    fetch: async () => {
      asked.push(performance.now())
      return answers.shift()!
    }
  })
  await t.rejects(client.waitForJob('j'), {
    name: 'VerificationError',
    code: 'replayed_photo',
    status: 409,
    message: 'seen',
    requestId: 'r'
  })
  const pauses = asked.slice(1).map((time, i) => time - asked[i]!)
  t.ok(pauses[0]! > 200 && pauses[1]! > 325 && pauses[2]! > 950, pauses.join(' '))
})

t.test('a webhook is believed only with its signature, in its time', async t => {
  const [secret, next] = [newWebhookSecret(), newWebhookSecret()]
  const { origin, received } = await startReceiver(t)
  const { app } = await buildLight(t, { WEBHOOK_SECRET: `${secret},${next}`, WEBHOOK_ORIGINS: origin })
  const client = new VerificationClient({ baseUrl: await app.listen({ host: '127.0.0.1', port: 0 }) })
  await client.enrol('ana', blob(Buffer.from('ä')))
  const { id } = await client.verifyLater('ana', 'waste', blob(Buffer.from('p')), { webhook: `${origin}/hook` })
  while ((await client.job(id)).webhook?.status !== 'delivered') await sleep(20)
  const { headers, body } = received[0]!

  t.match(await verifyWebhook(secret, headers, body), {
    id,
    status: 'done',
    verdict: { status: 'approved', user: 'ana' }
  })
  t.match(await verifyWebhook(next, new Headers(headers as Record<string, string>), Buffer.from(body)), { id })
  t.match(await verifyWebhook([newWebhookSecret(), next], headers, body), { id })
  const refused = { name: 'WebhookError' }
  await t.rejects(verifyWebhook(secret, headers, body.replace('approved', 'rejected')), refused)
  await t.rejects(verifyWebhook(secret, { ...headers, 'webhook-id': 'other' }, body), refused)
  await t.rejects(
    verifyWebhook(secret, { ...headers, 'webhook-timestamp': String(Number(headers['webhook-timestamp']) - 1) }, body),
    refused
  )
  await t.rejects(verifyWebhook(newWebhookSecret(), headers, body), refused)
  await t.rejects(verifyWebhook(secret, headers, Uint8Array.of(0xff, 0xfe)), refused, 'no text at all')
  for (const signature of ['', 'v1,', 'v1,????', 'v2,abc', undefined]) { await t.rejects(verifyWebhook(secret, { ...headers, 'webhook-signature': signature }, body), refused) }

  const old = { id: 'a', body: '{}' }
  const signed = (seconds: number) => signedHeaders(parseSecrets(secret), old, Date.now() - seconds * 1000)
  t.same(await verifyWebhook(secret, signed(290), old.body), {})
  await t.rejects(verifyWebhook(secret, signed(310), old.body), { ...refused, message: /clocks/ })
  await t.rejects(verifyWebhook(secret, signed(-310), old.body), refused)
  t.same(await verifyWebhook(secret, signed(310), old.body, { tolerance: 600 }), {})
  await t.rejects(verifyWebhook('whsec_?', signed(0), old.body), { ...refused, message: /secret/ })
})
