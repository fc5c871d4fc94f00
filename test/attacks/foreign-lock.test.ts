/** Whatever another process does to the SQLite file, the event loop does not wait for it. */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { buildLight } from '../helpers/light-app.ts'
import { send } from '../helpers/app.ts'
import { holdSqlite } from '../helpers/sqlite-holder.ts'

const HELD_MS = 10_000
/** Far above what a busy machine adds, far below the wait for the lock. */
const LATE_MS = 1000

const photo = (text: string) => ({ bytes: Buffer.from(text) })

/** 99th percentile of the delays of the event loop during the work, milliseconds. */
async function delayDuring (work: () => Promise<void>): Promise<number> {
  const delays = monitorEventLoopDelay({ resolution: 5 })
  delays.enable()
  await work()
  delays.disable()
  return delays.percentile(99) / 1e6
}

async function enrolled (t: Test) {
  const folder = t.testdir()
  const { app, services } = await buildLight(t, { DATA_DIR: folder })
  t.equal((await send(app, '/api/signup', [['username', 'ana'], ['images', photo('ana')]])).statusCode, 200)
  return { app, folder, services }
}

t.test('another process holds the write lock for 10 s', async t => {
  const { app, folder } = await enrolled(t)
  const verify = (bytes: string) =>
    send(app, '/api/verify', [
      ['username', 'ana'],
      ['task', 'waste'],
      ['file', photo(bytes)]
    ])
  const release = await holdSqlite(t, 'lock', folder)
  const writing = verify('during')
  const longest = { health: 0, users: 0 }
  const p99 = await delayDuring(async () => {
    for (const end = Date.now() + HELD_MS; Date.now() < end; await sleep(50)) {
      for (const [name, url] of [['health', '/api/health'], ['users', '/api/users']] as const) {
        const start = performance.now()
        t.equal((await app.inject(url)).statusCode, 200, url)
        longest[name] = Math.max(longest[name], performance.now() - start)
      }
    }
  })
  t.comment({ p99, longest })
  t.ok(p99 < LATE_MS, `the event loop was late by ${p99} ms`)
  t.ok(longest.health < 2 * LATE_MS && longest.users < 2 * LATE_MS, 'reads go on')

  const refused = await writing
  t.match([refused.statusCode, refused.json().error, refused.headers['retry-after']], [503, 'store_unavailable', '5'])
  await release()
  t.match((await verify('after')).json(), { status: 'approved' })
})

t.test('a write waits for a lock that is short', async t => {
  const { app, folder } = await enrolled(t)
  const release = await holdSqlite(t, 'lock', folder)
  const writing = send(app, '/api/verify', [['username', 'ana'], ['task', 'waste'], ['file', photo('proof')]])
  await sleep(500)
  await release()
  t.equal((await writing).statusCode, 200)
})

t.test('a user is erased while another process reads', async t => {
  const { app, folder } = await enrolled(t)
  await holdSqlite(t, 'snapshot', folder)
  let status = 0
  const start = performance.now()
  const p99 = await delayDuring(async () => {
    const erasing = app.inject({ method: 'DELETE', url: '/api/users/ana' })
    t.equal((await app.inject('/api/health')).statusCode, 200)
    status = (await erasing).statusCode
    await sleep(500)
  })
  t.equal(status, 200)
  t.ok(performance.now() - start < 4500, 'the answer does not wait for the reader')
  t.ok(p99 < LATE_MS, `the event loop was late by ${p99} ms`)
})
