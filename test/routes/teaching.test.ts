import { existsSync } from 'node:fs'
import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import { send } from '../helpers/app.ts'
import { buildLight, seeing } from '../helpers/light-app.ts'
import { parseScene } from '../../src/tasks/scenes/scene-file.ts'
import { lessonLimits } from '../../src/teaching/lesson/lesson.ts'

const contract = 'maps-1/0123456789abcdef/640'
const admin = { 'x-api-key': 'a'.repeat(40) }
const reader = { 'x-api-key': 'r'.repeat(40) }
const API_KEYS = `boss:admin:${'a'.repeat(40)},desk:read:${'r'.repeat(40)}`

/** The first of the features says whether a photo shows the task; the text is KIND and a number. */
function look (bytes: Uint8Array) {
  const [kind, number = '0'] = Buffer.from(bytes).toString().split(' ')
  const signal = kind === 'yes' ? 1 : 0
  const numbers = Float32Array.of(signal, Math.sin(Number(number)), Math.cos(3 * Number(number)))
  return seeing({ features: { contract, mean: numbers, max: numbers, regions: [] } })
}

async function built (t: Test, env: Record<string, string> = {}) {
  const folder = t.testdir({ data: {}, config: {} })
  const tasks = join(folder, 'config', 'tasks.json')
  await cp('config/tasks.json', tasks)
  await mkdir(join(folder, 'config', 'scenes'))
  const { app, services } = await buildLight(t, {
    API_KEYS, TEACHING: 'true', FEATURES: contract, TASKS_FILE: tasks, DATA_DIR: join(folder, 'data'), ...env
  }, look)
  return { app, services, data: join(folder, 'data', 'teaching'), scenes: join(folder, 'config', 'scenes') }
}

const photosOf = (kind: string, count: number, from = 0): Parameters<typeof send>[2] =>
  Array.from({ length: count }, (_, i) => [
    'photos', { bytes: Buffer.from(`${kind} ${from + i}`), filename: `${kind}-${from + i}.jpg` }
  ])

async function add (app: FastifyInstance, kind: 'yes' | 'no' | 'near', count: number, from = 0, headers = admin) {
  return send(app, '/api/teaching/photos', [['class', kind], ...photosOf(kind, count, from)], headers)
}

function call (app: FastifyInstance, method: 'GET' | 'POST' | 'DELETE', path = '', payload?: object, headers = admin) {
  return app.inject({ method, url: `/api/teaching${path}`, headers, ...(payload && { payload }) })
}

/** Teaches with enough photos, and waits for the end. */
async function taught (app: FastifyInstance) {
  await add(app, 'yes', 12)
  await add(app, 'no', 20)
  await add(app, 'no', 4, 20)
  await call(app, 'POST', '', { task: 'planting' })
  for (let tries = 0; tries < 200; tries++) {
    const status = (await call(app, 'GET')).json()
    if (status.state !== 'teaching') return status
    await pause(50)
  }
  throw new Error('teaching does not end')
}

t.test('a task is taught by photos, looked at and kept', async t => {
  const { app, services, data, scenes } = await built(t)
  t.match((await add(app, 'yes', 3)).json(), { state: 'collecting', photos: { yes: 3 }, missing: /at least 10 photos/ })
  t.equal((await readdir(data)).length, 3)
  await call(app, 'DELETE')
  t.notOk(existsSync(data), 'discarding removes the photos')

  const status = await taught(app)
  t.match(status, {
    state: 'taught',
    task: 'planting',
    progress: 1,
    problem: null,
    result: {
      scene: 'planting',
      figures: { auc: 1, proven: { rate: 1, photos: 12, low: Number, high: 1 }, false: { photos: 24 } },
      taught: { yes: 12, no: 24, near: 0 }
    }
  })
  t.ok(status.result.figures.false.rate <= 0.05)
  t.equal((await call(app, 'GET', '/photos/0')).body, 'yes 0')
  t.equal((await call(app, 'GET', '/photos/99')).statusCode, 404)
  t.match((await add(app, 'yes', 1)).json(), { code: 409, error: 'teaching_conflict' }, 'one at a time')

  t.match((await call(app, 'POST', '/keep')).json(), { task: 'planting', scene: 'planting', restart: true })
  t.notOk(existsSync(data), 'keeping removes the photos')
  const scene = parseScene(await readFile(join(scenes, 'planting.json'), 'utf8'), 'planting')
  t.match(scene, { contract, threshold: status.result.threshold, photos: { yes: 12, no: 24 } })
  const rows = await services.store.readAudit({ after: 0, limit: 1000 })
  t.match(rows.filter(({ event }) => event === 'learn'), [
    { key: 'boss', username: null, details: /planting/ }
  ], 'who kept what is in the audit')
  t.match((await call(app, 'POST', '/keep')).json(), { code: 409, error: 'teaching_conflict' })
})

t.test('of two decisions at once one counts', async t => {
  const { app, services, data } = await built(t)
  await taught(app)
  const answers = await Promise.all([call(app, 'POST', '/keep'), call(app, 'POST', '/keep'), call(app, 'DELETE')])
  t.same(answers.map(({ statusCode }) => statusCode), [200, 409, 200])
  t.notOk(existsSync(data))
  const rows = await services.store.readAudit({ after: 0, limit: 1000 })
  t.match(rows.filter(({ event }) => event === 'learn'), [
    { details: /^\{"task":"planting"/ },
    { details: /"status":409/ }
  ], 'the refused one is in the audit as refused')
})

t.test('discarding waits for photos that are being written', async t => {
  const { app, data } = await built(t)
  for (let i = 0; i < 20; i++) {
    const [added, discarded] = await Promise.all([add(app, 'yes', 20, 20 * i), call(app, 'DELETE')])
    t.same([added.statusCode, discarded.statusCode], [200, 200])
    await call(app, 'DELETE')
    t.notOk(existsSync(data))
  }
})

t.test('what cannot be taught is said, and another photo helps', async t => {
  const { app } = await built(t)
  await add(app, 'yes', 2)
  await call(app, 'POST', '', { task: 'planting' })
  while ((await call(app, 'GET')).json().state === 'teaching') await pause(50)
  t.match((await call(app, 'GET')).json(), { state: 'failed', problem: /at least 10 photos of the task and 20 others/ })
  t.match((await call(app, 'POST', '', { task: 'dancing' })).json(), { error: 'unknown_task' })
  t.equal((await taught(app)).state, 'taught', 'the same bytes count once')
})

t.test('uploads are bounded', async t => {
  const { app } = await built(t, { MAX_PHOTO_MB: '8' })
  t.match((await send(app, '/api/teaching/photos', [['class', 'yes'], ...photosOf('yes', 21)], admin)).json(), {
    error: 'too_many_photos'
  })
  const many = lessonLimits.photos / 20
  for (let i = 0; i < many; i++) await add(app, 'no', 20, 20 * i)
  t.match((await add(app, 'no', 1)).json(), { error: 'too_many_photos', message: /at most 1000 photos/ })
  t.match((await send(app, '/api/teaching/photos', [['class', 'maybe'], ...photosOf('yes', 1)], admin)).json(), {
    code: 400
  })
})

t.test('nothing is left behind by a service that ends, or was killed', async t => {
  const { app, data } = await built(t)
  await add(app, 'yes', 2)
  await app.close()
  t.notOk(existsSync(data), 'closed')
  await mkdir(data)
  await writeFile(join(data, '0'), 'left by a crash')
  const DATA_DIR = join(data, '..')
  const again = await buildLight(t, { API_KEYS, TEACHING: 'true', FEATURES: contract, DATA_DIR }, look)
  await again.app.ready()
  t.notOk(existsSync(data), 'killed')
})

t.test('off by default, never in production, and for admins alone', async t => {
  const { app } = await built(t)
  t.equal((await call(app, 'GET', '', undefined, reader)).statusCode, 403)
  t.equal((await add(app, 'yes', 1, 0, reader)).statusCode, 403)
  for (const env of [{ TEACHING: 'false' }, { ENV: 'production' }, { WEB_CONCURRENCY: '2' }]) {
    const { app } = await built(t, env)
    t.equal((await call(app, 'GET')).statusCode, 404, JSON.stringify(env))
  }
})
