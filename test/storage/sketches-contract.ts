/** What every store must do with sketches. */
import type { Test } from 'tap'
import { loadConfig } from '../../src/config/config.ts'
import { distanceOf, SKETCH_BYTES } from '../../src/sketches/sketch.ts'
import { openStore } from '../../src/storage/index.ts'
import { newTemplateKey, openSealer } from '../../src/storage/sealing.ts'
import type { NewSketch, Store } from '../../src/storage/store.ts'
import { randomBytes } from 'node:crypto'
import type { Database } from './contract.ts'
import { deletion, enrolmentOf, verificationOf } from './samples.ts'

const random = (): Uint8Array => new Uint8Array(randomBytes(SKETCH_BYTES))

/** The same sketch with its first `count` bits changed. */
function near (bits: Uint8Array, count: number): Uint8Array {
  const changed = Uint8Array.from(bits)
  for (let i = 0; i < count; i++) changed[i >> 3]! ^= 1 << (i & 7)
  return changed
}

const face = (bits: Uint8Array, more: Partial<NewSketch> = {}): NewSketch => ({
  kind: 'face',
  ref: '',
  bits,
  keyId: null,
  ...more
})

export function testSketchContract (t: Test, create: (t: Test) => Promise<Database>): void {
  const open = async (t: Test, database: Database) => {
    const store = await openStore(loadConfig(database.env))
    t.teardown(() => store.close())
    return store
  }

  t.test('sketches within the limit are found, the nearest first, by every process', async t => {
    const database = await create(t)
    const [one, other] = [await open(t, database), await open(t, database)]
    const bits = random()
    t.same(await one.searchSketches('face', [{ bits, keyId: null }], 512), { matches: [], upTo: 0 })
    await one.saveUser('ana', () => ({ ...enrolmentOf('ana'), sketches: [face(bits)] }))
    await other.saveUser('ben', () => ({ ...enrolmentOf('ben'), sketches: [face(near(bits, 100))] }))
    await one.saveUser('eve', () => ({ ...enrolmentOf('eve'), sketches: [face(random())] }))
    for (const store of [one, other]) {
      const { matches, upTo } = await store.searchSketches('face', [{ bits: near(bits, 10), keyId: null }], 150)
      t.same(matches, [
        { username: 'ana', ref: '', distance: 10, detail: null },
        { username: 'ben', ref: '', distance: 90, detail: null }
      ])
      t.ok(upTo >= 3)
    }
    t.equal(distanceOf(bits, near(bits, 100)), 100)
    t.same((await one.searchSketches('photo', [{ bits, keyId: null }], 512)).matches, [], 'each kind by itself')
    t.same((await one.searchSketches('face', [{ bits, keyId: 'k1' }], 512)).matches, [], 'and each key')
  })

  t.test('a new face replaces the last one, and an erased user is found no more', async t => {
    const database = await create(t)
    const [one, other] = [await open(t, database), await open(t, database)]
    const [first, second] = [random(), random()]
    await one.saveUser('ana', () => ({ ...enrolmentOf('ana'), sketches: [face(first)] }))
    const find = async (bits: Uint8Array) =>
      (await other.searchSketches('face', [{ bits, keyId: null }], 50)).matches.map(({ username }) => username)
    t.same(await find(first), ['ana'])
    await one.saveUser('ana', () => ({ ...enrolmentOf('ana'), sketches: [face(second)] }))
    t.same([await find(first), await find(second)], [[], ['ana']])
    await one.saveUser('ana', () => enrolmentOf('ana'))
    t.same(await find(second), ['ana'], 'no new sketch: the stored one stays')
    await one.deleteUser('ana', deletion)
    t.same(await find(second), [])
  })

  t.test('photos carry what the second look needs, and go with their user', async t => {
    const store = await open(t, await create(t))
    const bits = random()
    await store.saveUser('ana', () => enrolmentOf('ana'))
    const detail = new Uint8Array([1, 2, 3])
    await store.recordVerification(verificationOf('v1', 'ana'), {
      sketches: [{ kind: 'photo', ref: 'v1', bits, keyId: null, detail }]
    })
    await store.recordVerification(verificationOf('v2', 'nobody'), {
      sketches: [{ kind: 'photo', ref: 'v2', bits, keyId: null }]
    })
    const { matches } = await store.searchSketches('photo', [{ bits, keyId: null }], 0)
    t.same(
      matches.map(match => ({ ...match, detail: [...match.detail!] })),
      [{ username: 'ana', ref: 'v1', distance: 0, detail: [1, 2, 3] }],
      'none of a user who is not enrolled'
    )
    await store.deleteUser('ana', deletion)
    t.same((await store.searchSketches('photo', [{ bits, keyId: null }], 0)).matches, [])
  })

  t.test('what is stored beside a sketch is sealed, and goes to another key', async t => {
    const database = await create(t)
    const [old, next] = [newTemplateKey(), newTemplateKey()]
    const withKeys = async (env: Record<string, string>) => {
      const config = loadConfig({ ...database.env, ...env })
      const store = await openStore(config, openSealer(config))
      t.teardown(() => store.close())
      return store
    }
    const bits = random()
    const details = async (store: Store) =>
      (await store.searchSketches('photo', [{ bits, keyId: null }], 0)).matches.map(
        ({ detail }) => detail && [...detail]
      )
    const first = await withKeys({ TEMPLATE_KEY: old })
    await first.saveUser('ana', () => enrolmentOf('ana'))
    await first.recordVerification(verificationOf('v1', 'ana'), {
      sketches: [{ kind: 'photo', ref: 'v1', bits, keyId: null, detail: new Uint8Array([7, 8, 9]) }]
    })
    t.same(await details(first), [[7, 8, 9]])
    const other = await withKeys({ TEMPLATE_KEY: next })
    t.same(await details(other), [null], 'not without the key')
    const both = await withKeys({ TEMPLATE_KEY: next, TEMPLATE_KEYS_OLD: old })
    await both.resealTemplates()
    t.same(await details(other), [[7, 8, 9]])
  })

  t.test('of two similar ones at the same moment one is refused, and nothing of it is written', async t => {
    const database = await create(t)
    const stores = await Promise.all(Array.from({ length: 4 }, () => open(t, database)))
    const bits = random()
    const searches = await Promise.all(stores.map(store => store.searchSketches('face', [{ bits, keyId: null }], 100)))
    const results = await Promise.allSettled(
      stores.map((store, i) =>
        store.saveUser(`user${i}`, () => ({
          ...enrolmentOf(`user${i}`),
          sketches: [face(near(bits, i), { unless: { limit: 100, upTo: searches[i]!.upTo } })]
        }))
      )
    )
    t.equal(results.filter(({ status }) => status === 'fulfilled').length, 1)
    for (const result of results) if (result.status === 'rejected') t.equal(result.reason.name, 'SketchRaceError')
    t.equal(await stores[0]!.countUsers(), 1)
    const upTo = (await stores[0]!.searchSketches('face', [{ bits, keyId: null }], 100)).upTo
    const { username } = (await stores[0]!.listUsers({ limit: 1 })).users[0]!
    await t.resolves(
      stores[1]!.saveUser(username, () => ({
        ...enrolmentOf(username),
        sketches: [face(bits, { unless: { limit: 100, upTo: 0 } })]
      })),
      'nobody races with an own face'
    )
    await t.resolves(
      stores[1]!.saveUser('late', () => ({
        ...enrolmentOf('late'),
        sketches: [face(random(), { unless: { limit: 100, upTo } })]
      }))
    )
  })

  t.test('users without a sketch under a key are listed and given one', async t => {
    const store = await open(t, await create(t))
    for (const name of ['ana', 'ben', 'eve']) await store.saveUser(name, () => enrolmentOf(name))
    const bits = random()
    await store.saveFaceSketch('ben', { bits, keyId: 'k1' })
    await store.saveFaceSketch('nobody', { bits, keyId: 'k1' })
    t.same(await store.usersWithoutSketch('k1', 10), ['ana', 'eve'])
    t.same(await store.usersWithoutSketch('k2', 2), ['ana', 'ben'])
    t.same(await store.usersWithoutSketch(null, 1), ['ana'])
    t.same(
      (
        await store.searchSketches(
          'face',
          [
            { bits, keyId: 'k1' },
            { bits: random(), keyId: null }
          ],
          60
        )
      ).matches.map(({ username }) => username),
      ['ben']
    )
  })
}
