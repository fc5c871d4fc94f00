/** The schema of a tenant keeps every promise of a store, in a database that has no other tables. */
import t from 'tap'
import { schemaOf, urlOfTenant } from '../../../src/storage/postgres/tenant-schema.ts'
import { findPostgres, missingPostgres, preparedDatabases, startPostgres } from '../../helpers/postgres-server.ts'
import { testStoreContract } from '../contract.ts'
import { testReviewsContract } from '../reviews-contract.ts'
import { testSketchContract } from '../sketches-contract.ts'

const bin = findPostgres()
const schema = schemaOf('shop')

t.test('with a server', { skip: bin === undefined && missingPostgres }, async t => {
  const { ask, url } = await startPostgres(t, bin ?? '')
  const urlOfShop = (database: string) => urlOfTenant(url(database), 'shop')
  const newDatabase = await preparedDatabases({ ask, url: urlOfShop })

  async function create (options?: string) {
    const name = await newDatabase(options)
    return {
      name,
      env: { DATABASE_URL: urlOfShop(name), DATABASE_POOL_MAX: '4' },
      verifications: () => ask(name, `SELECT * FROM ${schema}.verifications ORDER BY id`),
      async swapTemplates (one: string, other: string) {
        await ask(
          name,
          `UPDATE ${schema}.shots SET username = CASE username WHEN '${one}' THEN '${other}' ELSE '${one}' END, position = position + CASE username WHEN '${one}' THEN 100 ELSE 200 END`
        )
      }
    }
  }

  await t.test('contract', async t => testStoreContract(t, (_, bare) => create(bare === true ? '' : undefined)))
  await t.test('contract of the sketches', async t => testSketchContract(t, () => create()))
  await t.test('contract of the reviews', async t => testReviewsContract(t, () => create()))
  t.same(await ask('prepared', "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"), [])
})
