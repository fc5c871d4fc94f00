/** What the queue of every store must do, with pg-boss behind it or a table of leases. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Test } from 'tap'
import { loadConfig } from '../../src/config/config.ts'
import { openStore } from '../../src/storage/index.ts'
import type { QueuePolicies } from '../../src/storage/queue-policies.ts'
import type { Lease } from '../../src/storage/subjects/deferred.ts'
import { newTemplateKey, openSealer } from '../../src/storage/sealing.ts'
import type { Store } from '../../src/storage/store.ts'
import { lockRequestOf, deletion, enrolmentOf, entryOf, deferredIdOf, deferredOf, verificationOf } from './samples.ts'

export interface QueueDatabase {
  /** The settings that open it. */
  env: Record<string, string>
  /** Of every job in the queue that has not ended: its id and the seconds until it is due. */
  queued (): Promise<{ id: string, dueIn: number }[]>
  /** Ends every lease and every pause, as time would. */
  pass (): Promise<void>
  /** Stops and starts whatever the store runs on. */
  restart (): Promise<void>
}

/** Pauses end within a test. */
export const quickPolicies: QueuePolicies = {
  verify: { lease: 60, pause: 1, pauseMax: 60 },
  webhook: { lease: 60, pause: 1, pauseMax: 60 },
  review: { lease: 60, pause: 1, pauseMax: 60 }
}

/** A lease ends before a test does. */
export const shortLeases: QueuePolicies = { ...quickPolicies, review: { lease: 2, pause: 1, pauseMax: 60 } }

const slowPolicies: QueuePolicies = {
  verify: { lease: 60, pause: 30, pauseMax: 3600 },
  webhook: { lease: 60, pause: 30, pauseMax: 3600 },
  review: { lease: 60, pause: 30, pauseMax: 3600 }
}

const lost = { name: 'LeaseLostError' }
const done = ({ id, attempt }: Lease) => ({ id, attempt, status: 'done' as const, outcome: '{"verdict":1}' })

/** Leases until there is something. */
async function eventually<T> (lease: () => Promise<T[]>): Promise<T> {
  for (;;) {
    const [first] = await lease()
    if (first !== undefined) return first
    await sleep(50)
  }
}

/** Registers the contract as subtests; `create` makes an empty database that the test's teardown removes. */
export function testDeferredContract (t: Test, create: (t: Test) => Promise<QueueDatabase>): void {
  const open = async (t: Test, env: Record<string, string>, policies = quickPolicies): Promise<Store> => {
    const config = loadConfig(env)
    const store = await openStore(config, openSealer(config), policies)
    t.teardown(() => store.close())
    return store
  }
  const promise = (sentence: string, body: (t: Test, store: Store, database: QueueDatabase) => Promise<void>): void => {
    t.test(sentence, async t => {
      const database = await create(t)
      const store = await open(t, database.env)
      await store.saveUser('ana', () => enrolmentOf('ana'))
      await body(t, store, database)
    })
  }

  promise(
    'jobs are leased in the order in which they were sent, each by one, and no more wait than may',
    async (t, store) => {
      for (const number of [1, 2, 3]) t.ok(await store.addDeferred(deferredOf(number), 3))
      t.notOk(await store.addDeferred(deferredOf(4), 3))
      t.equal(await store.findDeferred(deferredIdOf(4)), null)
      t.same(await store.findDeferred(deferredIdOf(1)), {
        id: deferredIdOf(1),
        key: 'app',
        status: 'pending',
        outcome: null,
        webhook: null
      })
      t.same(await store.countDeferred(), { waiting: 3, running: 0, webhooks: 0 })
      const [first, ...none] = await store.leaseDeferred(1)
      t.same(none, [])
      t.same(
        { ...first, photo: Buffer.from(first!.photo()).toString() },
        { ...deferredOf(1), photo: 'photo 1', attempt: 1 }
      )
      t.match(await store.leaseDeferred(9), [
        { id: deferredIdOf(2), attempt: 1 },
        { id: deferredIdOf(3), attempt: 1 }
      ])
      t.same(await store.leaseDeferred(9), [])
      t.match(await store.findDeferred(deferredIdOf(1)), { status: 'running', outcome: null })
      t.same(await store.countDeferred(), { waiting: 0, running: 3, webhooks: 0 })
      t.notOk(await store.addDeferred(deferredOf(4), 3), 'those that run count as well')
    }
  )

  promise(
    'API keys take turns, however many jobs one of them has sent, and a full queue has room for the first job of a key',
    async (t, store) => {
      for (const number of [1, 2, 3, 4]) t.ok(await store.addDeferred(deferredOf(number), 4))
      t.notOk(await store.addDeferred(deferredOf(5), 4))
      t.ok(await store.addDeferred({ ...deferredOf(6), key: 'other' }, 4))
      t.notOk(await store.addDeferred({ ...deferredOf(7), key: 'other' }, 4), 'and only for the first')
      const leased = async (): Promise<string[]> => (await store.leaseDeferred(1)).map(({ id }) => id)
      const order = [...(await leased()), ...(await leased())]
      t.same(order, [deferredIdOf(1), deferredIdOf(6)])
      t.ok(await store.addDeferred({ ...deferredOf(8), key: 'other' }, 9))
      t.same(
        [...(await leased()), ...(await leased()), ...(await leased())],
        [2, 8, 3].map(deferredIdOf),
        'neither waits for all of the other'
      )
    }
  )

  promise('a job ends once, together with its record; then there is room for another', async (t, store, database) => {
    await store.addDeferred(deferredOf(1), 1)
    const [job] = await store.leaseDeferred(1)
    const record = { audit: entryOf('verify', 'ana'), deferred: done(job!) }
    t.equal(await store.recordVerification(verificationOf('1', 'ana'), record), 'recorded')
    t.match(await store.findDeferred(deferredIdOf(1)), { status: 'done', outcome: '{"verdict":1}' })
    await t.rejects(store.endDeferred(done(job!), entryOf('verify', 'ana')), lost)
    await t.rejects(store.recordVerification(verificationOf('2', 'ana'), record), lost)
    t.equal(await store.findVerification('2'), null, 'nothing is written without the lease')
    t.equal((await store.auditHead()).seq, 1)
    t.same(await database.queued(), [])
    t.ok(await store.addDeferred(deferredOf(2), 1))
    const [second] = await store.leaseDeferred(1)
    await store.endDeferred({ ...done(second!), status: 'failed', outcome: '{"error":1}' }, entryOf('verify', 'ana'))
    t.match(await store.findDeferred(deferredIdOf(2)), { status: 'failed', outcome: '{"error":1}' })
  })

  promise('a job is kept with the answer of its lease, or not at all', async (t, store, database) => {
    const answer = { status: 202, body: Buffer.from('{}'), headers: { location: '/api/jobs/1' } }
    await store.acquireIdempotencyLock(lockRequestOf('1'))
    await t.rejects(store.addDeferred(deferredOf(1), 9, { id: '1', owner: 'somebody else', answer }), {
      code: 'idempotency_in_progress'
    })
    t.equal(await store.findDeferred(deferredIdOf(1)), null)
    t.same(await database.queued(), [])
    t.equal(await store.addDeferred(deferredOf(1), 0, { id: '1', owner: 'owner', answer }), false)
    t.match(await store.acquireIdempotencyLock(lockRequestOf('1')), { state: 'running' }, 'no answer without a job')
    t.ok(await store.addDeferred(deferredOf(1), 9, { id: '1', owner: 'owner', answer }))
    t.match(await store.acquireIdempotencyLock(lockRequestOf('1')), {
      state: 'answered',
      answer: { status: 202, headers: answer.headers }
    })
  })

  promise(
    'a lease that lapsed goes to another process, and its late holder changes nothing',
    async (t, store, database) => {
      const other = await open(t, database.env)
      await store.addDeferred(deferredOf(1), 9)
      const [late] = await store.leaseDeferred(1)
      t.same(await other.leaseDeferred(1), [])
      await database.pass()
      const present = await eventually(() => other.leaseDeferred(1))
      t.match(present, { id: late!.id, attempt: 2 })
      await t.rejects(
        store.recordVerification(verificationOf('1', 'ana'), {
          audit: entryOf('verify', 'ana'),
          deferred: done(late!)
        }),
        lost
      )
      await t.rejects(store.endDeferred(done(late!), entryOf('verify', 'ana')), lost)
      await store.retryDeferred(late!)
      t.match(await store.findDeferred(deferredIdOf(1)), { status: 'running' })
      t.equal(await store.findVerification('1'), null)
      t.equal((await store.auditHead()).seq, 0)
      t.equal(
        await other.recordVerification(verificationOf('1', 'ana'), {
          audit: entryOf('verify', 'ana'),
          deferred: done(present)
        }),
        'recorded'
      )
      t.equal((await store.listVerifications({}, { limit: 9 })).verifications.length, 1)
    }
  )

  promise('a released job is retried after pauses that grow', async (t, store, database) => {
    const slow = await open(t, database.env, slowPolicies)
    await slow.addDeferred(deferredOf(1), 9)
    for (const [attempt, least, most] of [[1, 25, 60], [2, 55, 120], [3, 115, 240]] as const) {
      const [job] = await slow.leaseDeferred(1)
      t.match(job, { id: deferredIdOf(1), attempt })
      await slow.retryDeferred(job!)
      t.match(await store.findDeferred(deferredIdOf(1)), { status: 'pending' })
      t.same(await slow.leaseDeferred(1), [])
      const [{ dueIn } = { dueIn: -1 }] = await database.queued()
      t.ok(dueIn > least && dueIn <= most, `attempt ${attempt}: due in ${dueIn} s`)
      await database.pass()
    }
    const [job] = await slow.leaseDeferred(1)
    await slow.endDeferred(done(job!), entryOf('verify', 'ana'))
    t.match(await store.findDeferred(deferredIdOf(1)), { status: 'done' })
  })

  promise('of many that lease the same jobs each job goes to one', async (t, store, database) => {
    const other = await open(t, database.env)
    for (let i = 0; i < 20; i++) await other.addDeferred(deferredOf(i), 100)
    const leases = await Promise.all(Array.from({ length: 20 }, (_, i) => [store, other][i % 2]!.leaseDeferred(3)))
    const ids = leases.flat().map(({ id }) => id)
    t.equal(new Set(ids).size, ids.length)
    t.equal(ids.length, 20)
  })

  promise(
    'jobs are sealed, and go with their person and with time, from the queue as well',
    async (t, store, database) => {
      await store.deleteUser('ana', deletion)
      const env = { ...database.env, TEMPLATE_KEY: newTemplateKey() }
      const sealed = await open(t, env)
      await sealed.saveUser('eva', () => enrolmentOf('eva'))
      for (const number of [1, 2, 3]) { await sealed.addDeferred({ ...deferredOf(number), username: number === 3 ? 'ben' : 'eva' }, 9) }
      const rotated = await open(t, {
        ...database.env,
        TEMPLATE_KEY: newTemplateKey(),
        TEMPLATE_KEYS_OLD: env.TEMPLATE_KEY
      })
      await rotated.resealTemplates()
      await t.rejects(sealed.deferredOf('eva'), { code: 'store_sealed' })
      const [job] = await rotated.leaseDeferred(1)
      t.equal(Buffer.from(job!.photo()).toString(), 'photo 1')
      t.match(await rotated.deferredOf('eva'), [
        { id: deferredIdOf(1), status: 'running', task: 'planting', outcome: null, photo: /^[0-9a-f]{64}$/ },
        { id: deferredIdOf(2), status: 'pending' }
      ])

      t.match(await rotated.deleteUser('eva', deletion), { jobs: 2, answers: 0 })
      t.equal(await store.findDeferred(deferredIdOf(1)), null)
      t.same(
        (await database.queued()).map(({ id }) => id),
        [deferredIdOf(3)]
      )
      await t.rejects(rotated.endDeferred(done(job!), entryOf('verify', null)), lost)
      t.equal(await store.removeDeferred(deferredOf(3).createdAt), 0)
      t.equal(await store.removeDeferred(deferredOf(4).createdAt), 1)
      t.same(await database.queued(), [])
      t.same(await rotated.leaseDeferred(9), [])
    }
  )

  promise('what cannot be opened any more keeps back nothing that is leased with it', async (t, store, database) => {
    await store.deleteUser('ana', deletion)
    const [before, after] = [
      await open(t, { ...database.env, TEMPLATE_KEY: newTemplateKey() }),
      await open(t, { ...database.env, TEMPLATE_KEY: newTemplateKey() })
    ]
    const webhook = 'https://app.example/hook'
    await before.addDeferred({ ...deferredOf(1), webhook }, 9)
    await after.addDeferred({ ...deferredOf(2), webhook }, 9)
    const [closed, readable] = await after.leaseDeferred(9)
    t.throws(() => closed!.photo(), { code: 'store_sealed' })
    t.equal(Buffer.from(readable!.photo()).toString(), 'photo 2')

    await before.endDeferred(done(closed!), entryOf('verify', null))
    await after.endDeferred(done(readable!), entryOf('verify', null))
    const [unreadable, delivered] = await after.leaseWebhooks(9)
    t.throws(() => unreadable!.outcome(), { code: 'store_sealed' })
    t.equal(delivered!.outcome(), '{"verdict":1}')
  })

  promise(
    'the outcome of a job with a webhook is queued as it ends, and delivered once',
    async (t, store, database) => {
      await store.addDeferred({ ...deferredOf(1), webhook: 'https://app.example/hook', scores: true }, 9)
      await store.addDeferred(deferredOf(2), 9)
      t.same(await store.leaseWebhooks(9), [], 'not before it has ended')
      t.match(await store.findDeferred(deferredIdOf(1)), { webhook: { status: 'pending', attempts: 0 } })
      for (const job of await store.leaseDeferred(9)) await store.endDeferred(done(job), entryOf('verify', 'ana'))
      t.same(await store.countDeferred(), { waiting: 0, running: 0, webhooks: 1 })

      const [webhook, ...none] = await store.leaseWebhooks(9)
      t.same(none, [])
      t.same(
        { ...webhook, outcome: webhook!.outcome() },
        {
          id: deferredIdOf(1),
          attempt: 1,
          url: 'https://app.example/hook',
          username: 'ana',
          key: 'app',
          requestId: 'request-1',
          status: 'done',
          outcome: '{"verdict":1}',
          scores: true
        }
      )
      t.same(await store.leaseWebhooks(9), [])
      await store.retryWebhook(webhook!)
      await database.pass()
      const other = await open(t, database.env)
      const [again] = await other.leaseWebhooks(9)
      t.equal(again!.attempt, 2)
      t.match(await store.findDeferred(deferredIdOf(1)), { webhook: { status: 'pending', attempts: 2 } })
      t.notOk(await store.endWebhook(webhook!, 'failed', entryOf('webhook', 'ana')), 'not by its late holder')
      t.ok(await other.endWebhook(again!, 'delivered', entryOf('webhook', 'ana')))
      t.match(await store.findDeferred(deferredIdOf(1)), { webhook: { status: 'delivered', attempts: 2 } })
      t.same(
        (await store.auditOf('ana')).map(({ event }) => event),
        ['verify', 'verify', 'webhook']
      )
      t.equal((await store.countDeferred()).webhooks, 0)
      t.same(await database.queued(), [])
    }
  )

  promise('an erased person has no outcome left to deliver', async (t, store, database) => {
    await store.addDeferred({ ...deferredOf(1), webhook: 'https://app.example/hook' }, 9)
    for (const job of await store.leaseDeferred(9)) await store.endDeferred(done(job), entryOf('verify', 'ana'))
    await store.deleteUser('ana', deletion)
    t.same(await database.queued(), [])
    t.same(await store.leaseWebhooks(9), [])
  })

  promise('nothing is forgotten when the database restarts', async (t, store, database) => {
    await store.addDeferred({ ...deferredOf(1), webhook: 'https://app.example/hook' }, 9)
    for (const number of [2, 3]) await store.addDeferred(deferredOf(number), 9)
    for (const job of await store.leaseDeferred(1)) await store.endDeferred(done(job), entryOf('verify', 'ana'))
    await store.leaseDeferred(1)
    await database.restart()
    await database.pass()
    const after = store.kind === 'sqlite' ? await open(t, database.env) : store
    const found = [await eventually(() => after.leaseDeferred(1)), await eventually(() => after.leaseDeferred(1))]
    t.same(
      found.map(({ id, attempt }) => [id, attempt]).sort(),
      [
        [deferredIdOf(2), 2],
        [deferredIdOf(3), 1]
      ],
      'with the one whose lease nobody held any more'
    )
    t.match(await after.leaseWebhooks(9), [{ id: deferredIdOf(1) }])
  })

  promise(
    'two processes, one of them killed with a job in its hands: each job is recorded once',
    async (t, store, database) => {
      const numbers = Array.from({ length: 8 }, (_, i) => i + 1)
      for (const number of numbers) await store.addDeferred(deferredOf(number), 99)
      const killed = startWorker(t, database, 'hold')
      const held = await killed.firstJob
      killed.kill()
      await database.pass()
      startWorker(t, database, 'work')
      startWorker(t, database, 'work')
      for (;;) {
        const { waiting, running } = await store.countDeferred()
        if (waiting + running === 0) break
        await sleep(50)
      }
      const { verifications } = await store.listVerifications({}, { limit: 99 })
      t.same(verifications.map(({ id }) => id).sort(), numbers.map(deferredIdOf))
      t.ok(verifications.some(({ id }) => id === held))
      t.equal((await store.auditHead()).seq, numbers.length)
    }
  )
}

const script = fileURLToPath(new URL('worker.ts', import.meta.url))

function startWorker (t: Test, { env }: QueueDatabase, what: 'hold' | 'work') {
  const child = spawn(process.execPath, [script, what], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'inherit']
  })
  const ended = once(child, 'close')
  const kill = (): void => { child.kill('SIGKILL') }
  t.teardown(async () => {
    kill()
    await ended
  })
  return { kill, firstJob: once(createInterface(child.stdout), 'line').then(([line]) => String(line)) }
}
