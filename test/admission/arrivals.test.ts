import { mock } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { createArrivals } from '../../src/admission/arrivals.ts'

const GRACE = 20

/** A queue of `size` slots. */
function queueOf (size: number) {
  let taken = 0
  return {
    taken: () => taken,
    reserve () {
      if (taken === size) throw new Error('full')
      taken++
      let own = 1
      return {
        count (photos: number) {
          taken += photos - own
          own = photos
        },
        release () { taken -= own }
      }
    }
  }
}

t.test('a quick upload keeps its slot until it is over', async t => {
  const { reserve, taken } = queueOf(1)
  const arrivals = createArrivals(4, GRACE)
  const arrival = arrivals.begin('ana', reserve)
  t.throws(() => arrivals.begin('ben', reserve), /full/)
  t.equal(arrivals.count(), 1, 'who is refused does not count')
  arrival.arrived()
  t.same([arrivals.count(), taken()], [0, 1])
  await sleep(2 * GRACE)
  t.equal(taken(), 1, 'work is not hurried')
  arrival.end()
  arrival.end()
  t.equal(taken(), 0)
})

t.test('a slow upload loses its place, and takes one when it is there', async t => {
  const { reserve, taken } = queueOf(1)
  const arrivals = createArrivals(4, GRACE)
  const [slow, late] = [
    arrivals.begin('ana', reserve),
    await sleep(2 * GRACE).then(() => arrivals.begin('ana', reserve))
  ]
  t.equal(taken(), 0, 'nor does another one of this sender get one in advance')
  const other = arrivals.begin('ben', reserve)
  t.throws(() => arrivals.begin('ana', reserve), /full/, 'yet it is refused as early as before')
  t.throws(() => slow.arrived(), /full/)
  other.arrived()
  other.end()
  slow.end()
  await sleep(2 * GRACE)
  t.equal(taken(), 0)
  late.arrived()
  t.equal(taken(), 1)
  late.end()
  t.same([arrivals.count(), taken()], [0, 0])
})

t.test('who breaks off an upload gets no slot in advance, for a while', async t => {
  const { reserve, taken } = queueOf(3)
  const arrivals = createArrivals(4, GRACE)
  arrivals.begin('ana', reserve).end()
  arrivals.begin('ana', reserve)
  t.equal(taken(), 0)
  arrivals.begin('ben', reserve)
  t.equal(taken(), 1)
  t.teardown(() => mock.timers.reset())
  mock.timers.enable({ apis: ['Date'], now: Date.now() + 61_000 })
  arrivals.begin('ana', reserve)
  t.equal(taken(), 2)
})

t.test('a body that the service refuses makes nobody slow', async t => {
  const { reserve, taken } = queueOf(3)
  const arrivals = createArrivals(4, GRACE)
  const refused = arrivals.begin('ana', reserve)
  refused.refused()
  await sleep(2 * GRACE)
  refused.end()
  t.same([arrivals.count(), taken()], [0, 0])
  arrivals.begin('ana', reserve)
  t.equal(taken(), 1)
})

t.test('each photo of a request takes a slot', async t => {
  const { reserve, taken } = queueOf(9)
  const arrival = createArrivals(4, GRACE).begin('ana', reserve)
  arrival.arrived(5)
  t.equal(taken(), 5)
  arrival.end()
  t.equal(taken(), 0)
})

t.test('the body of a client that has gone takes no slot', async t => {
  const { reserve, taken } = queueOf(1)
  const arrival = createArrivals(4, GRACE).begin('ana', reserve)
  arrival.end()
  arrival.arrived()
  t.equal(taken(), 0)
})

t.test('one sender has so many uploads and no more', async t => {
  const { reserve } = queueOf(9)
  const arrivals = createArrivals(2, GRACE)
  const first = arrivals.begin('ana', reserve)
  arrivals.begin('ana', reserve)
  t.throws(() => arrivals.begin('ana', reserve), { code: 'overloaded', headers: { 'retry-after': '1' } })
  arrivals.begin('ben', reserve)
  first.arrived()
  arrivals.begin('ana', reserve)
})

t.test('too many slow uploads: the sender with the most of them loses the oldest', async t => {
  const { reserve } = queueOf(9)
  const arrivals = createArrivals(3, GRACE)
  const ben = arrivals.begin('ben', reserve)
  const [first, second] = [arrivals.begin('ana', reserve), arrivals.begin('ana', reserve)]
  await sleep(2 * GRACE)
  const cem = arrivals.begin('cem', reserve)
  await sleep(2 * GRACE)
  t.match(first.signal, { aborted: true, reason: { code: 'upload_too_slow', statusCode: 408 } })
  for (const { signal } of [ben, second, cem]) t.equal(signal.aborted, false)
  second.end()
  arrivals.begin('cem', reserve)
  await sleep(2 * GRACE)
  t.equal(cem.signal.aborted, false)
})
