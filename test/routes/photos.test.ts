import { existsSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { pino } from 'pino'
import t, { type Test } from 'tap'
import { loadConfig } from '../../src/config/config.ts'
import { openServices } from '../../src/server/open-services.ts'
import { removeExpired } from '../../src/privacy/retention.ts'
import { openStore } from '../../src/storage/index.ts'
import { openPhotoArchive } from '../../src/storage/photo-archive.ts'
import { openSealer } from '../../src/storage/sealing.ts'
import { demonstration, signup, verify } from '../helpers/app.ts'
import { buildLight } from '../helpers/light-app.ts'

async function built (t: Test, env: Record<string, string>) {
  const folder = t.testdir()
  const { app, services } = await buildLight(t, { DATA_DIR: folder, ...env })
  await signup(app, 'ana', Buffer.from('ana 1'), Buffer.from('ana 2'))
  await signup(app, 'ben', Buffer.from('ben 1'))
  const { id } = (await verify(app, 'ana', 'waste', Buffer.from('ana proof'))).json()
  const photos = join(folder, 'photos')
  return { app, services, folder, id, photos, files: () => existsSync(photos) ? readdirSync(photos).sort() : [] }
}

const contents = (folder: string, files: string[]) =>
  files.map(name => readFileSync(join(folder, name), 'latin1')).sort()

t.test('photos are kept where the operator says so, and nowhere by default', async t => {
  for (const [kind, kept] of [
    ['none', []],
    ['enrol', ['ana 1', 'ana 2', 'ben 1']],
    ['proofs', ['ana proof']],
    ['all', ['ana 1', 'ana 2', 'ana proof', 'ben 1']]
  ] as const) {
    t.test(kind, async t => {
      const { app, photos, files, id } = await built(t, kind === 'none' ? {} : { KEEP_PHOTOS: kind })
      t.strictSame(contents(photos, files()), kept)
      for (const name of files()) {
        t.match(name, /^[0-9a-f]{32}$/, 'a name says nothing')
        t.equal(statSync(join(photos, name)).mode & 0o777, 0o600)
      }
      await signup(app, 'ana', Buffer.from('ana 1'))
      t.equal(files().length, kept.length, 'a duplicate is not kept')

      const data = (await app.inject('/api/users/ana/export')).json()
      const own = kept.filter(text => text.startsWith('ana'))
      t.equal(data.photos.length, own.length)
      for (const photo of data.photos) {
        const answer = await app.inject(photo.url)
        t.ok(own.includes(answer.body as never))
        t.equal(answer.headers['content-type'], 'application/octet-stream')
        t.equal((await app.inject(photo.url.replace('ana', 'ben'))).statusCode, 404, 'not under another name')
        t.equal(photo.verification, photo.kind === 'proof' ? id : null)
      }

      t.match((await app.inject({ method: 'DELETE', url: '/api/users/ana' })).json(), {
        erased: { shots: 2, verifications: 1, photos: own.length }
      })
      t.strictSame(
        contents(photos, files()),
        kept.filter(text => text.startsWith('ben'))
      )
    })
  }
})

t.test('the export holds one person\'s data and no other\'s', async t => {
  const { app, id } = await built(t, {})
  const answer = await app.inject('/api/users/ana/export')
  t.notMatch(answer.body, /ben/)
  t.match(answer.json(), {
    user: {
      username: 'ana',
      consent: null,
      contract: { dimension: 512 },
      shots: [{ sha256: String, embedding: { length: 512 } }, {}]
    },
    verifications: [{ id, status: 'approved', similarity: 1 }],
    photos: [],
    audit: [{ event: 'signup' }, { event: 'verify' }]
  })
  t.equal((await app.inject('/api/users/nobody/export')).json().error, 'user_not_found')
  t.equal((await app.inject('/api/users/ana/photos/..%2F..%2Feco-connect.sqlite')).statusCode, 400)
  t.equal((await app.inject(`/api/users/ana/photos/${'0'.repeat(32)}`)).statusCode, 404)
})

t.test('retention removes old photos, old verifications and strays, and nothing else', async t => {
  const { app, services: { store, archive }, photos, files } = await built(t, { KEEP_PHOTOS: 'all' })
  const day = 24 * 60 * 60 * 1000
  const users = (await app.inject('/api/users')).body
  const stray = join(photos, 'f'.repeat(32))
  writeFileSync(stray, 'x')
  writeFileSync(join(photos, 'README'), 'the operator\'s')
  const rows = (await store.auditHead()).seq

  t.strictSame(
    await removeExpired(store, archive, undefined),
    { photos: 0, verifications: 0, strays: 0 },
    'a young stray may be a request at work'
  )
  utimesSync(stray, 0, 0)
  t.strictSame(await removeExpired(store, archive, 30, Date.now() + 29 * day), {
    photos: 0,
    verifications: 0,
    strays: 1
  })
  t.equal(files().length, 5)
  t.strictSame(await removeExpired(store, archive, 30, Date.now() + 31 * day), {
    photos: 4,
    verifications: 1,
    strays: 0
  })
  t.strictSame(files(), ['README'])
  t.equal((await app.inject('/api/users')).body, users)
  t.strictSame((await app.inject('/api/verifications')).json().verifications, [])
  t.equal((await store.auditHead()).seq, rows + 1, 'the audit is kept, and says what was removed')
})

t.test('the service runs retention when it starts', async t => {
  const { app, folder, files } = await built(t, { KEEP_PHOTOS: 'all' })
  await app.close()
  const config = loadConfig({ DATA_DIR: folder })
  const store = await openStore(config)
  await store.recordVerification({
    id: 'old',
    requestId: 'r',
    username: 'ana',
    task: 'waste',
    status: 'rejected',
    reasons: [],
    similarity: null,
    livenessScore: null,
    photo: '0',
    models: [],
    createdAt: '2020-01-01T00:00:00.000Z'
  })
  await store.close()
  const again = await buildLight(t, { DATA_DIR: folder, RETENTION_DAYS: '1' })
  await again.app.ready()
  while ((await again.services.store.findVerification('old')) !== null) { await new Promise(resolve => setImmediate(resolve)) }
  t.equal(files().length, 4)
})

t.test('photos and templates are encrypted under a key, and a rotation encrypts them with a new one', async t => {
  const [first, second] = [randomBytes(32).toString('base64'), randomBytes(32).toString('hex')]
  const { app, folder, photos, files } = await built(t, { KEEP_PHOTOS: 'all', TEMPLATE_KEY: first })
  for (const content of contents(photos, files())) t.notMatch(content, /ana|ben/)
  const [photo] = (await app.inject('/api/users/ben/export')).json().photos
  t.equal((await app.inject(photo.url)).body, 'ben 1')
  await app.close()

  const script = fileURLToPath(new URL('../../scripts/keys.ts', import.meta.url))
  const rotate = (env: Record<string, string>) =>
    spawnSync(process.execPath, [script, 'rotate-templates'], { env: { DATA_DIR: folder, ...env }, encoding: 'utf8' })
  t.match(rotate({}), { status: 1, stderr: /Set TEMPLATE_KEY/ })
  t.match(rotate({ TEMPLATE_KEY: second }), { status: 1, stderr: /TEMPLATE_KEYS_OLD/ })
  const services = (env: Record<string, string>) =>
    openServices(
      loadConfig({ DATA_DIR: folder, LOG_LEVEL: 'silent', WORKER_THREADS: '1', TASKS_FILE: demonstration, ...env }),
      pino({ level: 'silent' })
    )
  await t.rejects(
    services({ TEMPLATE_KEY: second }),
    {
      name: 'StoreError',
      code: 'store_sealed',
      message: /encrypted under the key [0-9a-f]{16}, which is not configured/
    },
    'the start says so'
  )
  await t.rejects(services({}), { code: 'store_sealed', message: /not configured/ })
  t.match(rotate({ TEMPLATE_KEY: second, TEMPLATE_KEYS_OLD: first }), {
    status: 0,
    stdout: /Everything is under the key \w+; 3 shots and 4 photos were encrypted anew/
  })
  t.match(rotate({ TEMPLATE_KEY: second }), { status: 0, stdout: /0 shots and 0 photos/ })

  const rotated = await buildLight(t, { DATA_DIR: folder, TEMPLATE_KEY: second })
  t.equal((await rotated.app.inject(photo.url)).body, 'ben 1')
  t.equal((await verify(rotated.app, 'ben', 'waste', Buffer.from('ben proof'))).json().status, 'approved')
  const name = photo.url.split('/').at(-1)
  const other = files().find(file => file !== name)!
  writeFileSync(join(photos, name), readFileSync(join(photos, other)))
  t.equal((await rotated.app.inject(photo.url)).statusCode, 503, 'another photo under this name is not shown')
})

t.test('plain templates stop the start once a key is set', async t => {
  const { app, folder } = await built(t, {})
  await app.close()
  await t.rejects(
    openServices(
      loadConfig({ DATA_DIR: folder, TEMPLATE_KEY: randomBytes(32).toString('hex') }),
      pino({ level: 'silent' })
    ),
    { code: 'store_sealed', message: /not encrypted although TEMPLATE_KEY is set.*rotate-templates/ }
  )
})

t.test('a photo that cannot be kept is reported and does not fail the request', async t => {
  const folder = t.testdir({ photos: 'a file where the folder should be' })
  const errors: unknown[] = []
  const config = loadConfig({ DATA_DIR: folder, KEEP_PHOTOS: 'all' })
  const store = await openStore(config)
  t.teardown(() => store.close())
  const archive = openPhotoArchive(config, store, openSealer(config), error => errors.push(error))
  await archive.keep('proof', [{ username: 'ana', sha256: '0', bytes: new Uint8Array(1), verification: null }])
  t.equal(errors.length, 1)
  t.equal(await archive.sweep(), 0)
  await t.rejects(archive.read('0'.repeat(32)), { code: 'store_corrupt' })
})
