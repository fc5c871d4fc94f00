/** What every store must do with reviews. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Test } from 'tap'
import { loadConfig } from '../../src/config/config.ts'
import { openStore } from '../../src/storage/index.ts'
import { newTemplateKey } from '../../src/storage/sealing.ts'
import type { NewReview, ReviewDecision, Store } from '../../src/storage/store.ts'
import { shortLeases } from './deferred-contract.ts'
import { deletion, deferredIdOf, enrolmentOf, entryOf, verificationOf } from './samples.ts'

const NOW = '2026-01-02T03:04:00.000Z'
const LATER = '2026-01-02T03:05:00.000Z'
const WEEK_LATER = '2026-01-09T03:05:00.000Z'
const PHOTO = Buffer.from('the photo of ana')
const audit = entryOf('review', 'ana')

function reviewOf (number: number, change: Partial<NewReview> = {}): NewReview {
  return {
    id: deferredIdOf(number),
    requestId: `request-${number}`,
    username: 'ana',
    verification: `v${number}`,
    task: 'planting',
    reason: 'liveness_uncertain',
    detail: '{"checks":{}}',
    photo: { bytes: PHOTO, sha256: 'b'.repeat(64) },
    sketches: [],
    webhook: null,
    key: 'app',
    createdAt: NOW,
    expiresAt: '2026-01-09T03:04:00.000Z',
    ...change
  }
}

const by = (
  key: string | null,
  decision: ReviewDecision['decision'] = 'approve',
  note: string | null = null
): ReviewDecision => ({ decision, note, key, at: LATER })

/** `create` makes an empty database that the test's teardown removes, and answers with the settings that open it. */
export function testReviewsContract (t: Test, create: (t: Test) => Promise<{ env: Record<string, string> }>): void {
  type Open = (env?: Record<string, string>) => Promise<Store>
  const promise = (sentence: string, body: (t: Test, store: Store, open: Open) => Promise<void>): void => {
    t.test(sentence, async t => {
      const { env } = await create(t)
      const open = async (more: Record<string, string> = {}) => {
        const store = await openStore(loadConfig({ ...env, ...more }))
        t.teardown(() => store.close())
        return store
      }
      const store = await open()
      for (const name of ['ana', 'ben']) await store.saveUser(name, () => enrolmentOf(name))
      await body(t, store, open)
    })
  }
  const record = (store: Store, number: number, change: Partial<NewReview> = {}) =>
    store.recordVerification(verificationOf(`v${number}`, 'ana'), { review: reviewOf(number, change) })

  promise('a review is stored with its verification, and an approval is the final status', async (t, store) => {
    await record(store, 1)
    const id = deferredIdOf(1)
    const open = {
      id,
      requestId: 'request-1',
      username: 'ana',
      verification: 'v1',
      task: 'planting',
      reason: 'liveness_uncertain',
      detail: '{"checks":{}}',
      photo: 'b'.repeat(64),
      hasPhoto: true,
      key: 'app',
      createdAt: NOW,
      expiresAt: '2026-01-09T03:04:00.000Z',
      state: 'open',
      decisions: [],
      decidedAt: null
    }
    t.same(await store.findReview(id), open)
    t.same(await store.reviewOf('v1'), open)
    t.same(Buffer.from((await store.reviewPhoto(id))!), PHOTO)
    t.equal((await store.findVerification('v1'))?.status, 'rejected')
    t.equal(await store.decideReview(id, by('boss', 'approve', 'clearly live'), { approvals: 1, audit }), 'decided')
    t.same(await store.findReview(id), {
      ...open,
      hasPhoto: false,
      state: 'approved',
      decidedAt: LATER,
      decisions: [by('boss', 'approve', 'clearly live')]
    })
    t.equal(await store.reviewPhoto(id), null, 'the photo is gone')
    t.match(
      await store.findVerification('v1'),
      { status: 'approved', reasons: ['face_mismatch', 'not_live'], similarity: 0.125 },
      'what the machine said stays'
    )
    t.equal(await store.decideReview(id, by('other', 'reject'), { approvals: 1, audit }), 'closed')
    t.equal(await store.decideReview('nothing', by('other'), { approvals: 1, audit }), 'missing')
    const rows = (await store.auditOf('ana')).filter(({ event }) => event === 'review')
    t.same(rows.map(({ details }) => JSON.parse(details).state), ['approved'])
  })

  promise('of many reviewers who decide at the same moment one wins', async (t, store, open) => {
    await record(store, 1)
    const other = await open()
    const outcomes = await Promise.all(
      Array.from({ length: 12 }, (_, i) =>
        (i % 2 === 0 ? store : other).decideReview(deferredIdOf(1), by(`key${i}`, i % 3 === 0 ? 'reject' : 'approve'), {
          approvals: 1,
          audit
        })
      )
    )
    t.same(outcomes.sort(), [...Array(11).fill('closed'), 'decided'])
    const review = await store.findReview(deferredIdOf(1))
    t.equal(review?.decisions.length, 1)
    t.equal((await store.findVerification('v1'))?.status, review?.state)
  })

  promise('where two must approve, they are two; one rejects', async (t, store) => {
    await record(store, 1)
    const decide = (decision: ReviewDecision, id = deferredIdOf(1)) =>
      store.decideReview(id, decision, { approvals: 2, audit })
    t.equal(await decide(by('one')), 'seconded')
    t.match(await store.findReview(deferredIdOf(1)), { state: 'open', hasPhoto: true })
    t.equal((await store.findVerification('v1'))?.status, 'rejected')
    t.equal(await decide(by('one')), 'same_reviewer')
    t.equal(await decide(by('two')), 'decided')
    t.equal((await store.findVerification('v1'))?.status, 'approved')
    await record(store, 2)
    t.equal(await decide(by('one'), deferredIdOf(2)), 'seconded')
    t.equal(await decide(by('one', 'reject'), deferredIdOf(2)), 'decided', 'who changes their mind may reject')
    t.match(await store.findReview(deferredIdOf(2)), { state: 'rejected' })
  })

  promise('an approved photo is found when it comes again, and one picture is approved once', async (t, store) => {
    const bits = new Uint8Array(64).fill(5)
    const sketches = [1, 2].map(number => [
      {
        kind: 'photo' as const,
        ref: `v${number}`,
        bits,
        keyId: null,
        detail: new Uint8Array([number]),
        unless: { limit: 60, upTo: 0 }
      }
    ])
    for (const number of [1, 2]) await record(store, number, { sketches: sketches[number - 1]! })
    const found = async () =>
      (await store.searchSketches('photo', [{ bits, keyId: null }], 0)).matches.map(({ ref, detail }) => [
        ref,
        ...(detail ?? [])
      ])
    t.same(await found(), [])
    await store.decideReview(deferredIdOf(1), by('boss'), { approvals: 1, audit })
    t.same(await found(), [['v1', 1]])
    await t.rejects(store.decideReview(deferredIdOf(2), by('boss'), { approvals: 1, audit }), {
      name: 'SketchRaceError'
    })
    t.match(await store.findReview(deferredIdOf(2)), { state: 'open', hasPhoto: true })
    t.equal(await store.decideReview(deferredIdOf(2), by('boss', 'reject'), { approvals: 1, audit }), 'decided')
  })

  promise('one appeal for each verification, and none while a review is open', async (t, store, open) => {
    await store.recordVerification(verificationOf('v1', 'ana'))
    const other = await open()
    const appeal = entryOf('appeal', 'ana')
    const results = await Promise.all(
      Array.from({ length: 8 }, (_, i) =>
        (i % 2 === 0 ? store : other).addReview(reviewOf(i, { verification: 'v1', reason: 'appeal' }), {
          audit: appeal
        })
      )
    )
    t.same(results.sort(), ['added', ...Array(7).fill('exists')])
    const { reviews: [review] } = await store.listReviews({}, { limit: 5 })
    await store.decideReview(review!.id, by('boss', 'reject'), { approvals: 1, audit })
    t.equal(await store.addReview(reviewOf(9, { verification: 'v1', reason: 'appeal' }), { audit: appeal }), 'exists')
    await record(store, 10)
    t.equal(await store.addReview(reviewOf(11, { verification: 'v10', reason: 'appeal' }), { audit: appeal }), 'exists')
    await store.decideReview(deferredIdOf(10), by('boss', 'reject'), { approvals: 1, audit })
    t.equal(
      await store.addReview(reviewOf(12, { verification: 'v10', reason: 'appeal', createdAt: LATER }), {
        audit: appeal
      }),
      'added',
      'a person may be asked to look again'
    )
    t.match(await store.reviewOf('v10'), { id: deferredIdOf(12), reason: 'appeal' }, 'the last one counts')
    t.equal(
      await store.addReview(reviewOf(13, { verification: 'v13', username: 'nobody' }), { audit: appeal }),
      'missing'
    )
  })

  promise('a signup is reviewed once, until it is rejected', async (t, store) => {
    const signup = (number: number) =>
      store.saveUser('ben', () => ({
        ...enrolmentOf('ben'),
        review: reviewOf(number, { username: 'ben', verification: null, task: null, reason: 'possible_duplicate' })
      }))
    await signup(1)
    await signup(2)
    t.equal(await store.findReview(deferredIdOf(2)), null)
    await store.decideReview(deferredIdOf(1), by('boss', 'reject'), { approvals: 1, audit: entryOf('review', 'ben') })
    await signup(3)
    t.match(await store.findReview(deferredIdOf(3)), { state: 'open', username: 'ben' })
  })

  promise('reviews are listed oldest first, filtered, in pages, and counted', async (t, store) => {
    t.same(await store.countReviews(), { open: {}, oldest: null })
    for (const number of [1, 2, 3]) await record(store, number, { createdAt: `2026-01-02T03:04:0${4 - number}.000Z` })
    await store.recordVerification(verificationOf('v4', 'ben'), {
      review: reviewOf(4, { username: 'ben', reason: 'demonstration' })
    })
    await store.decideReview(deferredIdOf(1), by('boss', 'reject'), { approvals: 1, audit })
    const ids = async (filter: Parameters<Store['listReviews']>[0]) =>
      (await store.listReviews(filter, { limit: 9 })).reviews.map(({ verification }) => verification)
    t.same(await ids({}), ['v4', 'v3', 'v2', 'v1'])
    t.same(await ids({ state: 'open' }), ['v4', 'v3', 'v2'])
    t.same(await ids({ reason: 'demonstration' }), ['v4'])
    t.same(await ids({ username: 'ana', state: 'open' }), ['v3', 'v2'])
    const first = await store.listReviews({}, { limit: 3 })
    const second = await store.listReviews({}, { limit: 3, after: first.next! })
    t.same([...first.reviews, ...second.reviews].map(({ verification }) => verification), ['v4', 'v3', 'v2', 'v1'])
    t.equal(second.next, null)
    t.same(await store.countReviews(), { open: { liveness_uncertain: 2, demonstration: 1 }, oldest: NOW })
    t.same((await store.reviewsOf('ana')).map(({ verification }) => verification), ['v3', 'v2', 'v1'])
  })

  promise('who proves the task after all needs no review of the try before', async (t, store) => {
    await record(store, 1, { webhook: 'https://app.example.org/' })
    await record(store, 2, { task: 'waste' })
    await record(store, 3, { reason: 'recycled_photo' })
    await record(store, 4, { createdAt: '2026-01-02T02:00:00.000Z' })
    await store.recordVerification(verificationOf('v5', 'ben'), { review: reviewOf(5, { username: 'ben' }) })
    await store.recordVerification({ ...verificationOf('v6', 'ana'), status: 'approved', task: 'planting' }, {
      withdrawSince: '2026-01-02T02:50:00.000Z'
    })
    const stateOf = async (number: number) => (await store.findReview(deferredIdOf(number)))?.state
    const states = await Promise.all([1, 2, 3, 4, 5].map(stateOf))
    t.same(states, ['expired', 'open', 'open', 'open', 'open'])
    t.match(await store.findReview(deferredIdOf(1)), { hasPhoto: false, decidedAt: null, decisions: [] })
    t.equal((await store.findVerification('v1'))?.status, 'rejected')
    t.equal(await store.decideReview(deferredIdOf(1), by('boss'), { approvals: 1, audit }), 'closed')
    t.same(await store.leaseReviewWebhooks(10), [], 'nothing was decided')
  })

  promise('photos go when the time is over, with the user, and with what is too old', async (t, store) => {
    for (const number of [1, 2, 3]) await record(store, number, { webhook: 'https://app.example.org/' })
    t.equal(await store.expireReviews(LATER), 0)
    await store.decideReview(deferredIdOf(3), by('boss'), { approvals: 1, audit })
    t.equal(await store.expireReviews(WEEK_LATER), 2)
    t.match(await store.findReview(deferredIdOf(1)), { state: 'expired', hasPhoto: false })
    t.equal(await store.decideReview(deferredIdOf(1), by('boss'), { approvals: 1, audit }), 'closed')
    t.match(await store.deleteUser('ana', deletion), { reviews: 3 })
    t.equal(await store.findReview(deferredIdOf(3)), null)
    t.same(await store.leaseReviewWebhooks(10), [], 'nor is anything delivered')
    await record(store, 5)
    t.equal(await store.findReview(deferredIdOf(5)), null, 'none of a user who is not enrolled')
    await store.recordVerification(verificationOf('v6', 'ben'), { review: reviewOf(6, { username: 'ben' }) })
    await store.removeBefore(WEEK_LATER, entryOf('retention', null))
    t.equal(await store.findReview(deferredIdOf(6)), null)
  })

  promise('the photo of a decided review is kept where asked for, until its time is over', async (t, store) => {
    for (const number of [1, 2]) await record(store, number, { webhook: 'https://app.example.org/' })
    await store.decideReview(deferredIdOf(1), by('boss'), { approvals: 1, audit, keepPhoto: true })
    await store.decideReview(deferredIdOf(2), by('boss', 'reject'), { approvals: 1, audit, keepPhoto: true })
    await store.leaseReviewWebhooks(10)
    t.match(await store.findReview(deferredIdOf(1)), { state: 'approved', hasPhoto: true })
    t.same(Buffer.from((await store.reviewPhoto(deferredIdOf(2)))!), PHOTO)
    await record(store, 3)
    t.equal(await store.removeReviewedPhotos(LATER), 0)
    t.equal(await store.removeReviewedPhotos(WEEK_LATER), 2)
    t.match(await store.findReview(deferredIdOf(1)), { state: 'approved', hasPhoto: false })
    t.match(await store.findReview(deferredIdOf(3)), { state: 'open', hasPhoto: true }, 'an open one stays')
  })

  promise('a decision is delivered once, also when another process starts', async (t, store, open) => {
    await record(store, 1, { webhook: 'https://app.example.org/' })
    await record(store, 2)
    t.same(await store.leaseReviewWebhooks(10), [])
    for (const number of [1, 2]) await store.decideReview(deferredIdOf(number), by('boss'), { approvals: 1, audit })
    const other = await open()
    const [webhook, ...more] = await other.leaseReviewWebhooks(10)
    t.same(more, [])
    t.match(webhook, {
      id: deferredIdOf(1),
      attempt: 1,
      url: 'https://app.example.org/',
      review: { state: 'approved', verification: 'v1' }
    })
    t.same(await store.leaseReviewWebhooks(10), [], 'it is leased')
    const delivered = entryOf('webhook', 'ana')
    t.equal(await store.endReviewWebhook({ id: deferredIdOf(1), attempt: 7 }, delivered), false)
    t.equal(await store.endReviewWebhook(webhook!, delivered), true)
    t.equal(await store.endReviewWebhook(webhook!, delivered), false)
  })

  promise('photos are sealed, and sealed anew under another key', async (t, store, open) => {
    await store.close()
    const [first, second] = [newTemplateKey(), newTemplateKey()]
    const sealed = await open({ TEMPLATE_KEY: first })
    await record(sealed, 1)
    await sealed.close()
    const rotated = await open({ TEMPLATE_KEY: second, TEMPLATE_KEYS_OLD: first })
    t.same(Buffer.from((await rotated.reviewPhoto(deferredIdOf(1)))!), PHOTO)
    const plain = await open()
    await t.rejects(plain.reviewPhoto(deferredIdOf(1)), { code: 'store_sealed' })
  })

  t.test('kill -9: a decision is there as a whole or not at all, and its webhook comes at least once', async t => {
    const { env } = await create(t)
    const store = await openStore(loadConfig(env), undefined, shortLeases)
    t.teardown(() => store.close())
    await store.saveUser('ana', () => enrolmentOf('ana'))
    const webhook = 'https://app.example.org/'
    for (let i = 0; i < DECISIONS; i++) {
      await store.recordVerification(verificationOf(`v${i}`, 'ana'), { review: reviewOf(i, { webhook }) })
    }
    const acknowledged = await linesBeforeKill(t, env, ['decide', String(DECISIONS)], DECISIONS / 4)
    const reviews = await store.reviewsOf('ana')
    const decisions = reviews.filter(({ state }) => state === 'approved')
    t.ok(decisions.length >= acknowledged.length && decisions.length < DECISIONS, `${decisions.length} were decided`)
    for (const { state, decisions, hasPhoto, verification, id } of reviews) {
      const found = [state, decisions.length, hasPhoto, (await store.findVerification(verification!))!.status]
      const whole = state === 'approved' ? ['approved', 1, false, 'approved'] : ['open', 0, true, 'rejected']
      if (acknowledged.includes(id)) t.equal(state, 'approved', 'what was acknowledged stays')
      t.same(found, whole, id)
    }
    const rows = (await store.auditOf('ana', { limit: 10 * DECISIONS })).filter(({ event }) => event === 'review')
    t.equal(rows.length, decisions.length, 'one row for each decision')
    for (const { id } of decisions) {
      t.equal(await store.decideReview(id, by('other', 'reject'), { approvals: 1, audit }), 'closed')
    }

    t.ok((await linesBeforeKill(t, env, ['deliver'], 3)).length >= 3, 'a process died with webhooks in hand')
    const delivered = new Set<string>()
    const until = Date.now() + 60_000
    while (delivered.size < decisions.length && Date.now() < until) {
      for (const { id, attempt } of await store.leaseReviewWebhooks(DECISIONS)) {
        if (await store.endReviewWebhook({ id, attempt }, entryOf('webhook', 'ana'))) delivered.add(id)
      }
      await sleep(100)
    }
    t.same([...delivered].sort(), decisions.map(({ id }) => id).sort())
  })
}

const DECISIONS = 40

const script = fileURLToPath(new URL('reviewer.ts', import.meta.url))

/** Runs the process until it has written so many lines, kills it, and answers with all that it wrote. */
async function linesBeforeKill (
  t: Test, env: Record<string, string>, args: string[], count: number
): Promise<string[]> {
  const child = spawn(process.execPath, [script, ...args], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'inherit']
  })
  t.teardown(() => child.kill('SIGKILL'))
  const ended = once(child, 'close')
  const lines: string[] = []
  createInterface(child.stdout).on('line', line => {
    if (lines.push(line) === count) child.kill('SIGKILL')
  })
  await ended
  return lines
}
