/** EXPOSE_SCORES=false: nothing that leaves the service shows how near a photo came, except to keys with `admin`. */
import t, { type Test } from 'tap'
import { send } from '../helpers/app.ts'
import { face } from '../helpers/faces.ts'
import { buildLight, embeddingAt, seeing } from '../helpers/light-app.ts'
import { startReceiver } from '../helpers/webhook-receiver.ts'
import { newWebhookSecret } from '../../src/webhooks/signature.ts'

const guesser = { 'x-api-key': 'g'.repeat(40) }
const admin = { 'x-api-key': 'a'.repeat(40) }
const API_KEYS = `guesser:enrol+verify+read:${'g'.repeat(40)},boss:admin:${'a'.repeat(40)}`

/** The number in a photo's text is the angle between its face and the enrolled one. */
function look (bytes: Uint8Array) {
  const [, angle = '0', size = '100'] = Buffer.from(bytes).toString().split(' ')
  return seeing({ faces: [face({ embedding: embeddingAt(Number(angle)), quality: { size: Number(size) } })] })
}

/** Deliveries are repeated at once. */
const policies = {
  verify: { lease: 60, pause: 1, pauseMax: 1 },
  webhook: { lease: 10, pause: 0, pauseMax: 0 },
  review: { lease: 10, pause: 0, pauseMax: 0 }
}

async function built (t: Test, env: Record<string, string> = {}) {
  const { app } = await buildLight(t, { API_KEYS, EXPOSE_SCORES: 'false', ...env }, look, undefined, policies)
  const enrol = () =>
    send(
      app,
      '/api/signup',
      [
        ['username', 'ana'],
        ['images', { bytes: Buffer.from('shot 0') }]
      ],
      guesser
    )
  const prove = (photo: string, headers: Record<string, string> = guesser) =>
    send(app, '/api/verify', [['username', 'ana'], ['task', 'waste'], ['file', { bytes: Buffer.from(photo) }]], headers)
  const scrape = async (headers = guesser) => (await app.inject({ url: '/api/metrics', headers })).body
  return { app, enrol, prove, scrape }
}

t.test('two scrapes of the metrics around a guess reveal no score', async t => {
  const { enrol, prove, scrape } = await built(t)
  await enrol()
  const before = await scrape()
  await prove('guess 1.2345')
  const after = await scrape()
  t.notMatch(before + after, /eco_(similarity|liveness)_score/)
  t.match(after, /eco_verdicts_total\{task="waste",status="rejected"\} 1/, 'what was decided is still counted')
  t.match(await scrape(admin), /eco_similarity_score_sum\{status="rejected"\} 0\.33/, 'an admin sees scores')
})

t.test('an answer that was stored while scores were shown is repeated without them', async t => {
  const DATA_DIR = t.testdir()
  const once = { ...guesser, 'idempotency-key': 'one' }
  const open = await built(t, { DATA_DIR, EXPOSE_SCORES: 'true' })
  await open.enrol()
  t.match((await open.prove('guess 1.2', once)).json(), { similarity: 0.3624 })
  await open.app.close()

  const closed = await built(t, { DATA_DIR })
  const repeated = await closed.prove('guess 1.2', once)
  t.equal(repeated.headers['idempotency-replayed'], 'true')
  const { id, timestamp, photo, ...told } = repeated.json()
  t.match(told, {
    status: 'rejected',
    similarity: null,
    liveness_score: null,
    checks: { face: { score: null, threshold: null } }
  })
  t.notMatch(JSON.stringify(told), /\d/)
})

t.test('a webhook that was asked for while scores were shown is posted without them', async t => {
  const DATA_DIR = t.testdir()
  const receiver = await startReceiver(t, response => { response.writeHead(503).end() })
  const webhooks = { WEBHOOK_SECRET: newWebhookSecret(), WEBHOOK_ORIGINS: receiver.origin, DATA_DIR }
  const open = await built(t, { ...webhooks, EXPOSE_SCORES: 'true' })
  await open.enrol()
  const form: [string, string | { bytes: Buffer }][] = [
    ['username', 'ana'],
    ['task', 'waste'],
    ['webhook', `${receiver.origin}/outcome`],
    ['file', { bytes: Buffer.from('guess 1.2') }]
  ]
  t.equal((await send(open.app, '/api/verify', form, { ...guesser, prefer: 'respond-async' })).statusCode, 202)
  await receiver.got(1)
  t.match(JSON.parse(receiver.received[0]!.body), { verdict: { similarity: 0.3624 } })
  await open.app.close()

  await (await built(t, webhooks)).app.ready()
  await receiver.got(2)
  t.match(JSON.parse(receiver.received[1]!.body), { verdict: { similarity: null, liveness_score: null } })
})

t.test('the export of a caller without a key has no scores, and one of an admin has', async t => {
  const DATA_DIR = t.testdir()
  const { app, enrol, prove } = await built(t, { DATA_DIR })
  await enrol()
  await prove('guess 1.2', { ...guesser, 'idempotency-key': 'one' })
  await prove('proof 0.1', { ...admin, 'idempotency-key': 'two' })
  const full = (await app.inject({ url: '/api/users/ana/export', headers: admin })).json()
  t.match(full.verifications[0], { livenessScore: 0.97 })
  t.equal(full.user.shots[0].embedding.length > 100, true)
  await app.close()

  const { app: local } = await buildLight(t, { DATA_DIR, EXPOSE_SCORES: 'false' }, look)
  const { user, verifications, answers, audit } = (await local.inject('/api/users/ana/export')).json()
  t.strictSame(user.shots[0].embedding, [])
  const scores = /"(?:similarity|liveness_?[sS]core|score|threshold)":(?!null)/
  t.equal(verifications.length, 2)
  t.notMatch(JSON.stringify([verifications, answers, audit]), scores)
})

t.test(
  'a face that is too small is not compared: neither similarity nor choice of a face reveals the template',
  async t => {
    const { enrol, prove } = await built(t, { EXPOSE_SCORES: 'true' })
    await enrol()
    for (const angle of ['0', '0.7', '1.5']) {
      const { similarity, reasons, checks } = (await prove(`tiny ${angle} 20`)).json()
      t.same(
        [similarity, reasons, checks.face.score, checks.face.faces[0].similarity],
        [null, ['face_too_small'], null, null]
      )
    }
  }
)
