import { execFile } from 'node:child_process'
import { copyFile, mkdir, open, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { diagnose } from '../../src/doctor/doctor.ts'
import type { Finding } from '../../src/doctor/finding.ts'
import { buildLight } from '../helpers/light-app.ts'
import { starter, withoutStarter } from '../helpers/models.ts'
import { temporaryFolder } from '../helpers/temporary-folder.ts'
import { openSqlite, databaseName } from '../../src/storage/sqlite/index.ts'
import { enrolmentOf, entryOf } from '../storage/samples.ts'

async function findings (env: Record<string, string>, nodeVersion?: string): Promise<Record<string, Finding>> {
  const found = await Array.fromAsync(diagnose({ PORT: '0', ...env }, nodeVersion))
  return Object.fromEntries(found.map(finding => [finding.subject, finding]))
}

/** Without models, so that the other checks are quick. */
function withoutModels (t: Parameters<typeof temporaryFolder>[0]): Record<string, string> {
  const folder = temporaryFolder(t)
  return { MODELS_DIR: join(folder, 'models'), DATA_DIR: join(folder, 'data') }
}

t.test('a service that can start', { skip: withoutStarter }, async t => {
  const { stdout } = await promisify(execFile)(process.execPath, ['scripts/doctor.ts'], {
    env: { ...process.env, PORT: '0', DATA_DIR: join(temporaryFolder(t), 'data') }
  })
  t.match(stdout, /fr_feature: .*sha256 as in the manifest/)
  t.match(stdout, /provider: cpu; every model passed its self-test/)
  t.match(stdout, /task waste: /)
  t.match(stdout, /store: .*first start makes it/)
  t.match(stdout, /The service can start/)
  t.notMatch(stdout, /PROBLEM/)
})

t.test('what is wrong is a problem with an exit code', async t => {
  const failure = await promisify(execFile)(process.execPath, ['scripts/doctor.ts'], {
    env: { ...process.env, PORT: 'x' }
  }).catch(error => error)
  t.equal(failure.code, 1)
  t.match(failure.stdout, /PROBLEM.*settings: PORT=x/)
})

t.test('an old Node.js', async t => {
  t.match(await findings(withoutModels(t), '20.1.0'), { 'Node.js': { state: 'problem', text: /npm start/ } })
})

t.test('missing and changed models', { skip: withoutStarter }, async t => {
  const env = withoutModels(t)
  await mkdir(join(env.MODELS_DIR!, 'starter'), { recursive: true })
  await writeFile(join(env.MODELS_DIR!, starter.faceDetector.file), 'damaged')
  await copyFile(starter.faceEmbedder.path, join(env.MODELS_DIR!, starter.faceEmbedder.file))
  t.match(await findings(env), {
    fr_detect: { state: 'problem', text: /other bytes.*Remove it and install it again/ },
    fr_feature: { state: 'fine' },
    yolov8n: { state: 'hint', text: /missing.*npm run models -- install yolov8n/ },
    tasks: { state: 'skipped' }
  })
  t.match(await findings({ ...env, INSIGHT_PACK: 'nonsense' }), { models: { state: 'problem', text: /known are/ } })
})

t.test('the template key', async t => {
  const env = withoutModels(t)
  t.match(await findings(env), { 'template key': { state: 'hint', text: /unencrypted/ } })
  t.match(await findings({ ...env, TEMPLATE_KEY: '07'.repeat(32) }), { 'template key': { state: 'fine' } })
  t.match(await findings({ ...env, TEMPLATE_KEY: 'secret-word' }), {
    'template key': { state: 'problem', text: /^(?!.*secret-word).*TEMPLATE_KEY/s }
  })
})

t.test('the webhooks', async t => {
  const env = withoutModels(t)
  const WEBHOOK_SECRET = `whsec_${Buffer.alloc(32).toString('base64')}`
  const WEBHOOK_ORIGINS = 'https://app.example.org'
  t.match(await findings(env), { webhooks: { state: 'skipped' } })
  t.match(await findings({ ...env, WEBHOOK_SECRET, WEBHOOK_ORIGINS }), {
    webhooks: { state: 'fine', text: /posted to https:\/\/app\.example\.org$/ }
  })
  t.match(await findings({ ...env, WEBHOOK_SECRET }), { webhooks: { state: 'hint', text: /WEBHOOK_ORIGINS is not/ } })
  t.match(await findings({ ...env, WEBHOOK_SECRET: 'whsec_secret-word', WEBHOOK_ORIGINS }), {
    webhooks: { state: 'problem', text: /^(?!.*secret-word).*WEBHOOK_SECRET/s }
  })
  t.match(await findings({ ...env, WEBHOOK_SECRET, WEBHOOK_ORIGINS: `${WEBHOOK_ORIGINS}/hooks` }), {
    webhooks: { state: 'problem', text: /expected https:\/\/app\.example\.org\./ }
  })
})

t.test('the store', async t => {
  const env = withoutModels(t)
  t.match(await findings(env), { store: { state: 'fine', text: /does not exist yet/ } })
  await mkdir(env.DATA_DIR!)
  t.match(await findings(env), { store: { state: 'fine', text: /sqlite, 0 users/ } })
  const broken = withoutModels(t)
  await writeFile(broken.DATA_DIR!, 'a file where a folder should be')
  t.match(await findings(broken), { store: { state: 'problem' } })
  t.match(await findings({ ...env, DATABASE_URL: 'postgres://user:secret-word@127.0.0.1:1/x' }), {
    store: { state: 'problem', text: /^(?!.*secret-word).*$/s }
  })
})

t.test('the port', async t => {
  const env = withoutModels(t)
  const other = createServer(socket => socket.end('SSH-2.0\r\n')).listen(0, '127.0.0.1')
  t.teardown(() => other.close())
  await new Promise(resolve => other.once('listening', resolve))
  t.match(await findings({ ...env, PORT: String((other.address() as AddressInfo).port) }), {
    port: { state: 'problem', text: /another program/ }
  })

  const { app } = await buildLight(t)
  await app.listen({ host: '127.0.0.1', port: 0 })
  // The first answer of a new process may come late.
  await app.inject('/api/health')
  t.match(await findings({ ...env, PORT: String((app.server.address() as AddressInfo).port) }), {
    port: { state: 'fine', text: /service is running/ }
  })
  t.match(await findings({ ...env, HOST: '203.0.113.1' }), {
    port: { state: 'problem', text: /address of this machine/ },
    access: { state: 'problem', text: /API keys/ }
  })
})

t.test('a rule whose scene cannot be used', { skip: withoutStarter }, async t => {
  const folder = temporaryFolder(t)
  await copyFile('config/tasks.json', join(folder, 'tasks.json'))
  await mkdir(join(folder, 'scenes'))
  await copyFile('config/scenes/planting.json', join(folder, 'scenes', 'planting.json'))
  await writeFile(join(folder, 'scenes', 'waste.json'), '{')
  const found = await findings({ DATA_DIR: join(folder, 'data'), TASKS_FILE: join(folder, 'tasks.json') })
  t.match(found, {
    'task planting': { state: 'fine' },
    'task waste': { state: 'hint', text: /demonstration rules only/ },
    'rule waste-scene': { state: 'hint', text: /is not active\. .*waste\.json cannot be used.*teach waste/ },
    'rule feeding-scene': { state: 'hint', text: /no scene feeding/ }
  })
})

t.test('tasks and page', async t => {
  const env = withoutModels(t)
  t.match(await findings({ ...env, TASKS_FILE: 'nowhere.json' }), {
    tasks: { state: 'problem', text: /nowhere\.json/ }
  })
  t.match(await findings({ ...env, TEST_PAGE: 'false' }), { page: { state: 'skipped' } })
  t.match(await findings({ ...env, HOST: '0.0.0.0', ALLOW_UNAUTHENTICATED: 'true' }), {
    page: { state: 'hint', text: /HTTPS/ },
    access: { state: 'hint' }
  })
})

t.test('a database with a damaged page that no other check looks at', async t => {
  const env = withoutModels(t)
  const store = await openSqlite(env.DATA_DIR!)
  for (let i = 0; i < 40; i++) { await store.saveUser(`user${i}`, () => ({ ...enrolmentOf(`user${i}`), audit: entryOf('signup', `user${i}`) })) }
  await store.close()
  t.match(await findings(env), { store: { state: 'fine', text: /40 users/ } })

  const file = await open(join(env.DATA_DIR!, databaseName), 'r+')
  const bytes = await file.readFile()
  const pageBytes = 8192
  const page = Math.floor(bytes.lastIndexOf('signup') / pageBytes)
  t.ok(page > 0, 'a page of the audit')
  await file.write(Buffer.alloc(pageBytes, 0xa5), 0, pageBytes, page * pageBytes)
  await file.close()
  t.match(await findings(env), { store: { state: 'problem', text: /is damaged: .*restore a backup/s } })
})

t.test('names in .env that are far from any setting are hinted at', async t => {
  const found = async (unknown: string[]) =>
    Array.fromAsync(diagnose({ PORT: '0', ...withoutModels(t) }, process.versions.node, unknown))
  t.match(
    (await found(['MY_SECRET_SAUCE'])).find(({ subject }) => subject === '.env'),
    { state: 'hint', text: /^MY_SECRET_SAUCE: no setting.*docs\/configuration\.md/ }
  )
  t.equal((await found([])).some(({ subject }) => subject === '.env'), false)
})
