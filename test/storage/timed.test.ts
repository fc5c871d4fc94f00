import t from 'tap'
import { type Stage, withStages } from '../../src/observability/stages.ts'
import { openStore } from '../../src/storage/index.ts'

t.test('calls of a store, also failed ones, are stages of the current request', async t => {
  const store = await openStore({
    DATA_DIR: t.testdir(),
    DATABASE_POOL_MAX: 1,
    TEMPLATE_KEY: '',
    TEMPLATE_KEY_FILE: '',
    TEMPLATE_KEYS_OLD: '',
    REQUEST_TIMEOUT: 30
  })
  t.teardown(() => store.close())
  t.equal(store.kind, 'sqlite')
  t.equal(await store.countUsers(), 0, 'without a request it just answers')
  const stages: Stage[] = []
  await withStages(stages, async () => {
    t.equal(await store.findUser('anna'), null)
    await t.rejects(store.findUser(''), { code: 'invalid_username' })
  })
  t.match(stages, [{ name: 'store', start: Number, milliseconds: Number }, { name: 'store' }])
  t.equal(stages.length, 2)
})
