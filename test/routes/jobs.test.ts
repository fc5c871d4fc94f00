import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { FastifyInstance } from 'fastify'
import t from 'tap'
import { build, send, signup } from '../helpers/app.ts'
import { buildLight, seeing } from '../helpers/light-app.ts'
import { portrait, samplePhoto } from '../helpers/photos.ts'
import { findPostgres, missingPostgres, startPostgres } from '../helpers/postgres-server.ts'
import { encodeForm, startServer } from '../helpers/server.ts'
import { temporaryFolder } from '../helpers/temporary-folder.ts'

const submit = (
  app: FastifyInstance,
  text: string,
  {
    username = 'ana',
    task = 'waste',
    headers = {}
  }: { username?: string; task?: string; headers?: Record<string, string> } = {}
) =>
  send(
    app,
    '/api/verify',
    [
      ['username', username],
      ['task', task],
      ['file', { bytes: Buffer.from(text) }]
    ],
    { prefer: 'respond-async', ...headers }
  )

/** Asks until the job has ended. */
async function outcome (app: FastifyInstance, id: string, headers: Record<string, string> = {}) {
  for (;;) {
    const job = (await app.inject({ url: `/api/jobs/${id}`, headers })).json()
    if (job.status !== 'pending' && job.status !== 'running') return job
    await sleep(20)
  }
}

t.test('a proof is taken at once and judged later', async t => {
  const DATA_DIR = t.testdir()
  const { app, services } = await buildLight(t, { DATA_DIR, TEMPLATE_KEY: '7'.repeat(64) }, bytes =>
    seeing(Buffer.from(bytes).toString() === 'nobody' ? { faces: [] } : {})
  )
  await app.ready()
  await signup(app, 'ana', Buffer.from('a'))
  const taken = await submit(app, 'the secret proof', { task: 'Waste-Collection' })
  t.equal(taken.statusCode, 202)
  const { id, status } = taken.json()
  t.match(
    [taken.headers.location, taken.headers['preference-applied'], status],
    [`/api/jobs/${id}`, 'respond-async', 'pending']
  )
  const job = await outcome(app, id)
  t.match(job, {
    id,
    status: 'done',
    verdict: { status: 'approved', id, user: 'ana', task: 'waste', checks: { task: { outcome: 'passed' } } }
  })
  t.match((await app.inject(`/api/verifications/${id}`)).json(), {
    id,
    status: 'approved',
    requestId: taken.headers['x-request-id']
  })
  t.match((await outcome(app, (await submit(app, 'nobody')).json().id)).verdict, {
    status: 'rejected',
    reasons: ['no_face']
  })
  const files = ['eco-connect.sqlite', 'eco-connect.sqlite-wal'].map(name => readFileSync(join(DATA_DIR, name)))
  t.notOk(files.some(bytes => bytes.includes('the secret proof')), 'the photo is never in the file as it is')

  t.equal((await services.store.listVerifications({}, { limit: 9 })).verifications.length, 2)
  const keyed = { headers: { 'idempotency-key': 'k' } }
  const [first, again] = [await submit(app, 'p', keyed), await submit(app, 'p', keyed)]
  t.equal(again.json().id, first.json().id)
  t.match(again.headers, {
    location: first.headers.location,
    'preference-applied': 'respond-async',
    'idempotency-replayed': 'true'
  })
  t.equal(
    (
      await send(
        app,
        '/api/verify',
        [
          ['username', 'ana'],
          ['task', 'waste'],
          ['file', { bytes: Buffer.from('q') }]
        ],
        { prefer: 'wait=10, handling=lenient' }
      )
    ).statusCode,
    200
  )
})

t.test('what can be refused at once is refused at once, the rest as the job\'s error', async t => {
  const { app } = await buildLight(t, { JOBS_MAX: '0', ALLOW_UNAUTHENTICATED: 'true' })
  await signup(app, 'ana', Buffer.from('a'))
  t.match((await submit(app, 'p', { username: 'ben' })).json(), { code: 404, error: 'user_not_found' })
  t.match((await submit(app, 'p', { task: 'sleeping' })).json(), { code: 422, error: 'unknown_task' })
  const full = await submit(app, 'p')
  t.match([full.statusCode, full.json().error, full.headers['retry-after']], [503, 'overloaded', '5'])
  t.equal((await app.inject('/api/jobs/none')).statusCode, 404)

  const other = await buildLight(t, {
    DATA_DIR: temporaryFolder(t),
    ALLOW_UNAUTHENTICATED: 'true',
    API_KEYS: `app:enrol+verify:${'1'.repeat(40)}`
  })
  const headers = { 'x-api-key': '1'.repeat(40) }
  await send(other.app, '/api/signup', [['username', 'ana'], ['images', { bytes: Buffer.from('a') }]], headers)
  const { id } = (await submit(other.app, 'a', { headers })).json()
  t.match(await outcome(other.app, id, headers), {
    id,
    status: 'failed',
    error: { code: 409, error: 'replayed_photo' }
  })
  const rows = await other.services.store.readAudit({ after: 0, limit: 9 })
  t.match(
    rows.filter(({ event }) => event === 'verify').map(({ key, details }) => [key, JSON.parse(details)]),
    [['app', { job: id, error: 'replayed_photo' }]]
  )
})

t.test('only the key that sent it, or an admin, sees a job; scores as everywhere', async t => {
  const API_KEYS = `one:enrol+verify:${'1'.repeat(40)},two:verify:${'2'.repeat(40)},boss:admin:${'3'.repeat(40)}`
  const { app } = await buildLight(t, { API_KEYS, EXPOSE_SCORES: 'false' })
  const as = (key: string) => ({ 'x-api-key': key.repeat(40) })
  await send(app, '/api/signup', [['username', 'ana'], ['images', { bytes: Buffer.from('a') }]], as('1'))
  const { id } = (await submit(app, 'p', { headers: as('1') })).json()
  t.equal((await outcome(app, id, as('1'))).verdict.similarity, null)
  t.type((await outcome(app, id, as('3'))).verdict.similarity, 'number')
  t.equal((await app.inject({ url: `/api/jobs/${id}`, headers: as('2') })).statusCode, 404)
  t.equal((await app.inject(`/api/jobs/${id}`)).statusCode, 401)
})

t.test('a fault is tried again, then given up with an error', async t => {
  let looks = 0
  const { app, services } = await buildLight(t, {}, bytes => {
    const text = Buffer.from(bytes).toString()
    if (text === 'broken' || (text === 'once' && looks++ === 0)) throw new Error('a fault')
    return seeing()
  })
  await signup(app, 'ana', Buffer.from('a'))
  const once = (await submit(app, 'once')).json().id
  t.match(await outcome(app, once), { status: 'done' })
  t.equal(looks, 2)
  t.match(await outcome(app, (await submit(app, 'broken')).json().id), {
    status: 'failed',
    error: { code: 500, error: 'internal_error' }
  })
  t.equal((await services.store.listVerifications({}, { limit: 9 })).verifications.length, 1)
})

const bin = findPostgres()
for (const store of ['sqlite', 'postgres'] as const) {
  t.test(
    `two instances on ${store} share the jobs, and each is done once`,
    { skip: store === 'postgres' && bin === undefined && missingPostgres },
    async t => {
      const env: Record<string, string> = { DATA_DIR: t.testdir() }
      if (store === 'postgres') {
        const server = await startPostgres(t, bin!)
        const client = new pg.Client({ connectionString: server.url('postgres') })
        await client.connect()
        await client.query('CREATE DATABASE jobs')
        await client.end()
        env.DATABASE_URL = server.url('jobs')
      }
      const seen: string[][] = [[], []]
      const [one, two] = await Promise.all(
        seen.map(list =>
          buildLight(t, env, bytes => {
            list.push(Buffer.from(bytes).toString())
            return seeing()
          })
        )
      )
      await Promise.all([one!.app.ready(), two!.app.ready()])
      await signup(one!.app, 'ana', Buffer.from('a'))
      const sent = Array.from({ length: 12 }, (_, i) => `photo ${i}`)
      const ids = await Promise.all(sent.map(async text => (await submit(one!.app, text)).json().id as string))
      for (const id of ids) { t.match(await outcome(two!.app, id), { id, status: 'done', verdict: { status: 'approved' } }) }
      t.same(
        seen
          .flat()
          .filter(text => text !== 'a')
          .sort(),
        sent.sort()
      )
      t.equal((await one!.services.store.listVerifications({}, { limit: 99 })).verifications.length, 12)
    }
  )
}

t.test('kill -9 while jobs run: the next process ends them, each once', async t => {
  const DATA_DIR = t.testdir()
  const env = { DATA_DIR, REQUEST_TIMEOUT: '2' }
  const first = await startServer(t, env)
  const post = async (url: string, parts: [string, string | Uint8Array][], headers = {}) => {
    const { body, contentType } = await encodeForm(parts)
    return fetch(url, {
      method: 'POST',
      body: new Uint8Array(body),
      headers: { 'content-type': contentType, ...headers }
    })
  }
  t.equal(
    (
      await post(`${first.url}/api/signup`, [
        ['username', 'anna'],
        ['images', await portrait('anna1')]
      ])
    ).status,
    200
  )
  const proof = await samplePhoto(3)
  const ids: string[] = []
  for (let i = 0; i < 6; i++) {
    const answer = await post(
      `${first.url}/api/verify`,
      [
        ['username', 'anna'],
        ['task', 'waste'],
        ['file', proof]
      ],
      { prefer: 'respond-async' }
    )
    t.equal(answer.status, 202)
    ids.push((await answer.json() as { id: string }).id)
  }
  await first.stop('SIGKILL')

  const { app, services } = await build(t, env)
  const states = await Promise.all(ids.map(async id => (await services.store.findDeferred(id))?.status))
  t.ok(states.some(status => status !== 'done'), 'some were not done when it was killed')
  await app.ready()
  for (const id of ids) t.match(await outcome(app, id), { id, status: 'done', verdict: { status: 'approved' } })
  const { verifications } = await services.store.listVerifications({}, { limit: 99 })
  t.same(verifications.map(({ id }) => id).sort(), ids.sort())
})
