import t from 'tap'
import { findPostgres, missingPostgres, preparedDatabases, startPostgres } from '../../helpers/postgres-server.ts'
import { testChallengesContract } from '../challenges-contract.ts'

const bin = findPostgres()

t.test('with a server', { skip: bin === undefined && missingPostgres }, async t => {
  const server = await startPostgres(t, bin ?? '')
  const newDatabase = await preparedDatabases(server)
  testChallengesContract(t, async () => ({
    env: { DATABASE_URL: server.url(await newDatabase()), DATABASE_POOL_MAX: '4' }
  }))
})
