import pg from 'pg'
import t, { type Test } from 'tap'
import { loadConfig } from '../../../src/config/config.ts'
import { openStore } from '../../../src/storage/index.ts'
import { findPostgres, missingPostgres, preparedDatabases, startPostgres } from '../../helpers/postgres-server.ts'
import { checkSearchFindsAll, fill, findLeft, people } from '../erasure-contract.ts'
import { deletion } from '../samples.ts'

const bin = findPostgres()

t.test('with a server', { skip: bin === undefined && missingPostgres }, async t => {
  const server = await startPostgres(t, bin ?? '')
  const newDatabase = await preparedDatabases(server)
  const open = async (t: Test, name: string) => {
    const store = await openStore(loadConfig({ DATABASE_URL: server.url(name) }))
    t.teardown(() => store.close())
    return store
  }

  await t.test(
    'of whom is erased the tables hold neither name nor hashes nor embedding, nor do their statistics',
    async t => {
      const name = await newDatabase()
      const store = await open(t, name)
      await fill(store)
      await server.ask(name, 'ANALYZE')
      await server.ask(name, 'CHECKPOINT')
      checkSearchFindsAll(t, server.files)
      const statistics = await server.ask(
        name,
        `
      SELECT 1 FROM pg_stats WHERE most_common_vals::text LIKE '%person-%' OR histogram_bounds::text LIKE '%person-%'`
      )
      t.same(statistics, [], 'no name is ever in the statistics')

      const erased = people.filter((_, number) => number % 3 !== 0)
      for (const person of erased) { t.match(await store.deleteUser(person, deletion), { shots: 3, pending: ['free_pages'] }) }
      await server.ask(name, 'CHECKPOINT')
      t.not(findLeft(server.files, erased).length, 0, 'the answer is true')

      const reader = new pg.Client({ connectionString: server.url(name) })
      await reader.connect()
      await reader.query('BEGIN ISOLATION LEVEL REPEATABLE READ')
      await reader.query('SELECT count(*) FROM photos')
      await store.deleteUser(people[0]!, deletion)
      t.same(await store.finishErasures(), ['free_pages'], 'an older transaction may still see the rows')
      await reader.end()

      await store.close()
      const next = await open(t, name)
      t.same(await next.pendingErasures(), ['free_pages'], 'also for the next process')
      t.same(await next.finishErasures(), [])
      await server.ask(name, 'CHECKPOINT')
      t.same(findLeft(server.files, [...erased, people[0]!]), [])
      t.equal(findLeft(server.files, people).length, 4 * (people.length - erased.length - 1), 'the others are there')
    }
  )
})
