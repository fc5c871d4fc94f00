import t, { type Test } from 'tap'
import { loadConfig } from '../../../src/config/config.ts'
import { openStore } from '../../../src/storage/index.ts'
import { QUEUE_SCHEMA } from '../../../src/storage/postgres/queue.ts'
import { findPostgres, missingPostgres, preparedDatabases, startPostgres } from '../../helpers/postgres-server.ts'
import { testDeferredContract } from '../deferred-contract.ts'
import { entryOf, deferredIdOf, deferredOf } from '../samples.ts'

const bin = findPostgres()

t.test('with a server', { skip: bin === undefined && missingPostgres }, async t => {
  const server = await startPostgres(t, bin ?? '')
  const { ask } = server
  const newDatabase = await preparedDatabases(server)

  async function create (options?: string): Promise<{ name: string, env: Record<string, string> }> {
    const name = await newDatabase(options)
    return { name, env: { DATABASE_URL: server.url(name), DATABASE_POOL_MAX: '4' } }
  }

  async function open (t: Test, env: Record<string, string>) {
    const store = await openStore(loadConfig(env))
    t.teardown(() => store.close())
    return store
  }

  await t.test('contract', async t => testDeferredContract(t, async () => {
    const { name, env } = await create()
    return {
      env,
      async queued () {
        const rows = await ask(
          name,
          `
          SELECT id, extract(epoch FROM start_after - now())::float AS "dueIn" FROM ${QUEUE_SCHEMA}.job WHERE state < 'completed' ORDER BY created_on`
        )
        return rows as { id: string, dueIn: number }[]
      },
      async pass () {
        await ask(name, `UPDATE ${QUEUE_SCHEMA}.job SET started_on = now() - interval '1 day' WHERE state = 'active'`)
        await ask(name, `UPDATE ${QUEUE_SCHEMA}.job SET start_after = now() WHERE state < 'active'`)
      },
      async restart () {
        await server.stop()
        await server.start()
      }
    }
  }))

  await t.test('what the queue does not know is queued when a store opens', async t => {
    const { name, env } = await create()
    const store = await open(t, env)
    for (const number of [1, 2, 3]) {
      await store.addDeferred(
        { ...deferredOf(number), ...(number === 1 && { webhook: 'https://app.example/hook' }) },
        9
      )
    }
    const [first] = await store.leaseDeferred(1)
    await store.endDeferred({ ...first!, status: 'done', outcome: '{}' }, entryOf('verify', null))
    await store.leaseDeferred(1)
    await store.close()
    await ask(name, `DROP SCHEMA ${QUEUE_SCHEMA} CASCADE`)

    const [one, two] = await Promise.all([open(t, env), open(t, env)])
    t.match((await one!.leaseDeferred(9)).map(({ id }) => id), [deferredIdOf(2), deferredIdOf(3)])
    t.match(await two!.leaseWebhooks(9), [{ id: deferredIdOf(1) }])
    t.same(await two!.leaseDeferred(9), [], 'once, although two opened')
  })

  await t.test('a role that may not create schemas uses the one that was made for it', async t => {
    const { name } = await create('')
    await ask(name, 'CREATE ROLE modest LOGIN; GRANT CREATE ON SCHEMA public TO modest')
    const env = { DATABASE_URL: server.url(name).replace('tester@', 'modest@') }
    await t.rejects(openStore(loadConfig(env)), {
      code: 'store_unsupported',
      message: /create the schema eco_connect_queue/
    })
    await ask(name, `CREATE SCHEMA ${QUEUE_SCHEMA} AUTHORIZATION modest`)
    const store = await open(t, env)
    t.ok(await store.addDeferred(deferredOf(1), 9))
    t.match(await store.leaseDeferred(1), [{ id: deferredIdOf(1) }])
  })

  await t.test('a process with its queue takes no more connections than it may', async t => {
    const { name, env } = await create()
    const store = await open(t, { ...env, DATABASE_POOL_MAX: '2' })
    const work = Promise.all(Array.from({ length: 20 }, async (_, i) => {
      await store.addDeferred(deferredOf(i), 99)
      return store.leaseDeferred(1)
    }))
    let most = 0
    for (let i = 0; i < 5; i++) {
      const [row] = await ask('postgres', `SELECT count(*)::int FROM pg_stat_activity WHERE datname = '${name}'`)
      most = Math.max(most, Number(row?.count))
    }
    await work
    t.ok(most > 0 && most <= 2, `${most} connections`)
  })
})
