import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { pino } from 'pino'
import t from 'tap'
import { createLogger } from '../../src/observability/logger.ts'
import { send, signup, verify } from '../helpers/app.ts'
import { buildLight, seeing } from '../helpers/light-app.ts'

const photo = Buffer.from('a photo')
const proof = Buffer.from('a proof')

/** Metric names that a PromQL expression or a file of them uses. */
function namesIn (text: string): string[] {
  return [...new Set(text.match(/\b(?:eco|nodejs|process)_[a-z0-9_]+\b/g))]
}

t.test('what happened is counted, by route pattern and without names of people', async t => {
  const { app } = await buildLight(t)
  await signup(app, 'anna', photo)
  await verify(app, 'anna', 'waste', proof)
  await verify(app, 'anna', 'feeding', proof)
  await app.inject('/api/users/anna')
  await app.inject('/api/secret-anna')

  const answer = await app.inject('/api/metrics')
  t.equal(answer.statusCode, 200)
  t.match(answer.headers['content-type'], /^text\/plain/)
  const has = (line: string) => t.ok(answer.body.split('\n').includes(line), line)
  has('eco_verdicts_total{task="waste",status="approved"} 1')
  has('eco_verdicts_total{task="feeding",status="rejected"} 1')
  has('eco_verdict_reasons_total{reason="task_not_shown"} 1')
  has('eco_http_request_duration_seconds_count{method="POST",route="/api/verify",status="200"} 2')
  has('eco_http_request_duration_seconds_count{method="GET",route="/api/users/:username",status="200"} 1')
  has('eco_http_request_duration_seconds_count{method="GET",route="none",status="404"} 1')
  has('eco_stage_duration_seconds_count{stage="upload"} 3')
  has('eco_similarity_score_count{status="approved"} 1')
  has('eco_workers_healthy 1')
  t.match(answer.body, /eco_model_info\{role="face-detector",id="/)
  t.notMatch(answer.body, /anna/)
})

t.test('signups are counted by outcome, and photos that were rejected by reason', async t => {
  const { app } = await buildLight(t)
  t.equal((await signup(app, 'anna', photo, photo)).statusCode, 200)
  t.equal((await signup(app, '=', photo)).json().error, 'invalid_username')
  t.equal((await send(app, '/api/signup', [['username', 'berta']])).json().error, 'missing_field')

  const lines = (await app.inject('/api/metrics')).body.split('\n')
  const has = (line: string) => t.ok(lines.includes(line), line)
  has('eco_signups_total{outcome="enrolled"} 1')
  has('eco_signups_total{outcome="invalid_username"} 1')
  has('eco_signups_total{outcome="missing_field"} 1')
  has('eco_rejected_photos_total{reason="duplicate"} 1')
})

t.test('photos of a refused signup are counted too', async t => {
  const { app } = await buildLight(t, {}, () => ({ ...seeing(), faces: [] }))
  t.equal((await signup(app, 'anna', photo)).json().error, 'no_usable_face')
  const lines = (await app.inject('/api/metrics')).body.split('\n')
  t.ok(lines.includes('eco_signups_total{outcome="no_usable_face"} 1'))
  t.ok(lines.includes('eco_rejected_photos_total{reason="no_face"} 1'))
})

t.test('the dashboard and the alerts name metrics that exist', async t => {
  const { app } = await buildLight(t)
  await signup(app, 'anna', photo, photo)
  await verify(app, 'anna', 'feeding', proof)
  const known = (await app.inject('/api/metrics')).body.split('\n').map(line => /^\w+/.exec(line)?.[0])
  for (const file of ['grafana-dashboard.json', 'alerts.yml']) {
    const used = namesIn(readFileSync(new URL(`../../deploy/${file}`, import.meta.url), 'utf8'))
    t.ok(used.length > 5, file)
    t.strictSame(used.filter(name => !known.includes(name)), [], file)
  }
})

t.test(
  'promtool accepts the alert rules',
  {
    skip:
      !['/usr/bin/promtool', '/usr/local/bin/promtool'].some(path => existsSync(path)) &&
      'no promtool found: install the Debian package prometheus to run this test'
  },
  async t => {
    t.match(
      execFileSync('promtool', ['check', 'rules', new URL('../../deploy/alerts.yml', import.meta.url).pathname], {
        encoding: 'utf8'
      }),
      /SUCCESS/
    )
  }
)

t.test('stages are reported in Server-Timing and in one log line; probes keep quiet', async t => {
  const lines: Record<string, unknown>[] = []
  const logger = pino({ level: 'info' }, { write: (line: string) => { lines.push(JSON.parse(line)) } })
  const { app } = await buildLight(t, {}, () => seeing(), logger)
  lines.length = 0
  await app.inject('/api/health')
  await app.inject('/api/ready')
  await app.inject('/api/metrics')
  t.strictSame(lines, [])

  const answer = await send(
    app,
    '/api/signup',
    [
      ['username', 'anna'],
      ['images', { bytes: photo }]
    ],
    { 'x-request-id': 'r1' }
  )
  t.match(answer.headers['server-timing'], /^upload;dur=[\d.]+, store;dur=[\d.]+, total;dur=[\d.]+$/)
  t.match(lines, [
    {
      requestId: 'r1',
      msg: 'request completed',
      method: 'POST',
      route: '/api/signup',
      status: 200,
      stages: { upload: Number, store: Number }
    }
  ])
  t.notMatch(JSON.stringify(lines), /anna/)
})

t.test('pending erasures are counted', async t => {
  const { app, services: { store } } = await buildLight(t)
  t.match((await app.inject('/api/metrics')).body, /^eco_erasures_pending 0$/m)
  store.pendingErasures = async () => ['write_ahead_log', 'free_pages']
  t.match((await app.inject('/api/metrics')).body, /^eco_erasures_pending 2$/m)
})

t.test('a store that does not answer takes no other metrics with it', async t => {
  const { app, services: { store } } = await buildLight(t)
  store.countDeferred = () => new Promise(() => {})
  t.match((await app.inject('/api/metrics')).body, /^eco_workers 1$/m)
})

t.test('a process that cannot report its metrics fails the scrape, and does not end the others', async t => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [new URL('../helpers/scraped-process.ts', import.meta.url).pathname],
    { encoding: 'utf8' }
  )
  t.equal(status, 0, stderr)
  t.match(stdout, /could not be collected: no numbers/)
})

t.test('no log level shows a name, a query or a key', async t => {
  const lines: string[] = []
  const logger = createLogger(
    { LOG_LEVEL: 'trace', ENV: 'production' },
    {
      write: (line: string) => {
        lines.push(line)
      }
    }
  )
  const { app } = await buildLight(
    t,
    { API_KEYS: 'front:verify:veiled-key-of-front-0123456789-abcdef' },
    () => seeing(),
    logger
  )
  const headers = { 'x-api-key': 'veiled-key-of-front-0123456789-abcdef' }
  const proof = await send(
    app,
    '/api/verify',
    [
      ['username', 'veiled'],
      ['task', 'waste'],
      ['file', { bytes: photo }]
    ],
    headers
  )
  t.equal(proof.json().error, 'user_not_found')
  for (const url of [
    '/api/users/veiled',
    '/api/users/veiled/veiled',
    '/veiled',
    '/api/tasks?token=veiled',
    '/api/jobs/veiled?token=veiled'
  ]) {
    await app.inject({ url, headers })
    await app.inject({ url, headers: { 'x-api-key': 'veiled-and-wrong' } })
  }
  t.match(lines.join(''), /"code":"user_not_found".*"msg":"request refused"/)
  t.match(lines.join(''), /"route":"\/api\/users\/:username".*"msg":"incoming request"/)
  t.notMatch(lines.join(''), /veiled/)
})
