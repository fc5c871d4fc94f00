/** Names that look like another user's, or differ from it in nothing that is seen. */
import t from 'tap'
import { send, signup, verify } from '../helpers/app.ts'
import { buildLight } from '../helpers/light-app.ts'
import { emptyStore, storeKinds } from '../helpers/stores.ts'
import { keyNames } from '../../src/users/find-name.ts'
import { enrolmentOf } from '../storage/samples.ts'

const photo = (text: string) => Buffer.from(text)

for (const { kind, skip } of storeKinds) {
  t.test(`on ${kind} two spellings are one user, and a name that looks alike is refused`, { skip }, async t => {
    const { app, services } = await buildLight(t, await emptyStore(t, kind))
    t.match((await signup(app, 'Anna Li', photo('1'))).json(), { user: 'Anna Li', shots: 1 })
    t.match((await signup(app, 'ANNA  li', photo('2'))).json(), { user: 'Anna Li', shots: 2 })
    t.match((await verify(app, '\uFF41nna\u3000Li', 'waste', photo('proof'))).json(), {
      status: 'approved',
      user: 'Anna Li'
    })
    t.match((await app.inject('/api/users/anna%20li')).json(), { username: 'Anna Li', shots: 2 })
    t.equal((await app.inject('/api/verifications?user=anna%20li')).json().verifications.length, 1)
    for (const name of ['\u0410nna Li', 'Anna l\u0456', 'Annа Ii']) {
      t.match((await signup(app, name, photo(name))).json(), { code: 409, error: 'username_taken' }, name)
    }
    t.match((await signup(app, 'Anna\u200B Li', photo('3'))).json(), {
      code: 400,
      error: 'invalid_username',
      message: /U\+200B ZERO WIDTH SPACE/
    })
    t.match((await signup(app, 'Anna\uFE0F Leo', photo('4'))).json(), {
      code: 400,
      message: /U\+FE0F VARIATION SELECTOR-16/
    })
    t.equal(await services.store.countUsers(), 1)

    await send(
      app,
      '/api/signup',
      [
        ['username', 'anna LI'],
        ['images', { bytes: photo('5') }]
      ],
      { 'idempotency-key': 'one' }
    )
    const { erased } = (await app.inject({ method: 'DELETE', url: '/api/users/ANNA%20LI' })).json()
    t.match(erased, { shots: 3, verifications: 1, answers: 1 }, 'what another spelling left is erased as well')
  })

  t.test(`on ${kind} of names that come at the same moment one is taken`, { skip }, async t => {
    const { app, services } = await buildLight(t, await emptyStore(t, kind))
    const names = ['ben', 'b\u0435n', 'BEN', 'b\u0435\u0578']
    const answers = await Promise.all(names.map(name => signup(app, name, photo(name))))
    t.equal(await services.store.countUsers(), 1)
    t.ok(answers.some(({ statusCode }) => statusCode === 200))
  })

  t.test(
    `on ${kind} users of earlier versions keep their names, also those that differ in case alone`,
    { skip },
    async t => {
      const {
        app,
        services: { store }
      } = await buildLight(t, await emptyStore(t, kind))
      for (const name of ['Carla', 'carla', 'Dora\uFE0F', 'Emil']) await store.saveUser(name, () => enrolmentOf(name))
      await keyNames(store)
      const found = async (name: string) => (await app.inject(`/api/users/${encodeURIComponent(name)}`)).json().username
      for (const [sent, stored] of [
        ['Carla', 'Carla'],
        ['carla', 'carla'],
        ['CARLA', undefined],
        ['Dora\uFE0F', 'Dora\uFE0F'],
        ['dora', 'Dora\uFE0F'],
        ['EMIL', 'Emil']
      ] as const) { t.equal(await found(sent), stored, sent) }
      t.match((await signup(app, 'CARLA', photo('c'))).json(), { error: 'username_taken' })
    }
  )
}
