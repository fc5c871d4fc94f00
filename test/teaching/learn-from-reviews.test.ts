import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { copyFileSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { loadConfig } from '../../src/config/config.ts'
import { openStore } from '../../src/storage/index.ts'
import { newTemplateKey } from '../../src/storage/sealing.ts'
import type { NewReview, Store } from '../../src/storage/store.ts'
import { reviewedPhotos } from '../../src/teaching/reviewed-photos.ts'
import { personBefore } from '../helpers/grounds.ts'
import { withoutStarter } from '../helpers/models.ts'
import { random } from '../helpers/random.ts'
import { temporaryFolder } from '../helpers/temporary-folder.ts'
import { deferredIdOf, enrolmentOf, entryOf, verificationOf } from '../storage/samples.ts'

t.setTimeout(300_000)

const AT = '2026-01-02T03:04:00.000Z'
const noArchive = { read: () => Promise.reject(new Error('nothing is in the archive')) }

interface Decided {
  user?: string
  task?: string
  reason?: NewReview['reason']
  reasons?: string[]
  decision?: 'approve' | 'reject'
  photo?: Uint8Array
  verification?: number
  keepPhoto?: boolean
}

/** Reviews that were opened and decided one after the other. */
async function decide (store: Store, reviews: readonly Decided[]): Promise<void> {
  for (const [i, review] of reviews.entries()) {
    const { user = 'ana', task = 'garden', reason = 'demonstration', decision = 'approve', keepPhoto = true } = review
    const { photo = Buffer.from(`photo ${i}`), reasons = [], verification = i } = review
    const opened: NewReview = {
      id: deferredIdOf(i),
      requestId: `request-${i}`,
      username: user,
      verification: `v${verification}`,
      task,
      reason,
      detail: JSON.stringify({ status: reasons.length === 0 ? 'approved' : 'rejected', reasons }),
      photo: { bytes: photo, sha256: createHash('sha256').update(photo).digest('hex') },
      sketches: [],
      webhook: null,
      key: null,
      createdAt: new Date(Date.parse(AT) + 1000 * i).toISOString(),
      expiresAt: '2027-01-01T00:00:00.000Z'
    }
    if (verification === i) await store.recordVerification(verificationOf(`v${i}`, user), { review: opened })
    else await store.addReview(opened, { audit: entryOf('appeal', user) })
    await store.decideReview(opened.id, { decision, note: null, key: 'boss', at: AT }, {
      approvals: 1, audit: entryOf('review', user), keepPhoto
    })
  }
}

async function opened (env: Record<string, string>, users = ['ana', 'ben']): Promise<Store> {
  const store = await openStore(loadConfig(env))
  for (const name of users) await store.saveUser(name, () => ({ ...enrolmentOf(name), consent: name === 'ben' ? null : 'form 7' }))
  return store
}

t.test('a decision teaches only what it says about the task', async t => {
  const store = await opened({ DATA_DIR: temporaryFolder(t) })
  t.teardown(() => store.close())
  await decide(store, [
    {},
    { decision: 'reject' },
    { reason: 'liveness_uncertain', reasons: ['liveness_uncertain'] },
    { reason: 'liveness_uncertain', reasons: ['liveness_uncertain'], decision: 'reject' },
    { reason: 'recycled_photo', reasons: ['recycled_photo'], decision: 'reject' },
    { task: 'waste' },
    { task: 'waste', decision: 'reject' },
    { keepPhoto: false },
    { user: 'ben' },
    { reason: 'appeal', reasons: ['task_not_shown'], decision: 'reject', verification: 9 },
    { reason: 'appeal', reasons: ['face_mismatch', 'task_not_shown'], decision: 'reject', verification: 10 },
    { decision: 'reject', photo: Buffer.from('looked at twice') },
    { reason: 'appeal', photo: Buffer.from('looked at twice'), verification: 11 },
    { photo: Buffer.from('of two tasks') },
    { task: 'waste', photo: Buffer.from('of two tasks') }
  ])
  const learned = async (REQUIRE_CONSENT: boolean) => {
    const { photos, ...leftOut } = await reviewedPhotos(store, noArchive, { REQUIRE_CONSENT }, 'garden')
    const told = photos.map(async ({ read, class: kind, origin }) => `${Buffer.from(await read!())}: ${kind}, ${origin}`)
    return { ...leftOut, photos: await Promise.all(told) }
  }
  t.same(await learned(true), {
    notKept: 1,
    withoutConsent: 1,
    photos: [
      'photo 0: yes, person-1',
      'photo 1: near, person-1',
      'photo 2: yes, person-1',
      'photo 9: near, person-1',
      'looked at twice: yes, person-1',
      'of two tasks: yes, person-1',
      'photo 5: no, person-1'
    ]
  })
  t.match(await learned(false), { withoutConsent: 0, photos: { length: 8 } })
  await store.deleteUser('ana', entryOf('delete', 'ana'))
  t.match(await learned(true), { photos: [] }, 'nothing is left of a user who was erased')
})

/** Of photos that scenes were taught with. */
function numbersKept (): string[] {
  mkdirSync('models/cache/teaching', { recursive: true })
  return readdirSync('models/cache/teaching', { recursive: true }).map(String).filter(name => /[0-9a-f]{64}$/.test(name))
}

t.test('a task is taught by reviews, and no photo is left behind', { skip: withoutStarter }, async t => {
  const dir = temporaryFolder(t)
  copyFileSync('config/tasks.json', join(dir, 'tasks.json'))
  mkdirSync(join(dir, 'scenes'))
  const users = ['ana', 'cem', 'dia', 'eva']
  const env = { DATA_DIR: join(dir, 'data'), TEMPLATE_KEY: newTemplateKey() }
  const store = await opened(env, users)
  const next = random(7)
  const reviews: Decided[] = []
  for (let i = 0; i < 36; i++) {
    const garden = i < 12
    const photo = await personBefore(garden ? '#2e6b34' : '#b9a07a', i, next)
    reviews.push({ user: users[i % 4]!, task: garden ? 'garden' : 'waste', photo })
  }
  await decide(store, reviews)
  const rows = (await store.auditHead()).seq
  await store.close()
  const before = numbersKept()
  const ran = await new Promise<{ code: unknown, out: string, err: string }>(resolve => {
    const cli = 'src/teaching/cli.ts'
    const args = ['learn-from-reviews', 'garden', '--subject', '', '--sheet', join(dir, 'sheet.html'), '--json']
    const more = { ...env, NODE_OPTIONS: '', TASKS_FILE: join(dir, 'tasks.json'), WORKER_THREADS: '2' }
    execFile(process.execPath, [cli, ...args], { env: { ...process.env, ...more } }, (error, out, err) => {
      resolve({ code: error === null ? 0 : error.code, out, err })
    })
  })
  t.equal(ran.code, 0, ran.err)
  t.match(ran.err, /36 photos of reviews/)
  t.match(JSON.parse(ran.out), { name: 'garden', photos: { yes: 12, no: 24, near: 0, refused: 0, origins: 4 } })
  const sheet = readFileSync(join(dir, 'sheet.html'), 'utf8')
  t.notMatch(sheet, /<img/, 'the page shows no photo of the store')
  t.match(readFileSync(join(dir, 'scenes/garden.json'), 'utf8'), /"weights"/)
  t.same(numbersKept().filter(name => !before.includes(name)), [], 'no numbers of a photo are kept')
  const files = readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name))
  for (const file of files) {
    t.notOk(readFileSync(file).includes(reviews[0]!.photo as Buffer), `${file} holds no plain photo`)
  }
  const again = await openStore(loadConfig(env))
  t.teardown(() => again.close())
  t.equal((await again.auditHead()).seq, rows + 1, 'the audit tells that photos were used')
})
