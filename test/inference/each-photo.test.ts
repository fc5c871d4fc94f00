import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { eachPhoto } from '../../src/inference/each-photo.ts'

t.test('the results stand in the order of the photos', async t => {
  t.same(await eachPhoto([20, 1], undefined, async (time, index) => {
    await sleep(time)
    return [time, index]
  }), [[20, 0], [1, 1]])
})

t.test('one failure drops the others, and is reported when they have ended', async t => {
  let running = 0
  const look = async (name: string, _: number, signal: AbortSignal) => {
    running++
    try {
      if (name === 'broken') throw new Error('broken')
      await sleep(10_000, undefined, { signal }).catch(() => sleep(20))
      signal.throwIfAborted()
    } finally {
      running--
    }
  }
  await t.rejects(eachPhoto(['one', 'broken', 'two'], undefined, look), /broken/)
  t.equal(running, 0)
  const gone = AbortSignal.timeout(10)
  await t.rejects(eachPhoto(['one', 'two'], gone, look), { name: 'TimeoutError' })
  t.equal(running, 0)
})
