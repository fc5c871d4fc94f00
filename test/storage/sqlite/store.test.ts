import {
  chmodSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import t, { type Test } from 'tap'
import { loadConfig } from '../../../src/config/config.ts'
import { openStore } from '../../../src/storage/index.ts'
import { databaseName, openSqlite } from '../../../src/storage/sqlite/index.ts'
import { holdSqlite } from '../../helpers/sqlite-holder.ts'
import { type Database, testStoreContract } from '../contract.ts'
import { adding, deletion, embeddingOf, enrolmentOf } from '../samples.ts'
import { testSketchContract } from '../sketches-contract.ts'

function temporaryFolder (t: Test): string {
  const folder = mkdtempSync(join(tmpdir(), 'store-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

async function create (t: Test): Promise<Database> {
  const folder = join(temporaryFolder(t), 'data')
  return {
    env: { DATA_DIR: folder },
    async verifications () {
      const db = new DatabaseSync(join(folder, databaseName))
      const rows = db.prepare('SELECT * FROM verifications ORDER BY id').all()
      db.close()
      return rows.map(row => ({ ...row }))
    },
    async swapTemplates (one, other) {
      const db = new DatabaseSync(join(folder, databaseName))
      db.exec(
        `UPDATE shots SET username = CASE username WHEN '${one}' THEN '${other}' ELSE '${one}' END, position = position + iif(username = '${one}', 100, 200)`
      )
      db.close()
    }
  }
}

t.test('contract', async t => testStoreContract(t, create))

t.test('contract of the sketches', async t => testSketchContract(t, create))

t.test('SQLite is the default', async t => {
  const store = await openStore(loadConfig((await create(t)).env))
  t.equal(store.kind, 'sqlite')
  await store.close()
})

t.test('only the owner can read the folder and its files', async t => {
  const folder = join(temporaryFolder(t), 'a', 'b')
  const store = await openSqlite(folder)
  await store.saveUser('ana', () => enrolmentOf('ana'))
  t.equal(modeOf(folder), '700')
  const files = readdirSync(folder)
  t.ok(files.includes(`${databaseName}-wal`), 'the log is in use')
  for (const file of files) t.equal(modeOf(join(folder, file)), '600', file)
  await store.close()
})

t.test('an erased embedding and its hash are nowhere in the files', async t => {
  const folder = temporaryFolder(t)
  const store = await openSqlite(folder)
  t.teardown(() => store.close())
  for (let i = 0; i < 20; i++) await store.saveUser(`user-${i}`, () => enrolmentOf(`user-${i}`))
  await store.saveUser('ana', () => enrolmentOf('ana'))
  for (let i = 0; i < 5; i++) await store.saveUser('ana', adding(`more ${i}`))
  const embedding = Buffer.from(embeddingOf('ana 1').buffer)
  const contents = (): Buffer => Buffer.concat(readdirSync(folder).map(file => readFileSync(join(folder, file))))
  t.ok(contents().includes(embedding), 'the search finds what is there')

  await store.deleteUser('ana', deletion)
  t.notOk(contents().includes(embedding))
  t.notOk(contents().includes(enrolmentOf('ana').shots[0]!.sha256))
  t.ok(contents().includes(Buffer.from(embeddingOf('user-7 1').buffer)), 'the others are kept')
})

t.test('a database of a newer version is refused and left as it is', async t => {
  const folder = temporaryFolder(t)
  const store = await openSqlite(folder)
  await store.saveUser('ana', () => enrolmentOf('ana'))
  await store.close()
  const db = new DatabaseSync(join(folder, databaseName))
  db.exec('PRAGMA user_version = 99')
  db.close()
  await t.rejects(openSqlite(folder), {
    name: 'StoreError',
    code: 'store_newer',
    message: /schema version 99.*start the newer service/
  })
  const after = new DatabaseSync(join(folder, databaseName))
  t.match(after.prepare('PRAGMA user_version').get(), { user_version: 99 })
  t.match(after.prepare('SELECT count(*) AS users FROM users').get(), { users: 1 })
  after.close()
})

t.test('a file that is no database is refused and left as it is', async t => {
  const folder = temporaryFolder(t)
  const file = join(folder, databaseName)
  writeFileSync(file, 'not a database '.repeat(1000))
  await t.rejects(openSqlite(folder), { code: 'store_corrupt', message: /is not an SQLite database: restore a backup/ })
  t.match(readFileSync(file, 'utf8'), /^not a database/)
})

t.test('a damaged file is reported, when opened or when read', async t => {
  const folder = temporaryFolder(t)
  const file = join(folder, databaseName)
  const store = await openSqlite(folder)
  for (let i = 0; i < 50; i++) await store.saveUser(`user-${i}`, () => enrolmentOf(`user-${i}`))
  await store.close()

  const cut = join(temporaryFolder(t), 'cut')
  cpSync(folder, cut, { recursive: true })
  truncateSync(join(cut, databaseName), 5000)
  await t.rejects(openSqlite(cut), { code: 'store_corrupt', message: /damaged: restore a backup/ })

  const bytes = readFileSync(file)
  bytes.fill(0xff, 4096)
  writeFileSync(file, bytes)
  await t.rejects(async () => {
    const damaged = await openSqlite(folder)
    t.teardown(() => damaged.close())
    await damaged.check()
  }, { code: 'store_corrupt' })
})

t.test('a damaged index is named by the integrity check', async t => {
  const folder = temporaryFolder(t)
  const file = join(folder, databaseName)
  const store = await openSqlite(folder)
  await store.saveUser('ana', () => enrolmentOf('ana'))
  await store.close()
  const db = new DatabaseSync(file)
  const { page, size } = db
    .prepare(
      "SELECT rootpage AS page, page_size AS size FROM sqlite_schema, pragma_page_size WHERE name = 'shots_sha256'"
    )
    .get() as { page: number; size: number }
  db.close()
  const bytes = readFileSync(file)
  bytes.fill(0x66, page * size - 40, page * size - 8)
  writeFileSync(file, bytes)
  const damaged = await openSqlite(folder)
  t.teardown(() => damaged.close())
  t.match((await damaged.integrityCheck()).join(), /shots_sha256/)
})

t.test('the check writes: one that cannot is refused, although the file can be read', async t => {
  const folder = temporaryFolder(t)
  const store = await openSqlite(folder)
  t.teardown(() => store.close())
  const other = new DatabaseSync(join(folder, databaseName))
  t.teardown(() => other.close())
  const version = () => other.prepare('PRAGMA data_version').get()?.data_version
  const before = version()
  await store.check()
  t.not(version(), before)
  await holdSqlite(t, 'lock', folder)
  t.equal(await store.countUsers(), 0)
  await t.rejects(store.check(), { code: 'store_busy', message: /stayed locked by another process/ })
})

t.test('an embedding of the wrong size is reported', async t => {
  const folder = temporaryFolder(t)
  const store = await openSqlite(folder)
  t.teardown(() => store.close())
  await store.saveUser('ana', () => enrolmentOf('ana'))
  const db = new DatabaseSync(join(folder, databaseName))
  db.exec("UPDATE shots SET embedding = x'00000000'")
  db.close()
  await t.rejects(store.findUser('ana'), { code: 'store_corrupt', message: /has 4 bytes, expected 64/ })
})

t.test('a DATA_DIR that is a file is refused', async t => {
  const file = join(temporaryFolder(t), 'file')
  writeFileSync(file, '')
  await t.rejects(openSqlite(file), { code: 'store_unreachable', message: /set DATA_DIR to a folder/ })
})

t.test('a database that cannot be written is refused', {
  skip: process.getuid?.() === 0 && 'root may write every file'
}, async t => {
  const folder = temporaryFolder(t)
  const file = join(folder, databaseName)
  await (await openSqlite(folder)).close()
  chmodSync(file, 0o400)
  await t.rejects(openSqlite(folder), { code: 'store_read_only', message: /write permission/ })

  const locked = temporaryFolder(t)
  chmodSync(locked, 0o500)
  await t.rejects(openSqlite(locked), { code: 'store_read_only' })
  t.notOk(existsSync(join(locked, databaseName)))
})

function modeOf (path: string): string {
  return (statSync(path).mode & 0o777).toString(8)
}
