import t from 'tap'
import { windowOf } from '../../../src/storage/subjects/failures.ts'

const HOUR = 60 * 60 * 1000

t.test('failures leave the window one by one', async t => {
  t.match(windowOf([], 1000, 100), { count: 0, waitMs: 0, time: 1000 })
  t.match(windowOf([900, 901, 1000], 1000, 100), { count: 2, waitMs: 1, since: 900 })
  t.match(windowOf([950, 1000], 1000, 100), { count: 2, waitMs: 50 })
})

t.test('time never runs back: a failure ahead of the clock is now', async t => {
  t.match(
    windowOf([5 * HOUR], 4 * HOUR, 900_000),
    { time: 5 * HOUR, count: 1, waitMs: 900_000 },
    'a clock that stepped back frees nobody'
  )
  t.match(windowOf([5 * HOUR - 900_000, 5 * HOUR], 0, 900_000), { count: 1 })
})

t.test('a clock that was wrong by more than a day locks nobody for years', async t => {
  t.match(windowOf([4_070_908_800_000, 500], 1000, 900_000), { time: 1000, count: 1 })
})
