import { EventEmitter } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { startIdleDetector, type ThreadPool } from '../../src/inference/idle-detector.ts'

/** A pool of one thread that opens at once unless `refuse` says why not. */
function fakePool () {
  const events = new EventEmitter()
  const pool = {
    calls: [] as string[],
    refuse: null as unknown,
    async run (_input: unknown, { name }: { name: string }) {
      pool.calls.push(name)
      if (pool.refuse !== null) throw pool.refuse
      return name
    },
    on: (event: 'error', listener: (error: unknown) => void) => events.on(event, listener),
    async close () { pool.calls.push('close') }
  } satisfies ThreadPool & Record<string, unknown>
  return { pool, crash: (error: Error) => events.emit('error', error) }
}

async function until (condition: () => boolean): Promise<void> {
  for (const deadline = Date.now() + 10_000; !condition();) {
    if (Date.now() > deadline) throw new Error(`never came true: ${condition}`)
    await sleep(1)
  }
}

t.test('a thread that crashed is used again', async t => {
  const { pool, crash } = fakePool()
  const failures: unknown[] = []
  const idle = startIdleDetector(pool, error => failures.push(error), 1)
  t.teardown(() => idle.close())
  await until(idle.isOpen)
  for (const message of ['once', 'twice']) {
    crash(new Error(message))
    t.equal(idle.isOpen(), false, 'until the next one is open, the workers look for objects')
    await until(idle.isOpen)
  }
  t.match(failures, [{ message: 'once' }, { message: 'twice' }])
  t.equal(await idle.run({}, { name: 'objects' }), 'objects')
})

t.test('a call that ran too long ends its thread, and the next one is waited for', async t => {
  const { pool } = fakePool()
  const idle = startIdleDetector(pool, () => {}, 1)
  t.teardown(() => idle.close())
  await until(idle.isOpen)
  pool.refuse = new Error('The operation was aborted')
  await t.rejects(idle.run({}, { name: 'objects' }))
  t.equal(idle.isOpen(), false)
  pool.refuse = null
  await until(idle.isOpen)
})

t.test('pauses grow, and a refused model is not tried again', async t => {
  const { pool, crash } = fakePool()
  const failures: unknown[] = []
  pool.refuse = {
    threadError: { name: 'ModelError', code: 'model_refused', message: 'It does not fit.', stack: undefined }
  }
  const idle = startIdleDetector(pool, error => failures.push(error), 1)
  await until(() => failures.length === 1)
  await sleep(50)
  t.same(pool.calls, ['ready'])
  t.match(failures, [{ name: 'ModelError', code: 'model_refused', message: 'It does not fit.' }])

  const slow = fakePool()
  const other = startIdleDetector(slow.pool, () => {}, 60_000)
  await until(other.isOpen)
  slow.crash(new Error('again'))
  await sleep(50)
  t.equal(other.isOpen(), false, 'it waits')
  crash(new Error('last'))
  await Promise.all([idle.close(), other.close()])
  t.equal(slow.pool.calls.at(-1), 'close', 'and closing does not wait for it')
})
