/** What every store must do with challenges. */
import type { Test } from 'tap'
import { loadConfig } from '../../src/config/config.ts'
import { openStore } from '../../src/storage/index.ts'
import type { ChallengeEnd, NewChallenge, Store } from '../../src/storage/store.ts'
import { deletion, enrolmentOf, entryOf, lockRequestOf, verificationOf } from './samples.ts'

const NOW = '2026-01-02T03:04:00.000Z'
const LATER = '2026-01-02T03:05:00.000Z'
const audit = entryOf('challenge', 'ana')

function challengeOf (id: string, username = 'ana'): NewChallenge {
  return {
    id,
    requestId: `request-${id}`,
    username,
    steps: ['left', 'centre', 'up', 'right'],
    key: 'app',
    createdAt: NOW,
    expiresAt: '2026-01-02T03:06:00.000Z'
  }
}

function endOf (id: string, status: ChallengeEnd['status'], reasons: string[] = []): ChallengeEnd {
  return { id, status, reasons, checks: '{"poses":1}', judgedAt: LATER, expiresAt: '2026-01-02T03:15:00.000Z' }
}

/** `create` makes an empty database that the test's teardown removes, and answers with the settings that open it. */
export function testChallengesContract (t: Test, create: (t: Test) => Promise<{ env: Record<string, string> }>): void {
  const promise = (
    sentence: string,
    body: (t: Test, store: Store, open: () => Promise<Store>) => Promise<void>
  ): void => {
    t.test(sentence, async t => {
      const { env } = await create(t)
      const open = async () => {
        const store = await openStore(loadConfig(env))
        t.teardown(() => store.close())
        return store
      }
      const store = await open()
      await store.saveUser('ana', () => enrolmentOf('ana'))
      await body(t, store, open)
    })
  }
  const passed = async (store: Store, id: string) => {
    await store.addChallenge(challengeOf(id), { audit })
    await store.startChallenge(id, NOW)
    await store.endChallenge(endOf(id, 'passed'), { audit })
  }
  const approved = (id: string) => ({ ...verificationOf(id, 'ana'), status: 'approved' as const, reasons: [] })

  promise('a challenge is read as written, through its whole life', async (t, store) => {
    t.equal(await store.findChallenge('one'), null)
    t.equal(await store.addChallenge(challengeOf('one'), { audit }), true)
    const pending = { ...challengeOf('one'), status: 'pending', reasons: [], checks: null, judgedAt: null }
    t.same(await store.findChallenge('one'), pending)
    t.equal(await store.startChallenge('one', NOW), true)
    t.same(await store.findChallenge('one'), { ...pending, status: 'judging' })
    await store.stopChallenge('one')
    t.same(await store.findChallenge('one'), pending)
    t.equal(await store.startChallenge('one', NOW), true)
    await store.endChallenge(endOf('one', 'failed', ['flat_face']), { audit })
    const ended = {
      ...pending,
      status: 'failed',
      reasons: ['flat_face'],
      checks: '{"poses":1}',
      judgedAt: LATER,
      expiresAt: '2026-01-02T03:15:00.000Z'
    }
    t.same(await store.findChallenge('one'), ended)
    await store.stopChallenge('one')
    await store.endChallenge(endOf('one', 'passed'), { audit })
    t.same(await store.findChallenge('one'), ended, 'an ended one stays as it is')
    t.equal((await store.auditOf('ana')).filter(({ event }) => event === 'challenge').length, 3)
  })

  promise('only an enrolled user has challenges', async (t, store) => {
    t.equal(await store.addChallenge(challengeOf('one', 'ben'), { audit: entryOf('challenge', 'ben') }), false)
    t.equal(await store.findChallenge('one'), null)
    t.same(await store.auditOf('ben'), [])
  })

  promise(
    'one of many requests, in whichever process, starts a challenge; none an expired one',
    async (t, store, open) => {
      await store.addChallenge(challengeOf('one'), { audit })
      const other = await open()
      const started = await Promise.all(
        Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? store : other).startChallenge('one', NOW))
      )
      t.equal(started.filter(Boolean).length, 1)
      await store.addChallenge(challengeOf('two'), { audit })
      t.equal(await store.startChallenge('two', '2026-01-02T03:06:00.000Z'), false)
      t.equal(await store.startChallenge('nothing', NOW), false)
    }
  )

  promise('one of many verifications uses a passed challenge', async (t, store, open) => {
    await passed(store, 'one')
    const other = await open()
    const challenge = { id: 'one', username: 'ana', now: LATER }
    const results = await Promise.all(
      Array.from({ length: 10 }, (_, i) =>
        (i % 2 === 0 ? store : other).recordVerification(approved(`v${i}`), { challenge })
      )
    )
    t.equal(results.filter(result => result === 'recorded').length, 1)
    t.equal(results.filter(result => result === 'challenge_used').length, 9)
    t.equal((await store.listVerifications({}, { limit: 20 })).verifications.length, 1, 'nothing else was written')
    t.match(await store.findChallenge('one'), { status: 'used' })
  })

  promise('a challenge of somebody else, one that failed and one that expired cannot be used', async (t, store) => {
    await passed(store, 'one')
    t.equal(
      await store.recordVerification(approved('a'), { challenge: { id: 'one', username: 'ben', now: LATER } }),
      'challenge_used'
    )
    t.equal(
      await store.recordVerification(approved('a'), {
        challenge: { id: 'one', username: 'ana', now: '2026-01-02T03:15:00.000Z' }
      }),
      'challenge_used'
    )
    await store.addChallenge(challengeOf('two'), { audit })
    t.equal(
      await store.recordVerification(approved('a'), { challenge: { id: 'two', username: 'ana', now: LATER } }),
      'challenge_used'
    )
    t.equal(await store.findVerification('a'), null)
    t.match(await store.findChallenge('one'), { status: 'passed' })
  })

  promise('a lost idempotency lock leaves nothing behind', async (t, store) => {
    await store.acquireIdempotencyLock(lockRequestOf('lock'))
    const settle = { id: 'lock', owner: 'somebody else', answer: { status: 201, body: Buffer.from('{}'), headers: {} } }
    await t.rejects(store.addChallenge(challengeOf('one'), { audit, settle }), { code: 'idempotency_in_progress' })
    t.equal(await store.findChallenge('one'), null)
    await store.addChallenge(challengeOf('two'), { audit, settle: { ...settle, owner: 'owner' } })
    await store.startChallenge('two', NOW)
    await t.rejects(store.endChallenge(endOf('two', 'passed'), { audit, settle }), { code: 'idempotency_in_progress' })
    t.match(await store.findChallenge('two'), { status: 'judging' })
  })

  promise('challenges are exported and erased with the user, and removed when their time is over', async (t, store) => {
    await passed(store, 'one')
    await store.addChallenge({ ...challengeOf('two'), expiresAt: '2026-01-03T03:06:00.000Z' }, { audit })
    t.same((await store.challengesOf('ana')).map(({ id }) => id), ['one', 'two'])
    t.equal(await store.removeChallenges('2026-01-03T00:00:00.000Z'), 1)
    t.match(await store.deleteUser('ana', deletion), { challenges: 1 })
    t.same(await store.challengesOf('ana'), [])
    t.equal(await store.findChallenge('two'), null)
    await store.endChallenge(endOf('two', 'passed'), { audit })
    t.equal(await store.findChallenge('two'), null, 'an end that comes too late restores nothing')
  })
}
