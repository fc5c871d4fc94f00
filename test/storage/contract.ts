/** What every store must do, whatever is behind it. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Test } from 'tap'
import { loadConfig } from '../../src/config.ts'
import { openStore } from '../../src/storage/index.ts'
import type { Store } from '../../src/storage/store.ts'
import { adding, contract, embeddingOf, enrolmentOf, shotOf, verificationOf } from './samples.ts'

export interface Database {
  /** The settings that open it. */
  env: Record<string, string>
  /** Every verification record, ordered by id, with the columns of the table; the store itself only writes them. */
  verifications (): Promise<Record<string, unknown>[]>
}

/** Registers the contract as subtests; `create` makes an empty database that the test's teardown removes. */
export function testStoreContract (t: Test, create: (t: Test) => Promise<Database>): void {
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
    await store.check()
    t.equal(await store.countUsers(), 0)
    t.equal(await store.findUser('ana'), null)
    t.equal(await store.deleteUser('ana'), null)
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

  promise('a change replaces the shots and the contract, and keeps the date of the first enrolment', async (t, store) => {
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
  })

  promise('embeddings come back bit for bit', async (t, store) => {
    const embedding = Float32Array.of(0, -0, 1, -1, 1 / 3, Math.PI, 1e-45, -1e-45, 1.1754942e-38, 3.4028235e38, 2 ** -126, 1 + 2 ** -23)
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
    await t.rejects(store.saveUser('ana', () => ({ contract, shots: [shotOf('good'), short] })), /expected embeddings of 16 numbers, found 15/)
    const unwritable = { ...shotOf('null'), sha256: null as unknown as string }
    await t.rejects(store.saveUser('ana', () => ({ contract, shots: [shotOf('good'), unwritable] })))
    t.same(await store.findUser('ana'), before)
  })

  promise('hostile and non-ASCII names are plain names', async (t, store) => {
    const names = [
      "o'brien", '"quoted"', "'; DROP TABLE users; --", '%', '_', '\\', '__proto__', 'constructor', 'null', '../etc/passwd',
      'José', 'Jose\u0301', 'Ана', '张伟', 'عائشة', '👩‍🌾', '\u{10FFFF}', '\uFFFD', ' ', 'a\nb', '$1', '?', ':username', 'ANA', 'ana', 'x'.repeat(1000)
    ]
    for (const name of names) await store.saveUser(name, () => enrolmentOf(name))
    t.equal(await store.countUsers(), names.length, 'none is taken for another')
    for (const name of names) {
      t.match(await store.findUser(name), { username: name, ...enrolmentOf(name) }, JSON.stringify(name))
    }
    t.same((await store.listUsers({ limit: 100 })).users.map(user => user.username), byCodePoint(names))
    for (const name of names) {
      t.same(await store.deleteUser(name), { shots: 3, verifications: 0 }, `delete ${JSON.stringify(name)}`)
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
      await t.rejects(store.deleteUser(name), refused)
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
    const database = await create(t)
    const children = ['a', 'b', 'c', 'd'].map(name => startWriter(t, database, ['add', name, name, '1']))
    const stores = await Promise.all(Array.from({ length: 8 }, () => openStore(loadConfig(database.env))))
    t.teardown(() => Promise.all(stores.map(store => store.close())))
    for (const child of children) t.equal(await child.ended, 0)
    for (const store of stores) t.equal(await store.countUsers(), 4)
  })

  promise('a process killed while it writes loses no acknowledged user and leaves no half one', async (t, store, database) => {
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
    t.ok(users.every(user => user.shots === 3), 'every user is complete')
    t.ok(users.length - acknowledged.length <= 5, 'at most the write in flight was not acknowledged')
    t.equal(await store.countUsers(), users.length)
    await store.saveUser('afterwards', () => enrolmentOf('afterwards'))
  })

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
    t.match(await store.listUsers({ limit: 2, after: 'b' }), { users: [{ username: 'c' }, { username: 'd' }], next: null })
    await store.deleteUser('b')
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

    t.same(await store.deleteUser('ana'), { shots: 3, verifications: 2 })
    t.equal(await store.findUser('ana'), null)
    t.same(await store.findUser('ben'), other)
    t.same(await database.verifications(), before.map(row => ({ ...row, username: row.username === 'ana' ? null : row.username })))

    t.equal(await store.deleteUser('ana'), null)
    await store.saveUser('ana', () => ({ contract, shots: [shotOf('again')] }))
    t.same(await store.deleteUser('ana'), { shots: 1, verifications: 0 }, 'the old records are nobody\'s')
  })

  promise('a verification record is kept whole, and without the name of a user who is gone', async (t, store, database) => {
    await store.saveUser('ana', () => enrolmentOf('ana'))
    await store.recordVerification(verificationOf('1', 'ana'))
    await store.recordVerification({ ...verificationOf('2', 'gone'), status: 'approved', reasons: [], livenessScore: 1, similarity: null })
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
    await t.rejects(store.recordVerification(verificationOf('1', 'ana')), 'an id is used once')
  })

  promise('deletion and enrolment of one user at once leave a whole user or none', async (t, store) => {
    await Promise.all(Array.from({ length: 20 }, (_, i) => i % 2 === 0
      ? store.saveUser('ana', () => enrolmentOf('ana'))
      : store.deleteUser('ana')))
    const user = await store.findUser('ana')
    t.equal(await store.countUsers(), user === null ? 0 : 1)
    if (user !== null) t.match(user, enrolmentOf('ana'))
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
