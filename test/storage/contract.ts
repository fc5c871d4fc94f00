/** What every store must do, whatever is behind it. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Test } from 'tap'
import { loadConfig } from '../../src/config/config.ts'
import { openStore } from '../../src/storage/index.ts'
import { type AuditReport, checkChain } from '../../src/storage/audit-chain.ts'
import { newTemplateKey, openSealer } from '../../src/storage/sealing.ts'
import type {
  KeptPhoto,
  Store,
  VerificationCursor,
  VerificationFilter,
  VerificationRecord
} from '../../src/storage/store.ts'
import {
  adding,
  lockRequestOf,
  contract,
  deletion,
  embeddingOf,
  enrolmentOf,
  entryOf,
  shotOf,
  verificationOf
} from './samples.ts'

export interface Database {
  /** The settings that open it. */
  env: Record<string, string>
  /** Every verification record, ordered by id, with the columns of the table; the store itself only writes them. */
  verifications (): Promise<Record<string, unknown>[]>
  /** Exchanges the shots of two users, behind the store's back. */
  swapTemplates (one: string, other: string): Promise<void>
}

/**
 * Registers the contract as subtests; `create` makes an empty database that the test's teardown removes, without tables
 * when it is `bare`.
 */
export function testStoreContract (t: Test, create: (t: Test, bare?: boolean) => Promise<Database>): void {
  /** A test with a database of its own. */
  const promise = (sentence: string, body: (t: Test, store: Store, database: Database) => Promise<void>): void => {
    t.test(sentence, async t => {
      const database = await create(t)
      const store = await openStore(loadConfig(database.env))
      t.teardown(() => store.close())
      await body(t, store, database)
    })
  }

  promise('an empty store is readable', async (t, store) => {
    await Promise.all([store.check(), store.check()])
    t.same(await store.integrityCheck(), [])
    t.equal(await store.countUsers(), 0)
    t.equal(await store.findUser('ana'), null)
    t.equal(await store.deleteUser('ana', deletion), null)
    t.same(await store.listUsers({ limit: 10 }), { users: [], next: null })
  })

  promise('a saved user comes back as written, also after reopening', async (t, store, database) => {
    const saved = await store.saveUser('ana', current => {
      t.equal(current, null)
      return enrolmentOf('ana')
    })
    t.match(saved, { username: 'ana', createdAt: saved.updatedAt, ...enrolmentOf('ana') })
    t.same(await store.findUser('ana'), saved)

    await store.close()
    const reopened = await openStore(loadConfig(database.env))
    t.teardown(() => reopened.close())
    t.same(await reopened.findUser('ana'), saved)
    t.same(await reopened.listUsers({ limit: 1 }), {
      users: [{ username: 'ana', shots: 3, createdAt: saved.createdAt, updatedAt: saved.updatedAt }], next: null
    })
  })

  promise(
    'a change replaces the shots and the contract, and keeps the date of the first enrolment',
    async (t, store) => {
      const first = await store.saveUser('ana', () => enrolmentOf('ana'))
      const other = { model: 'c'.repeat(64), preprocessing: '2', dimension: 4 }
      const shots = [{ ...shotOf('new'), embedding: embeddingOf('new', 4) }]
      const second = await store.saveUser('ana', current => {
        t.same(current, first)
        return { contract: other, shots }
      })
      t.same(await store.findUser('ana'), second)
      t.same(second.contract, other)
      t.same(second.shots, shots)
      t.equal(second.createdAt, first.createdAt)
      t.ok(second.updatedAt >= first.updatedAt)
    }
  )

  promise('embeddings come back bit for bit', async (t, store) => {
    const embedding = Float32Array.of(
      0,
      -0,
      1,
      -1,
      1 / 3,
      Math.PI,
      1e-45,
      -1e-45,
      1.1754942e-38,
      3.4028235e38,
      2 ** -126,
      1 + 2 ** -23
    )
    const { shots } = await store.saveUser('ana', () => ({
      contract: { ...contract, dimension: embedding.length }, shots: [{ ...shotOf('bits'), embedding }]
    }))
    const found = await store.findUser('ana')
    t.same(bitsOf(found?.shots[0]?.embedding), bitsOf(embedding))
    t.same(bitsOf(shots[0]?.embedding), bitsOf(embedding))
  })

  promise('a change that throws writes nothing and its error passes through', async (t, store) => {
    const refusal = new Error('no')
    const refuse = (): never => { throw refusal }
    await t.rejects(store.saveUser('new', refuse), refusal)
    t.equal(await store.findUser('new'), null)

    const before = await store.saveUser('ana', () => enrolmentOf('ana'))
    await t.rejects(store.saveUser('ana', refuse), refusal)
    t.same(await store.findUser('ana'), before)
    await store.saveUser('ana', adding('later'))
    t.equal((await store.findUser('ana'))?.shots.length, 4, 'the store still works')
  })

  promise('an enrolment that cannot be kept is refused whole', async (t, store) => {
    const before = await store.saveUser('ana', () => enrolmentOf('ana'))
    await t.rejects(store.saveUser('ana', () => ({ contract, shots: [] })), /at least one shot/)
    const short = { ...shotOf('short'), embedding: new Float32Array(contract.dimension - 1) }
    await t.rejects(
      store.saveUser('ana', () => ({ contract, shots: [shotOf('good'), short] })),
      /expected embeddings of 16 numbers, found 15/
    )
    const unwritable = { ...shotOf('null'), sha256: null as unknown as string }
    await t.rejects(store.saveUser('ana', () => ({ contract, shots: [shotOf('good'), unwritable] })))
    t.same(await store.findUser('ana'), before)
  })

  promise('hostile and non-ASCII names are plain names', async (t, store) => {
    const names = [
      "o'brien",
      '"quoted"',
      "'; DROP TABLE users; --",
      '%',
      '_',
      '\\',
      '__proto__',
      'constructor',
      'null',
      '../etc/passwd',
      'José',
      'Jose\u0301',
      'Ана',
      '张伟',
      'عائشة',
      '👩‍🌾',
      '\u{10FFFF}',
      '\uFFFD',
      ' ',
      'a\nb',
      '$1',
      '?',
      ':username',
      'ANA',
      'ana',
      'x'.repeat(1000)
    ]
    for (const name of names) await store.saveUser(name, () => enrolmentOf(name))
    t.equal(await store.countUsers(), names.length, 'none is taken for another')
    for (const name of names) {
      t.match(await store.findUser(name), { username: name, ...enrolmentOf(name) }, JSON.stringify(name))
    }
    t.same((await store.listUsers({ limit: 100 })).users.map(user => user.username), byCodePoint(names))
    for (const name of names) {
      t.match(
        await store.deleteUser(name, deletion),
        { shots: 3, verifications: 0, audit: 0, photos: [], jobs: 0, answers: 0, challenges: 0 },
        `delete ${JSON.stringify(name)}`
      )
      t.equal(await store.findUser(name), null)
    }
    t.equal(await store.countUsers(), 0)
  })

  promise('a name that cannot be stored exactly is refused everywhere', async (t, store) => {
    await store.saveUser('a\uFFFD', () => enrolmentOf('a'))
    await store.saveUser('a', () => enrolmentOf('a'))
    for (const name of ['', 'a\uD800', 'a\0', 'a\0b']) {
      const refused = { code: 'invalid_username', statusCode: 400 }
      await t.rejects(store.findUser(name), refused)
      await t.rejects(store.saveUser(name, () => enrolmentOf('x')), refused)
      await t.rejects(store.deleteUser(name, deletion), refused)
      await t.rejects(store.listUsers({ limit: 1, after: name }), refused)
      await t.rejects(store.recordVerification(verificationOf('1', name)), refused)
    }
    t.equal(await store.countUsers(), 2)
  })

  promise('40 concurrent enrolments keep 40 users', async (t, store) => {
    const names = Array.from({ length: 40 }, (_, i) => `user-${i}`)
    await Promise.all(names.map(name => store.saveUser(name, () => enrolmentOf(name))))
    t.equal(await store.countUsers(), 40)
    for (const name of names) t.match(await store.findUser(name), enrolmentOf(name))
  })

  promise('concurrent changes of one user all apply', async (t, store) => {
    const texts = Array.from({ length: 40 }, (_, i) => `shot ${i}`)
    await Promise.all(texts.map(text => store.saveUser('ana', adding(text))))
    t.same(await shotsOf(store, 'ana'), shas(texts))
  })

  promise('changes of one user from three processes all apply', async (t, store, database) => {
    const children = ['left', 'right'].map(text => startWriter(t, database, ['add', 'ana', text, '20']))
    const here = Array.from({ length: 20 }, (_, i) => `here ${i}`)
    for (const text of here) await store.saveUser('ana', adding(text))
    for (const child of children) t.equal(await child.ended, 0)
    const acknowledged = children.flatMap(child => child.lines())
    t.equal(acknowledged.length, 40)
    t.same(await shotsOf(store, 'ana'), shas([...here, ...acknowledged]))
  })

  t.test('several processes may create the database at once', async t => {
    const database = await create(t, true)
    const children = ['a', 'b', 'c', 'd'].map(name => startWriter(t, database, ['add', name, name, '1']))
    const stores = await Promise.all(Array.from({ length: 8 }, () => openStore(loadConfig(database.env))))
    t.teardown(() => Promise.all(stores.map(store => store.close())))
    for (const child of children) t.equal(await child.ended, 0)
    for (const store of stores) t.equal(await store.countUsers(), 4)
  })

  promise(
    'a process killed while it writes loses no acknowledged user and leaves no half one',
    async (t, store, database) => {
      const acknowledged: string[] = []
      for (let round = 0; round < 5; round++) {
        const child = startWriter(t, database, ['enrol', `round${round}`])
        await child.wrote(5 + round * 7)
        child.kill()
        await child.ended
        acknowledged.push(...child.lines())
      }
      for (const name of acknowledged) t.match(await store.findUser(name), enrolmentOf(name), name)

      const { users } = await store.listUsers({ limit: 10_000 })
      t.ok(
        users.every(user => user.shots === 3),
        'every user is complete'
      )
      t.ok(users.length - acknowledged.length <= 5, 'at most the write in flight was not acknowledged')
      t.equal(await store.countUsers(), users.length)
      await store.saveUser('afterwards', () => enrolmentOf('afterwards'))
    }
  )

  promise('pages hold every user once and in order, while others are enrolled', async (t, store) => {
    const names = Array.from({ length: 25 }, (_, i) => `user-${i}`)
    for (const name of names) await store.saveUser(name, () => enrolmentOf(name))

    const seen: string[] = []
    let after: string | undefined
    for (let page = 0; ; page++) {
      const { users, next } = await store.listUsers({ limit: 4, after })
      seen.push(...users.map(user => user.username))
      if (next === null) break
      t.equal(next, users.at(-1)?.username)
      t.equal(users.length, 4)
      after = next
      await store.saveUser(`a-before-${page}`, () => enrolmentOf('x'))
      await store.saveUser(`z-behind-${page}`, () => enrolmentOf('x'))
    }
    t.same(seen, byCodePoint(seen))
    t.equal(new Set(seen).size, seen.length)
    t.same(seen.filter(name => name.startsWith('user-')), byCodePoint(names))
  })

  promise('a page that ends with the last user has no next, and a cursor need not exist', async (t, store) => {
    for (const name of ['a', 'b', 'c', 'd']) await store.saveUser(name, () => enrolmentOf(name))
    t.match(await store.listUsers({ limit: 4 }), { next: null })
    t.match(await store.listUsers({ limit: 2, after: 'b' }), {
      users: [{ username: 'c' }, { username: 'd' }],
      next: null
    })
    await store.deleteUser('b', deletion)
    t.match(await store.listUsers({ limit: 1, after: 'b' }), { users: [{ username: 'c' }], next: 'c' })
    t.same(await store.listUsers({ limit: 2, after: 'z' }), { users: [], next: null })
  })

  promise('deletion erases the user, and the name alone from the records', async (t, store, database) => {
    await store.saveUser('ana', () => enrolmentOf('ana'))
    const other = await store.saveUser('ben', () => enrolmentOf('ben'))
    for (const [id, name] of [['1', 'ana'], ['2', 'ben'], ['3', 'ana']] as const) {
      await store.recordVerification(verificationOf(id, name))
    }
    const before = await database.verifications()
    t.same(before.map(row => row.username), ['ana', 'ben', 'ana'])

    t.match(await store.deleteUser('ana', deletion), {
      shots: 3,
      verifications: 2,
      audit: 0,
      photos: [],
      jobs: 0,
      answers: 0
    })
    t.equal(await store.findUser('ana'), null)
    t.same(await store.findUser('ben'), other)
    t.same(
      await database.verifications(),
      before.map(row => ({ ...row, ...(row.username === 'ana' && { username: null, photo: null, evidence: null }) }))
    )

    t.equal(await store.deleteUser('ana', deletion), null)
    await store.saveUser('ana', () => ({ contract, shots: [shotOf('again')] }))
    t.match(
      await store.deleteUser('ana', deletion),
      { shots: 1, verifications: 0, audit: 0, photos: [], jobs: 0, answers: 0 },
      "the old records are nobody's"
    )
  })

  promise(
    'a verification record is kept whole, and without the name of a user who is gone',
    async (t, store, database) => {
      await store.saveUser('ana', () => enrolmentOf('ana'))
      await store.recordVerification(verificationOf('1', 'ana'))
      await store.recordVerification({
        ...verificationOf('2', 'gone'),
        status: 'approved',
        reasons: [],
        livenessScore: 1,
        similarity: null
      })
      const [first, second] = await database.verifications()
      t.match(first, {
        id: '1',
        request_id: 'request-1',
        username: 'ana',
        task: 'planting',
        status: 'rejected',
        similarity: 0.125,
        liveness_score: null,
        photo: 'b'.repeat(64)
      })
      t.match(JSON.stringify(first?.reasons), /face_mismatch.*not_live/)
      t.match(JSON.stringify(first?.models), /embedder.*liveness/)
      t.equal(new Date(first?.created_at as string | Date).toISOString(), '2026-01-02T03:04:05.678Z')
      t.match(second, { id: '2', username: null, status: 'approved', similarity: null, liveness_score: 1 })
      t.same((await store.findVerification('1'))?.evidence, verificationOf('1', 'ana').evidence)
      t.equal((await store.findVerification('2'))?.evidence, null, 'where a stranger stood is nobody\'s to keep')
      await t.rejects(store.recordVerification(verificationOf('1', 'ana')), 'an id is used once')
    }
  )

  promise('deletion and enrolment of one user at once leave a whole user or none', async (t, store) => {
    await Promise.all(Array.from({ length: 20 }, (_, i) => i % 2 === 0
      ? store.saveUser('ana', () => enrolmentOf('ana'))
      : store.deleteUser('ana', deletion)))
    const user = await store.findUser('ana')
    t.equal(await store.countUsers(), user === null ? 0 : 1)
    if (user !== null) t.match(user, enrolmentOf('ana'))
  })

  promise('verifications are listed newest first, filtered, page by page', async (t, store) => {
    await store.saveUser('ana', () => enrolmentOf('ana'))
    await store.saveUser('ben', () => enrolmentOf('ben'))
    const at = (minute: number) => `2026-01-02T03:${String(minute).padStart(2, '0')}:00.000Z`
    for (let i = 0; i < 10; i++) {
      await store.recordVerification({
        ...verificationOf(`v${i}`, i % 3 === 0 ? 'ben' : 'ana'),
        task: i % 2 === 0 ? 'planting' : 'waste',
        status: i % 5 === 0 ? 'approved' : 'rejected',
        key: 'app',
        createdAt: at(Math.floor(i / 2))
      })
    }
    const ids = async (filter: VerificationFilter) =>
      (await store.listVerifications(filter, { limit: 100 })).verifications.map(({ id }) => id).join(' ')
    t.equal(await ids({}), 'v9 v8 v7 v6 v5 v4 v3 v2 v1 v0')
    t.equal(await ids({ username: 'ben' }), 'v9 v6 v3 v0')
    t.equal(await ids({ task: 'waste', username: 'ana' }), 'v7 v5 v1')
    t.equal(await ids({ status: 'approved' }), 'v5 v0')
    t.equal(await ids({ from: at(1), to: at(3) }), 'v5 v4 v3 v2', 'from is included, to is not')
    t.equal(await ids({ username: "' OR 1=1 --" }), '')

    const paged: string[] = []
    let after: VerificationCursor | undefined
    for (;;) {
      const { verifications, next } = await store.listVerifications({ status: 'rejected' }, { limit: 3, after })
      paged.push(...verifications.map(({ id }) => id))
      if (next === null) break
      after = next
    }
    t.equal(paged.join(' '), 'v9 v8 v7 v6 v4 v3 v2 v1')

    t.same(await store.findVerification('v4'), {
      ...verificationOf('v4', 'ana'), key: 'app', createdAt: at(2)
    })
    t.equal(await store.findVerification('none'), null)
    await store.deleteUser('ana', deletion)
    t.match(await store.findVerification('v4'), { id: 'v4', username: null, photo: null, similarity: 0.125 })
    t.equal(await ids({ username: 'ana' }), '')
  })

  promise('failures count in the window that ends now, whatever was approved meanwhile', async (t, store, database) => {
    const other = await openStore(loadConfig(database.env))
    t.teardown(() => other.close())
    await store.saveUser('ana', () => enrolmentOf('ana'))
    await store.saveUser('ben', () => enrolmentOf('ben'))
    const windowMs = 60_000
    const record = (id: string, failed: number, change: Partial<VerificationRecord> = {}) =>
      store.recordVerification({ ...verificationOf(id, 'ana'), ...change }, { limit: { max: 10, windowMs, failed } })
    t.same(await store.countFailures('ana', windowMs), { count: 0, waitMs: 0 })
    await record('1', 1)
    await record('2', 0, { reasons: ['task_not_shown'] })
    await record('3', 0, { reasons: [], status: 'approved', createdAt: '2099-01-01T00:00:00.000Z' })
    await other.addFailures('ana', 3, { max: 10, windowMs })
    for (const instance of [store, other]) {
      const { count, waitMs } = await instance.countFailures('ana', windowMs)
      t.equal(count, 4)
      t.ok(waitMs > 50_000 && waitMs <= windowMs, `${waitMs} ms`)
    }
    t.same(await store.countFailures('ben', windowMs), { count: 0, waitMs: 0 })
    t.same([(await store.failuresOf('ana')).length, await store.failuresOf('nobody')], [4, []])

    await sleep(30)
    t.match(await store.countFailures('ana', 20), { count: 0, waitMs: 0 }, 'time takes them off')
    await store.addFailures('ana', 1, { max: 10, windowMs: 20 })
    t.match(await store.countFailures('ana', windowMs), { count: 1 }, 'what is over is forgotten with the next one')
    await store.addFailures('nobody', 1, { max: 10, windowMs })
    await store.deleteUser('ana', deletion)
    await store.saveUser('ana', () => enrolmentOf('ana'))
    t.match(await store.countFailures('ana', windowMs), { count: 0 }, 'they are erased with the user')
  })

  promise('an enrolment keeps to the limit of failures and adds to them in its transaction', async (t, store) => {
    const limit = { max: 3, windowMs: 60_000 }
    const enrol = (text: string, failed: number) =>
      store.saveUser('ana', current => ({ ...adding(text)(current), limit: { ...limit, failed } }))
    await enrol('1', 0)
    await enrol('2', 2)
    await enrol('3', 2)
    await t.rejects(enrol('4', 0), { name: 'GuessingLockedError' })
    t.equal((await store.findUser('ana'))?.shots.length, 3, 'nothing was written')
    t.match(await store.countFailures('ana', limit.windowMs), { count: 4 })
    t.equal(await store.addFailures('ana', 1, limit), false)
  })

  promise('which shots are the anchor is stored with them', async (t, store) => {
    const [first, ...added] = enrolmentOf('ana').shots
    const shots = [{ ...first!, anchor: true as const }, ...added]
    await store.saveUser('ana', () => ({ contract, shots }))
    t.same((await store.findUser('ana'))?.shots, shots)
  })

  promise(
    'verdicts of the same moment keep to the limit of failures together, in every instance',
    async (t, store, database) => {
      const other = await openStore(loadConfig(database.env))
      t.teardown(() => other.close())
      await store.saveUser('ana', () => enrolmentOf('ana'))
      await store.saveUser('ben', () => enrolmentOf('ben'))
      const limit = { max: 5, windowMs: 600_000, failed: 1 }
      const record = (i: number, username = 'ana') =>
        [store, other][i % 2]!.recordVerification(verificationOf(`${username} ${i}`, username), {
          audit: entryOf('verify', username),
          limit
        })
      const results = await Promise.all(Array.from({ length: 30 }, (_, i) => record(i)))
      t.same(results.toSorted(), [...Array(25).fill('locked'), ...Array(5).fill('recorded')])
      t.equal((await store.auditHead()).seq, 5, 'of those that are refused nothing is written')
      t.equal(await record(1, 'ben'), 'recorded')
    }
  )

  promise('an answer is kept with the work or the work is not done', async (t, store) => {
    const lock = lockRequestOf('1')
    const settle = { id: '1', owner: 'owner', answer: { status: 200, body: Buffer.from('done'), headers: {} } }
    const lost = { code: 'idempotency_in_progress' }
    const enrol = (owner: string) =>
      store.saveUser('ana', () => ({
        ...enrolmentOf('ana'),
        audit: entryOf('signup', 'ana'),
        settle: { ...settle, owner }
      }))
    await store.acquireIdempotencyLock(lock)
    await t.rejects(enrol('somebody else'), lost)
    await t.rejects(
      store.recordVerification(verificationOf('1', 'ana'), {
        audit: entryOf('verify', 'ana'),
        settle: { ...settle, owner: 'somebody else' }
      }),
      lost
    )
    t.same([await store.countUsers(), await store.findVerification('1'), (await store.auditHead()).seq], [0, null, 0])
    await enrol('owner')
    t.match(await store.acquireIdempotencyLock(lock), { state: 'answered', answer: { status: 200 } })
    await t.rejects(enrol('owner'), lost, 'it is answered once')

    await store.acquireIdempotencyLock(lockRequestOf('2'))
    t.equal(await store.recordVerification(verificationOf('1', 'ana'), { settle: { ...settle, id: '2' } }), 'recorded')
    t.match(await store.acquireIdempotencyLock(lockRequestOf('2')), { state: 'answered' })
  })

  promise('requests of one caller are counted by all instances in one window', async (t, store, database) => {
    const other = await openStore(loadConfig(database.env))
    t.teardown(() => other.close())
    const at = (second: number) => new Date(Date.UTC(2026, 0, 2) + second * 1000).toISOString()
    const count = (id: string, second: number, instance = store) =>
      instance.countRequest({ id, now: at(second), until: at(second + 60) })
    const counts = await Promise.all(Array.from({ length: 40 }, (_, i) => count('ana', i, [store, other][i % 2])))
    t.same(counts.map(({ count }) => count).sort((a, b) => a - b), Array.from({ length: 40 }, (_, i) => i + 1))
    const { until } = counts[0]!
    t.ok(counts.every(one => one.until === until), 'one window')
    t.match(await count('ben', 1), { count: 1, until: at(61) })
    t.match(await count('ben', 60), { count: 2, until: at(61) })
    t.match(await count('ben', 61, other), { count: 1, until: at(121) }, 'a new window')
    await store.removeRequestCounts(at(121))
    t.match(await count('ben', 62), { count: 2 })
    await store.removeRequestCounts(at(122))
    t.match(await count('ben', 62), { count: 1 })
  })

  promise('a photo that was seen before is reported, and two users cannot use one at the same moment', async (t, store) => {
    await store.saveUser('ana', () => enrolmentOf('ana'))
    await store.saveUser('ben', () => enrolmentOf('ben'))
    const [shot] = enrolmentOf('ana').shots
    t.same(await store.seenPhoto(shot!.sha256, 'ben'), { shot: true, otherUser: false, earlier: null })
    const proof = 'd'.repeat(64)
    const approved = (id: string, username: string) => ({
      ...verificationOf(id, username),
      photo: proof,
      reasons: [],
      status: 'approved' as const
    })
    t.equal(
      await store.recordVerification({ ...approved('r', 'ana'), status: 'rejected' }, { exclusive: true }),
      'recorded'
    )
    t.same(
      await store.seenPhoto(proof, 'ben'),
      { shot: false, otherUser: false, earlier: null },
      'a rejected proof may be sent for the right user'
    )

    const recorded = await Promise.all(
      ['ana', 'ben', 'ana', 'ben', 'ben'].map((name, index) =>
        store.recordVerification(approved(`${index}`, name), { exclusive: true })
      )
    )
    const { verifications } = await store.listVerifications({ status: 'approved' }, { limit: 10 })
    t.equal(new Set(verifications.map(({ username }) => username)).size, 1, 'one user only')
    t.equal(
      recorded.filter(result => result === 'recorded').length,
      verifications.length,
      'and only what was recorded was acknowledged'
    )
    const [winner, loser] = verifications[0]?.username === 'ana' ? ['ana', 'ben'] : ['ben', 'ana']
    t.match(await store.seenPhoto(proof, loser), { otherUser: true })
    t.match(await store.seenPhoto(proof, winner), { otherUser: false, earlier: String })
    await store.deleteUser(winner, deletion)
    t.same(
      await store.seenPhoto(proof, loser),
      { shot: false, otherUser: false, earlier: loser === 'ana' ? 'r' : null },
      'an erased hash is forgotten'
    )
  })

  promise('consent is kept until another is given', async (t, store) => {
    await store.saveUser('ana', () => ({ ...enrolmentOf('ana'), consent: 'form 1' }))
    await store.saveUser('ana', adding('more'))
    t.equal((await store.findUser('ana'))?.consent, 'form 1')
    await store.saveUser('ana', () => ({ ...enrolmentOf('ana'), consent: 'form 2' }))
    t.equal((await store.findUser('ana'))?.consent, 'form 2')
  })

  promise('kept photos belong to an enrolled user and go with it', async (t, store) => {
    await store.saveUser('ana', () => enrolmentOf('ana'))
    await store.saveUser('ben', () => enrolmentOf('ben'))
    const photo = (name: string, username: string, createdAt = '2026-01-02T03:04:05.678Z'): KeptPhoto => ({
      name,
      username,
      kind: 'proof',
      sha256: 'e'.repeat(64),
      verification: 'v',
      createdAt
    })
    t.equal(await store.addPhoto(photo('b', 'ana')), true)
    t.equal(await store.addPhoto(photo('a', 'ana', '2026-01-03T00:00:00.000Z')), true)
    t.equal(await store.addPhoto(photo('c', 'ben')), true)
    t.equal(await store.addPhoto(photo('d', 'nobody')), false)
    t.same(await store.listPhotos('ana'), [photo('b', 'ana'), photo('a', 'ana', '2026-01-03T00:00:00.000Z')])
    t.same(await store.knownPhotos(['a', 'b', 'd', "'", 'x']), new Set(['a', 'b']))
    const proof = { ...photo('p', 'ben'), verification: 'v1' }
    t.equal(await store.addPhoto(proof), true)
    t.equal(await store.addPhoto({ ...photo('s', 'ben'), kind: 'enrol', verification: null }), true)
    t.same(await store.proofPhotos(['ana', 'ben'], ['v1', 'v2']), [proof])
    t.same(await store.proofPhotos(['ana'], ['v1']), [], 'of these users only')
    t.same(await store.removeShotPhotos('ben', proof.sha256), ['s'], 'a proof of the same bytes stays')
    t.match(await store.deleteUser('ana', deletion), { photos: ['a', 'b'].map(() => String) })
    t.same(await store.listPhotos('ana'), [])
    t.same(await store.knownPhotos(['a', 'b', 'c']), new Set(['c']))
  })

  promise('old photos and verifications are removed, and nothing else', async (t, store) => {
    const before = await store.saveUser('ana', () => enrolmentOf('ana'))
    const at = (day: number) => `2026-01-0${day}T00:00:00.000Z`
    for (const day of [1, 2, 3]) {
      await store.recordVerification(
        { ...verificationOf(`v${day}`, 'ana'), createdAt: at(day) },
        { audit: entryOf('verify', 'ana') }
      )
      await store.addPhoto({
        name: `p${day}`,
        username: 'ana',
        kind: 'enrol',
        sha256: 'e'.repeat(64),
        verification: null,
        createdAt: at(day)
      })
    }
    const retention = entryOf('retention', null)
    t.same(await store.removeBefore(at(1), retention), { photos: [], verifications: 0 })
    t.same(await store.removeBefore(at(3), retention), { photos: ['p1', 'p2'], verifications: 2 })
    t.same((await store.listVerifications({}, { limit: 9 })).verifications.map(({ id }) => id), ['v3'])
    t.same((await store.listPhotos('ana')).map(({ name }) => name), ['p3'])
    t.same(await store.findUser('ana'), before)
    const rows = await store.readAudit({ after: 0, limit: 9 })
    t.same(
      rows.map(({ event }) => event),
      ['verify', 'verify', 'verify', 'retention'],
      'one row, only when something went'
    )
    t.match(JSON.parse(rows[3]!.details), { removed: { photos: 2, verifications: 2 } })
    t.same((await checked(store)).problems, [])
  })

  promise('a request is locked once, then answered from what was kept', async (t, store) => {
    const lock = lockRequestOf('1')
    const answer = { status: 200, body: Buffer.from('{"user":"ana"}'), headers: {} }
    t.same(await store.acquireIdempotencyLock(lock), { state: 'locked' })
    t.same(await store.acquireIdempotencyLock({ ...lock, owner: 'other' }), {
      state: 'running',
      lockedUntil: lock.lockedUntil
    })
    t.same(await store.acquireIdempotencyLock({ ...lock, fingerprint: 'other' }), { state: 'mismatch' })
    await store.settleIdempotencyLock({ id: '1', owner: 'other', answer })
    t.match(await store.acquireIdempotencyLock(lock), { state: 'running' }, 'only the owner answers')
    await store.settleIdempotencyLock({ id: '1', owner: 'owner', answer })
    await store.releaseIdempotencyLock({ id: '1', owner: 'owner' })
    const found = await store.acquireIdempotencyLock(lock)
    t.equal(found.state === 'answered' && found.answer.status, 200)
    t.equal(found.state === 'answered' && Buffer.from(found.answer.body).toString(), '{"user":"ana"}')
    t.same(await store.acquireIdempotencyLock({ ...lock, fingerprint: 'other' }), { state: 'mismatch' })
    t.same(
      await store.acquireIdempotencyLock({ ...lock, since: '2026-01-03T00:00:00.000Z' }),
      { state: 'locked' },
      'too old'
    )

    await store.releaseIdempotencyLock({ id: '1', owner: 'owner' })
    t.same(await store.acquireIdempotencyLock({ ...lock, fingerprint: 'other' }), { state: 'locked' }, 'given up')
  })

  promise('a lock without an answer lapses, and its late owner changes nothing', async (t, store) => {
    const lock = lockRequestOf('1')
    await store.acquireIdempotencyLock(lock)
    t.same(
      await store.acquireIdempotencyLock({
        ...lock,
        owner: 'second',
        now: lock.lockedUntil,
        lockedUntil: '2026-01-02T01:00:00.000Z'
      }),
      { state: 'locked' }
    )
    await store.settleIdempotencyLock({
      id: '1',
      owner: 'owner',
      answer: { status: 200, body: Buffer.from('late'), headers: {} }
    })
    await store.releaseIdempotencyLock({ id: '1', owner: 'owner' })
    t.match(await store.acquireIdempotencyLock(lock), { state: 'running' })
  })

  promise('of many that lock one request at the same moment one gets it', async (t, store, database) => {
    const other = await openStore(loadConfig(database.env))
    t.teardown(() => other.close())
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        [store, other][i % 2]!.acquireIdempotencyLock({ ...lockRequestOf('1'), owner: `${i}` })
      )
    )
    t.equal(results.filter(({ state }) => state === 'locked').length, 1)
    t.equal(results.filter(({ state }) => state === 'running').length, 19)
  })

  promise('kept answers go with their person and with time', async (t, store) => {
    const kept = async (id: string, username: string | null, now = lockRequestOf(id).now) => {
      await store.acquireIdempotencyLock({ ...lockRequestOf(id), username, now })
      await store.settleIdempotencyLock({
        id,
        owner: 'owner',
        answer: { status: 200, body: Buffer.from(id), headers: {} }
      })
    }
    await store.saveUser('ana', () => enrolmentOf('ana'))
    await kept('1', 'ana')
    await kept('2', 'ben')
    t.equal(await store.deleteUser('ben', deletion), null, 'who is not enrolled is not deleted, in no part')
    await kept('3', null, '2026-01-01T00:00:00.000Z')
    await store.acquireIdempotencyLock({ ...lockRequestOf('4'), username: 'ana' })
    await store.deleteUser('ana', deletion)
    await store.settleIdempotencyLock({
      id: '4',
      owner: 'owner',
      answer: { status: 200, body: Buffer.from('after the erasure'), headers: {} }
    })
    t.match(await store.acquireIdempotencyLock(lockRequestOf('1')), { state: 'locked' })
    t.match(await store.acquireIdempotencyLock(lockRequestOf('4')), { state: 'locked' })
    t.equal(await store.removeAnswers('2026-01-02T00:00:00.000Z'), 1)
    t.match(await store.acquireIdempotencyLock(lockRequestOf('2')), { state: 'answered' })
    t.match(await store.acquireIdempotencyLock(lockRequestOf('3')), { state: 'locked' })
  })

  promise('the audit is one chain that survives the erasure of a person', async (t, store) => {
    await store.saveUser('ana', () => ({ ...enrolmentOf('ana'), audit: entryOf('signup', 'ana') }))
    await store.saveUser('ben', () => ({ ...enrolmentOf('ben'), audit: entryOf('signup', 'ben') }))
    await store.recordVerification(verificationOf('1', 'ana'), { audit: entryOf('verify', 'ana') })
    await store.appendAudit(entryOf('verify', 'nobody'))
    const rows = await store.readAudit({ after: 0, limit: 10 })
    t.match(rows, [
      {
        seq: 1,
        event: 'signup',
        username: 'ana',
        key: 'app',
        requestId: 'request',
        photos: '["ffff"]',
        consent: 'form 7',
        previous: ''
      },
      { seq: 2, event: 'signup', username: 'ben', previous: rows[0]!.hash },
      { seq: 3, event: 'verify', username: 'ana', details: '{"status":"x"}' },
      { seq: 4, event: 'verify', username: null, photos: null, personal: null }
    ])
    t.same((await store.readAudit({ after: 1, limit: 2 })).map(({ seq }) => seq), [2, 3])
    t.same((await store.auditOf('ana')).map(({ seq }) => seq), [1, 3])
    t.same(await checked(store), { rows: 4, erased: 0, head: await store.auditHead(), problems: [] })

    t.match(await store.deleteUser('ana', { ...deletion, username: 'ana' }), { audit: 2 })
    const after = await store.readAudit({ after: 0, limit: 10 })
    t.match(after, [
      { hash: rows[0]!.hash, username: null, photos: null, consent: null, salt: null },
      { username: 'ben' },
      { username: null, salt: null },
      {},
      { event: 'delete', username: null }
    ])
    t.notMatch(JSON.stringify(after), /ana|"form 7".*"form 7"/)
    t.match(JSON.parse(after[4]!.details), { erased: { shots: 3, verifications: 1, audit: 2, photos: 0 } })
    t.same(await checked(store), { rows: 5, erased: 2, head: await store.auditHead(), problems: [] })
  })

  promise('a change that fails leaves no audit row', async (t, store) => {
    await t.rejects(store.saveUser('ana', () => ({ contract, shots: [], audit: entryOf('signup', 'ana') })))
    await store.saveUser('ana', () => enrolmentOf('ana'))
    await store.recordVerification(verificationOf('1', 'ana'))
    await t.rejects(store.recordVerification(verificationOf('1', 'ana'), { audit: entryOf('verify', 'ana') }))
    t.equal(await store.deleteUser('nobody', deletion), null)
    t.same(await store.auditHead(), { seq: 0, hash: '' })
  })

  promise('writers in several processes keep one chain', async (t, store, database) => {
    const children = ['left', 'right'].map(name => startWriter(t, database, ['audit', name, '', '25']))
    const here = Array.from({ length: 25 }, (_, i) =>
      store.appendAudit({ ...entryOf('key_use', null), details: { here: i } })
    )
    await Promise.all(here)
    for (const child of children) t.equal(await child.ended, 0)
    t.match(await checked(store), { rows: 75, problems: [] })
  })

  t.test('templates are sealed for their user and photo', async t => {
    const database = await create(t)
    const [first, second] = [newTemplateKey(), newTemplateKey()]
    const opened = async (settings: Record<string, string>, rotating = false) => {
      const config = loadConfig({ ...database.env, ...settings })
      const store = await openStore(config, openSealer(config, { acceptPlain: rotating }))
      t.teardown(() => store.close())
      return store
    }
    const plain = await opened({})
    const ana = await plain.saveUser('ana', () => enrolmentOf('ana'))

    const sealed = await opened({ TEMPLATE_KEY: first })
    await t.rejects(
      sealed.findUser('ana'),
      { code: 'store_sealed', message: /rotate-templates/ },
      "a plain template could be anybody's"
    )
    await t.rejects(sealed.check(), { code: 'store_sealed', message: /rotate-templates/ })
    t.equal(await (await opened({ TEMPLATE_KEY: first }, true)).resealTemplates(), 3)
    t.same(await sealed.findUser('ana'), ana, 'nothing else changes')
    await sealed.saveUser('ben', () => enrolmentOf('ben'))
    await sealed.acquireIdempotencyLock(lockRequestOf('1'))
    await sealed.settleIdempotencyLock({
      id: '1',
      owner: 'owner',
      answer: { status: 200, body: Buffer.from('a'), headers: {} }
    })
    const ben = await sealed.findUser('ben')
    t.match(ben, enrolmentOf('ben'))
    const id = openSealer(loadConfig({ TEMPLATE_KEY: first })).keyId
    await t.rejects(plain.findUser('ana'), { code: 'store_sealed', message: new RegExp(String(id)) })

    const rotating = await opened({ TEMPLATE_KEY: second, TEMPLATE_KEYS_OLD: first })
    t.same(await rotating.findUser('ana'), ana, 'the old key still reads')
    await rotating.saveUser('cem', () => enrolmentOf('cem'))
    await rotating.check()
    for (const store of [sealed, plain, await opened({ TEMPLATE_KEY: second })]) {
      await t.rejects(store.check(), { code: 'store_sealed', message: /not configured/ })
    }
    await rotating.deleteUser('cem', deletion)
    await sealed.check()
    t.equal(await rotating.resealTemplates(), 6)
    t.equal(await rotating.resealTemplates(), 0)
    await t.rejects(sealed.findUser('ana'), { code: 'store_sealed' })
    t.same(await (await opened({ TEMPLATE_KEY: second })).findUser('ana'), ana)

    t.match(await (await opened({ TEMPLATE_KEY: second })).acquireIdempotencyLock(lockRequestOf('1')), {
      state: 'answered',
      answer: { status: 200, body: Buffer.from('a'), headers: {} }
    })
    t.match(
      await sealed.acquireIdempotencyLock(lockRequestOf('1')),
      { state: 'locked' },
      'an answer under a key that is gone is none'
    )

    await database.swapTemplates('ana', 'ben')
    await t.rejects(rotating.findUser('ana'), { code: 'store_corrupt', message: /belongs to another user/ })
    await t.rejects(rotating.findUser('ben'), { code: 'store_corrupt' })
  })

  promise('closing twice is harmless, and a closed store says that it is unreadable', async (t, store) => {
    await store.close()
    await store.close()
    await t.rejects(store.check(), Error)
  })
}

const script = fileURLToPath(new URL('writer.ts', import.meta.url))

function startWriter (t: Test, database: Database, args: string[]) {
  const child: ChildProcess = spawn(process.execPath, [script, ...args], {
    env: { PATH: process.env.PATH, ...database.env }, stdio: ['ignore', 'pipe', 'inherit']
  })
  const ended = once(child, 'close').then(([code]) => code as number | null)
  t.teardown(() => child.kill('SIGKILL'))
  let output = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => { output += text })
  /** Complete lines only: a kill may cut the last one. */
  const lines = (): string[] => output.split('\n').slice(0, -1)
  return {
    ended,
    lines,
    kill: () => child.kill('SIGKILL'),
    async wrote (count: number): Promise<void> {
      while (lines().length < count) {
        const next = await Promise.race([once(child.stdout!, 'data'), ended])
        if (!Array.isArray(next)) throw new Error(`the writer ended with ${next} after ${lines().length} writes`)
      }
    }
  }
}

async function checked (store: Store): Promise<AuditReport> {
  const pages = async function * () { yield await store.readAudit({ after: 0, limit: 1000 }) }
  return checkChain(pages(), await store.auditHead())
}

async function shotsOf (store: Store, username: string): Promise<string[] | undefined> {
  return (await store.findUser(username))?.shots.map(shot => shot.sha256).sort()
}

function shas (texts: string[]): string[] {
  return texts.map(text => shotOf(text).sha256).sort()
}

/** The default sort of strings compares UTF-16 units, which differs from code points above U+FFFF. */
function byCodePoint (names: string[]): string[] {
  return names.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
}

function bitsOf (embedding: Float32Array | undefined): Uint32Array {
  return new Uint32Array(Float32Array.from(embedding ?? []).buffer)
}
