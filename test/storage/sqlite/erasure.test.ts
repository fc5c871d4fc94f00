import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { openSqlite } from '../../../src/storage/sqlite/index.ts'
import { holdSqlite } from '../../helpers/sqlite-holder.ts'
import { temporaryFolder } from '../../helpers/temporary-folder.ts'
import { checkSearchFindsAll, fill, findLeft, people } from '../erasure-contract.ts'
import { deletion, enrolmentOf } from '../samples.ts'

t.test('of whom is erased the files hold neither name nor hashes nor embedding', async t => {
  const folder = temporaryFolder(t)
  const store = await openSqlite(folder)
  t.teardown(() => store.close())
  await fill(store)
  checkSearchFindsAll(t, folder)
  const erased = people.filter((_, number) => number % 3 !== 0)
  for (const name of erased) {
    t.match(await store.deleteUser(name, deletion), { shots: 3, verifications: 3, pending: [] })
  }
  t.same(findLeft(folder, erased), [])
  t.equal(findLeft(folder, people).length, 4 * (people.length - erased.length), 'the others are there')
  t.same(await store.pendingErasures(), [])
})

t.test('what a reader in another process keeps is pending, and is removed once it has ended', async t => {
  const folder = temporaryFolder(t)
  const store = await openSqlite(folder)
  t.teardown(() => store.close())
  await fill(store)
  const [ana, ben] = people as [string, string]
  const release = await holdSqlite(t, 'snapshot', folder)
  t.match(await store.deleteUser(ana, deletion), { pending: ['write_ahead_log'] })
  t.not(findLeft(folder, [ana]).length, 0, 'the answer is true')
  t.match(await store.finishErasures(), ['write_ahead_log'])
  await release()
  while ((await store.pendingErasures()).length > 0) await sleep(100)
  t.same(findLeft(folder, [ana]), [], 'without another call')
  t.not(findLeft(folder, [ben]).length, 0)
})

t.test('what a process left behind is removed by the next', async t => {
  const folder = temporaryFolder(t)
  const release = await (async () => {
    const store = await openSqlite(folder)
    await fill(store)
    const release = await holdSqlite(t, 'snapshot', folder)
    await store.deleteUser(people[0]!, deletion)
    await store.close()
    return release
  })()
  t.not(findLeft(folder, [people[0]!]).length, 0)
  const store = await openSqlite(folder)
  t.teardown(() => store.close())
  await store.saveUser('later', () => enrolmentOf('later'))
  await release()
  while ((await store.finishErasures()).length > 0) await sleep(100)
  t.same(findLeft(folder, [people[0]!]), [])
})
