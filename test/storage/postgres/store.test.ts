import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { ConfigError, loadConfig } from '../../../src/config/config.ts'
import { openStore } from '../../../src/storage/index.ts'
import type { Store } from '../../../src/storage/store.ts'
import { findPostgres, missingPostgres, preparedDatabases, startPostgres } from '../../helpers/postgres-server.ts'
import { type Database, testStoreContract } from '../contract.ts'
import { adding, contract, enrolmentOf, entryOf, shotOf, verificationOf } from '../samples.ts'
import { testSketchContract } from '../sketches-contract.ts'

t.test('a URL that names no store is refused, without repeating it', async t => {
  for (const url of ['mysql://ana:secret@host/db', 'secret', 'postgres://ana:secret@host:port/db']) {
    const refusal: unknown = await openStore(loadConfig({ DATABASE_URL: url })).catch(error => error)
    t.type(refusal, ConfigError)
    t.match(refusal, { message: /DATABASE_URL .* postgres:\/\// })
    t.notMatch(refusal, { message: /sec/ })
  }
})

t.test('a server that is not there is reported without the password', async t => {
  const config = loadConfig({ DATABASE_URL: 'postgres://ana:secret@127.0.0.1:1/db' })
  const refusal: unknown = await openStore(config).catch(error => error)
  t.match(refusal, {
    name: 'StoreError',
    code: 'store_unreachable',
    message: /database db at 127\.0\.0\.1:1 cannot be reached/
  })
  t.notMatch(refusal, { message: /secret/ })
})

const bin = findPostgres()

t.test('with a server', { skip: bin === undefined && missingPostgres }, async t => {
  const server = await startPostgres(t, bin ?? '')
  const { ask } = server
  const newDatabase = await preparedDatabases(server)

  async function create (options?: string): Promise<Database & { name: string }> {
    const name = await newDatabase(options)
    return {
      name,
      env: { DATABASE_URL: server.url(name) },
      verifications: () => ask(name, 'SELECT * FROM verifications ORDER BY id'),
      async swapTemplates (one, other) {
        await ask(
          name,
          `UPDATE shots SET username = CASE username WHEN '${one}' THEN '${other}' ELSE '${one}' END, position = position + CASE username WHEN '${one}' THEN 100 ELSE 200 END`
        )
      }
    }
  }

  async function open (t: Test, env: Record<string, string>): Promise<Store> {
    const store = await openStore(loadConfig(env))
    t.teardown(() => store.close())
    return store
  }

  await t.test('contract', async t => testStoreContract(t, (_, bare) => create(bare === true ? '' : undefined)))

  await t.test('contract of the sketches', async t => testSketchContract(t, () => create()))

  await t.test('the URL decides, and other spellings of it work', async t => {
    const { env } = await create()
    t.equal((await open(t, env)).kind, 'postgres')
    t.equal(
      (await open(t, { DATABASE_URL: env.DATABASE_URL!.replace('postgres://', 'postgresql://') })).kind,
      'postgres'
    )
  })

  const [icu] = await ask(
    'postgres',
    `
    SELECT current_setting('server_version_num')::int >= 150000 AND EXISTS (SELECT 1 FROM pg_collation WHERE collprovider = 'i') AS usable`
  )
  await t.test('the order of names is the order of code points, also in a database with a locale', {
    skip: icu?.usable !== true && 'this test needs PostgreSQL 15 with ICU'
  }, async t => {
    const { env, name } = await create("TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'en' LOCALE 'C'")
    const names = ['b', 'B', 'é', 'a', '\u{1F600}', '\uFFFD']
    const [row] = await ask(name, "SELECT 'a' < 'B' AS folded")
    t.ok(row?.folded, 'the database itself orders otherwise')
    const store = await open(t, env)
    for (const name of names) await store.saveUser(name, () => enrolmentOf(name))
    t.same(
      (await store.listUsers({ limit: 10 })).users.map(user => user.username),
      ['B', 'a', 'b', 'é', '\uFFFD', '\u{1F600}']
    )
  })

  await t.test('a database of a newer version is refused and left as it is', async t => {
    const { env, name } = await create()
    await (await open(t, env)).saveUser('ana', () => enrolmentOf('ana'))
    await ask(name, 'UPDATE schema_version SET version = 99')
    await t.rejects(openStore(loadConfig(env)), {
      code: 'store_newer',
      message: /schema version 99.*start the newer service/
    })
    t.same(await ask(name, 'SELECT version FROM schema_version'), [{ version: 99 }])
    t.equal((await ask(name, 'SELECT 1 FROM users')).length, 1)
  })

  await t.test('a database in another encoding is refused and left empty', async t => {
    const { env, name } = await create("TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'")
    await t.rejects(openStore(loadConfig(env)), {
      code: 'store_unsupported',
      message: /encoded in LATIN1, expected UTF8/
    })
    t.same(await ask(name, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"), [])
  })

  await t.test('the rights that the refusal asks for are enough', async t => {
    const { env, name } = await create('TEMPLATE template0')
    await ask(name, 'CREATE ROLE limited LOGIN; REVOKE CREATE ON SCHEMA public FROM PUBLIC')
    const limited = loadConfig({ DATABASE_URL: env.DATABASE_URL!.replace('tester@', 'limited@') })
    for (const right of ['SCHEMA public', `DATABASE ${name}`]) {
      await t.rejects(openStore(limited), {
        code: 'store_unsupported',
        message: /GRANT it CREATE on the schema public and on the database/
      })
      await ask(name, `GRANT CREATE ON ${right} TO limited`)
    }
    await (await openStore(limited)).close()
  })

  await t.test('a database that takes no writes is refused', async t => {
    const { env, name } = await create()
    await ask('postgres', `ALTER DATABASE ${name} SET default_transaction_read_only = on`)
    await t.rejects(openStore(loadConfig(env)), { code: 'store_read_only', message: /takes no writes/ })
  })

  await t.test('a process takes no more connections than it may', async t => {
    const { env, name } = await create()
    const store = await open(t, { ...env, DATABASE_POOL_MAX: '3' })
    let most = 0
    const texts = Array.from({ length: 30 }, (_, i) => `shot ${i}`)
    const writing = Promise.all(texts.map(text => store.saveUser('ana', adding(text))))
    for (let i = 0; i < 5; i++) {
      const [row] = await ask('postgres', `SELECT count(*)::int FROM pg_stat_activity WHERE datname = '${name}'`)
      most = Math.max(most, Number(row?.count))
    }
    await writing
    t.ok(most > 0 && most <= 3, `${most} connections`)
    t.equal((await store.findUser('ana'))?.shots.length, 30)
  })

  await t.test('a dump of a running store is restored whole', async t => {
    const [from, to] = [await create(), await create('')]
    const store = await open(t, from.env)
    const ana = await store.saveUser('ana', () => ({ ...enrolmentOf('ana'), audit: entryOf('signup', 'ana') }))
    await store.recordVerification(verificationOf('1', 'ana'), { audit: entryOf('verify', 'ana') })
    const file = join(t.testdir(), 'dump')
    execFileSync(join(bin!, 'pg_dump'), ['--format=custom', '--file', file, server.url(from.name)])
    execFileSync(join(bin!, 'pg_restore'), ['--exit-on-error', '--dbname', server.url(to.name), file])
    const restored = await open(t, to.env)
    t.same(await restored.findUser('ana'), ana)
    t.same(await restored.listVerifications({}, { limit: 9 }), await store.listVerifications({}, { limit: 9 }))
    t.same(await restored.readAudit({ after: 0, limit: 9 }), await store.readAudit({ after: 0, limit: 9 }))
    await restored.saveUser('ana', adding('later'))
  })

  await t.test('the store works again after its server restarts, without a new process', async t => {
    const { env } = await create()
    const store = await open(t, env)
    const names = Array.from({ length: 20 }, (_, i) => `user-${i}`)
    await Promise.all(names.map(name => store.saveUser(name, () => enrolmentOf(name))))

    await server.stop()
    const unreachable = { name: 'StoreError', code: 'store_unreachable', message: /PostgreSQL database db\d+ at/ }
    await t.rejects(store.check(), unreachable)
    await t.rejects(store.findUser('user-1'), unreachable)
    await t.rejects(store.saveUser('late', () => enrolmentOf('late')), unreachable)

    await server.start()
    await store.check()
    t.equal(await store.countUsers(), 20)
    for (const name of names) t.match(await store.findUser(name), enrolmentOf(name))
    await Promise.all(names.map(name => store.saveUser(name, adding('more'))))
    t.equal((await store.findUser('user-7'))?.shots.length, 4)
  })

  for (const how of ['fast', 'crash'] as const) {
    await t.test(`a server that stops (${how}) under load loses no acknowledged change`, async t => {
      const { env } = await create()
      const store = await open(t, env)
      const acknowledged: string[] = []
      const write = async (writer: number): Promise<unknown> => {
        for (let i = 0; ; i++) {
          const username = `user-${writer}-${i}`
          try {
            await store.saveUser(username, () => ({ contract, shots: [shotOf(username), shotOf('second')] }))
          } catch (error) {
            return error
          }
          acknowledged.push(username)
        }
      }
      const writing = Array.from({ length: 6 }, (_, writer) => write(writer))
      while (acknowledged.length < 20) await store.countUsers()
      await server.stop(how)
      for (const error of await Promise.all(writing)) t.match(error, { name: 'StoreError', code: 'store_unreachable' })

      await server.start()
      for (const username of acknowledged) { t.match(await store.findUser(username), { shots: [shotOf(username), shotOf('second')] }) }
      const { users } = await store.listUsers({ limit: 100_000 })
      t.ok(users.every(user => user.shots === 2), 'no half user')
      t.ok(users.length - acknowledged.length <= 6, 'at most the writes in flight were not acknowledged')
    })
  }
})
