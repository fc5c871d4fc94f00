import t from 'tap'
import { createFairQueue } from '../../src/inference/fair-queue.ts'

/** Runs work whose order of beginning is recorded; each piece ends on request. */
function recorder (concurrency: number) {
  const queue = createFairQueue(concurrency)
  const begun: string[] = []
  const ends: (() => void)[] = []
  return {
    queue,
    begun,
    add: (client: string, cost = 1, signal?: AbortSignal) => queue.run(client, cost, () => {
      begun.push(client)
      return new Promise<void>(resolve => ends.push(resolve))
    }, signal),
    async endAll () {
      while (queue.active() > 0) {
        ends.shift()?.()
        await new Promise(setImmediate)
      }
    }
  }
}

t.test('one client is served in order, so many at a time', async t => {
  const queue = createFairQueue(2)
  const order: number[] = []
  let most = 0
  await Promise.all([1, 2, 3, 4, 5].map(number => queue.run('ana', number, async () => {
    most = Math.max(most, queue.active())
    order.push(number)
    await new Promise(setImmediate)
  })))
  t.same([order, most, queue.active(), queue.waiting()], [[1, 2, 3, 4, 5], 2, 0, 0])
  await t.rejects(queue.run('ana', 1, async () => { throw new Error('broken') }), /broken/)
  t.equal(await queue.run('ana', 1, async () => 'well'), 'well')
})

t.test('who comes late waits for a turn, not for the whole queue', async t => {
  const { add, begun, endAll } = recorder(1)
  for (let i = 0; i < 6; i++) add('flood')
  for (let i = 0; i < 3; i++) add('ana')
  await endAll()
  t.same(begun, ['flood', 'ana', 'flood', 'ana', 'flood', 'ana', 'flood', 'flood', 'flood'])
})

t.test('what costs more counts more', async t => {
  const { add, begun, endAll } = recorder(1)
  for (let i = 0; i < 4; i++) add('flood', 3)
  for (let i = 0; i < 6; i++) add('ana')
  await endAll()
  t.same(begun, ['flood', 'ana', 'ana', 'ana', 'flood', 'ana', 'ana', 'ana', 'flood', 'flood'])
})

t.test('nobody saves up turns', async t => {
  const { add, begun, endAll, queue } = recorder(1)
  for (let i = 0; i < 5; i++) add('flood', 10)
  await endAll()
  t.equal(queue.waiting(), 0)
  begun.length = 0
  for (let i = 0; i < 4; i++) add('ana')
  for (let i = 0; i < 3; i++) add('flood')
  await endAll()
  t.same(
    begun,
    ['ana', 'flood', 'flood', 'ana', 'flood', 'ana', 'ana'],
    'what was served in another busy time is forgotten'
  )
})

t.test('work that nobody waits for any more is dropped and not charged', async t => {
  const { add, begun, endAll, queue } = recorder(1)
  const gone = new AbortController()
  add('flood')
  const dropped = add('ana', 100, gone.signal)
  add('ana')
  add('flood')
  add('flood')
  gone.abort(new Error('gone'))
  await t.rejects(dropped, /gone/)
  await t.rejects(add('ana', 1, gone.signal), /gone/)
  t.equal(queue.waiting(), 3)
  await endAll()
  t.same(begun, ['flood', 'ana', 'flood', 'flood'])
})

t.test('while others come and go, one client leaves a worker free for them', async t => {
  let time = 0
  const queue = createFairQueue(3, 1, () => time)
  const running: { client: string, end: () => void }[] = []
  const add = (client: string, cost: number) =>
    queue.run(client, cost, () => new Promise<void>(resolve => running.push({ client, end: resolve })))
  const clients = async () => {
    await new Promise(setImmediate)
    return running.map(({ client }) => client).sort().join(' ')
  }
  const end = async (client: string) => {
    const [work] = running.splice(running.findIndex(work => work.client === client), 1)
    work!.end()
    await new Promise(setImmediate)
  }
  for (let i = 0; i < 9; i++) add('flood', 10)
  t.equal(await clients(), 'flood flood flood', 'alone it has all of them')
  for (let i = 0; i < 3; i++) add('ana', 1)
  for (let i = 0; i < 3; i++) await end('flood')
  t.equal(await clients(), 'ana ana ana', 'who was served less has all of them')
  for (let i = 0; i < 3; i++) await end('ana')
  t.equal(await clients(), 'flood', 'ana may come again')
  add('ana', 1)
  t.equal(await clients(), 'ana flood', 'and need not wait')
  await end('ana')
  time += 1001
  await end('flood')
  t.equal(await clients(), 'flood flood flood', 'ana has gone')
})
