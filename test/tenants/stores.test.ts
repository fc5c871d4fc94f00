import { join } from 'node:path'
import t from 'tap'
import { loadConfig } from '../../src/config/config.ts'
import { openExistingStore, inEveryStore } from '../../src/storage/existing.ts'
import { openStore } from '../../src/storage/index.ts'
import { existingTenants, settingsOf } from '../../src/storage/tenants.ts'
import { createTenants, type TenantData } from '../../src/tenants/tenants.ts'
import { emptyStore, storeKinds } from '../helpers/stores.ts'
import { enrolmentOf, deletion, verificationOf } from '../storage/samples.ts'

for (const { kind, skip } of storeKinds) {
  t.test(`tenants on ${kind} share nothing`, { skip }, async t => {
    const config = loadConfig(await emptyStore(t, kind))
    const open = async (tenant: string | null) => {
      const store = await openStore(await settingsOf(config, tenant))
      t.teardown(() => store.close())
      return store
    }
    const [none, acme, beta] = [await open(null), await open('acme'), await open('beta_2')]
    t.same(await existingTenants(config), ['acme', 'beta_2'])

    await acme.saveUser('ana', () => enrolmentOf('ana'))
    await acme.recordVerification(verificationOf('one', 'ana'))
    await acme.addDeferred(
      {
        id: '3e1cf1b6-9a52-4a4c-9d0e-5b6b1b0e9b55',
        username: 'ana',
        task: 'waste',
        photo: new Uint8Array(3),
        key: 'acme/app',
        requestId: 'r',
        challenge: null,
        limited: true,
        webhook: null,
        scores: false,
        createdAt: new Date().toISOString()
      },
      10
    )
    for (const other of [none, beta]) {
      t.equal(await other.countUsers(), 0)
      t.equal(await other.findVerification('one'), null)
      t.same(await other.leaseDeferred(10), [])
      t.equal((await other.auditHead()).seq, 0)
      t.equal(await other.deleteUser('ana', deletion), null)
    }
    await beta.saveUser('ana', () => enrolmentOf('other'))
    t.match(await beta.deleteUser('ana', deletion), { shots: enrolmentOf('other').shots.length })
    t.ok(await acme.findUser('ana'))
    t.equal((await acme.leaseDeferred(10)).length, 1, 'the queue is the tenant\'s own')

    t.same(await inEveryStore(config, async (store, tenant) => [tenant, await store.countUsers()]), [
      [null, 0],
      ['acme', 1],
      ['beta_2', 0]
    ])
    await t.rejects(openExistingStore(config, undefined, 'unknown'), { code: 'store_unreachable' })
    t.same(await existingTenants(config), ['acme', 'beta_2'], 'looking made none')
  })
}

t.test('a name that leaves its folder or schema is none', async t => {
  for (const name of ['../acme', 'Acme', '', 'a'.repeat(31), '1a', 'a-b', 'a b']) { await t.rejects(settingsOf(loadConfig({}), name), { name: 'ConfigError', message: /lower-case/ }) }
  t.equal((await settingsOf(loadConfig({ DATA_DIR: '/data' }), 'acme')).DATA_DIR, join('/data', 'tenants', 'acme'))
})

t.test(
  'a call for nobody throws, one for a tenant meets its data, and a tenant that could not be opened is tried again',
  async t => {
    const data = (name: string) =>
      ({ store: { kind: 'fake', countUsers: async () => name, close: async () => {} } }) as unknown as TenantData
    let failures = 1
    const tenants = createTenants({ ...data('none'), archive: {}, people: {} } as unknown as TenantData, async name => {
      if (failures-- > 0) throw new Error('away')
      return data(name)
    })
    const { store } = tenants.current
    t.throws(() => store.countUsers(), { message: 'store.countUsers was called for no tenant' })
    t.equal(await tenants.run(await tenants.open(null), () => store.countUsers()), 'none')
    await t.rejects(tenants.open('acme'), { message: 'away' })
    const [acme, again] = await Promise.all([tenants.open('acme'), tenants.open('acme')])
    t.equal(acme, again)
    t.equal(await tenants.run(acme!, () => store.countUsers()), 'acme')
    t.equal(tenants.inTurn().length, 2)
    t.not(tenants.inTurn()[0], tenants.inTurn()[0], 'another one first')
  }
)
