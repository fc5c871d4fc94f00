import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { type InferencePool, type PoolOptions, startInferencePool } from '../../src/inference/pool.ts'
import { defaultMemoryLimit } from '../../src/config/memory-limit.ts'
import type { MemoryReplacement } from '../../src/inference/memory-guard.ts'
import type { InferenceSetup } from '../../workers/thread-setup.ts'
import { decodeFrame } from '../../workers/decode-photo.ts'
import { starter, withoutStarter } from '../helpers/models.ts'
import { samplePhoto } from '../helpers/photos.ts'
import type { Behaviour } from '../helpers/unreliable-worker.ts'

async function start (
  t: Test,
  options: Partial<PoolOptions> = {},
  setup: Partial<InferenceSetup> = {}
): Promise<InferencePool> {
  const inference = await startInferencePool({ models: { objectDetector: null }, ...setup } as InferenceSetup, {
    workers: 2,
    idleThreads: 1,
    queueMax: 4,
    jobTimeout: 20,
    workerHeapMb: 64,
    memory: { limitMb: 0 },
    closeTimeout: 5,
    filename: new URL('../helpers/unreliable-worker.ts', import.meta.url).href,
    ...options
  })
  t.teardown(() => inference.close())
  return inference
}

function photo (inference: InferencePool, behaviour: Behaviour, signal?: AbortSignal): Promise<unknown> {
  return inference.onPhoto(run => run('decode', { bytes: Buffer.from(behaviour), maxPixels: 1 }), { signal })
}

/** The id of the thread that a slow photo was judged in. */
async function threadOf (inference: InferencePool): Promise<number> {
  const { frame } = await inference.onPhoto(run => run('decode', { bytes: Buffer.from('thread'), maxPixels: 1 }))
  return frame!.width
}

for (const behaviour of ['throw', 'crash', 'exit', 'hang', 'grow'] as const) {
  t.test(`a job that makes its worker ${behaviour} fails alone, and the pool goes on`, async t => {
    const faults: unknown[] = []
    const inference = await start(t, {
      onWorkerError: fault => faults.push(fault),
      ...(behaviour === 'hang' && { jobTimeout: 1 })
    })
    const results = await Promise.allSettled(
      (['slow', behaviour, 'slow', 'slow', 'work', 'slow'] as const).map(name => photo(inference, name))
    )
    t.strictSame(
      results.map(({ status }) => status),
      ['fulfilled', 'rejected', 'fulfilled', 'fulfilled', 'fulfilled', 'fulfilled']
    )
    t.match(results[1], { reason: { code: 'inference_failed', message: /request id/ } })
    t.ok(faults.length >= 1, 'the operator is informed')
    await Promise.all(Array.from({ length: 6 }, () => photo(inference, 'slow')))
    t.equal(inference.state().workers, 2)
    t.equal(inference.problem(), null, 'one fault is tolerated')
  })
}

t.test('beyond the memory limit every worker is replaced, one after another, and no photo is lost', async t => {
  let rss = 99 * 2 ** 20
  const replaced = Promise.withResolvers<MemoryReplacement>()
  const faults: unknown[] = []
  const inference = await start(t, {
    workers: 3,
    memory: { limitMb: 100, rss: () => rss, onReplaced: replaced.resolve },
    onWorkerError: fault => faults.push(fault)
  })
  const threadsOf = async (count: number) =>
    new Set(await Promise.all(Array.from({ length: count }, () => threadOf(inference))))
  const before = await threadsOf(12)
  t.equal(before.size, 3)
  t.same(await threadsOf(12), before, 'within the limit nothing happens')

  rss = 101 * 2 ** 20
  await photo(inference, 'work')
  rss = 60 * 2 ** 20
  const meanwhile = []
  while (await Promise.race([replaced.promise, sleep(20, null)]) === null) {
    meanwhile.push(photo(inference, 'slow'), photo(inference, 'work'))
    await meanwhile.at(-1)
  }
  await Promise.all(meanwhile)
  t.same(await replaced.promise, { limitMb: 100, beforeMb: 101, afterMb: 60 })
  const after = await threadsOf(12)
  t.equal(after.size, 3)
  for (const thread of after) t.notOk(before.has(thread))
  t.match([faults, inference.state().failed, inference.problem()], [[], 0, null], 'this is no failure')

  rss = 200 * 2 ** 20
  await Promise.all(Array.from({ length: 6 }, () => photo(inference, 'work')))
  t.same(await threadsOf(12), after, 'not again and again')
})

t.test('no thread is ended while it opens a model, which would abort the process', async t => {
  const counts = new Int32Array(new SharedArrayBuffer(8))
  const filename = new URL('../helpers/refusing-worker.ts', import.meta.url).href
  await t.rejects(start(t, { filename }, { counts } as Partial<InferenceSetup>), { message: 'refused' })
  t.same([...counts], [2, 2], 'begun and done')
})

t.test('closing does not wait for a replacement', async t => {
  const inference = await start(t, { memory: { limitMb: 1, rss: () => 2 ** 30 } })
  await photo(inference, 'work')
  await inference.close()
})

t.test('the default limit is the container\'s, shared by the processes', async t => {
  const gib = 2 ** 30
  t.equal(defaultMemoryLimit(2 * gib, 8 * gib, 1), 1740)
  t.equal(defaultMemoryLimit(2 * gib, 8 * gib, 2), 870)
  t.equal(defaultMemoryLimit(18446744073709552000, 8 * gib, 1), 0)
  t.equal(defaultMemoryLimit(0, 8 * gib, 1), 0)
})

t.test('repeated failures are a problem, named in words', async t => {
  const inference = await start(t, { workers: 1 })
  for (let i = 0; i < 3; i++) await t.rejects(photo(inference, 'exit'))
  t.match(inference.problem(), /failed 3 times/)
  t.resolves(photo(inference, 'work'), 'work goes on all the same')
})

t.test('what waits is dropped when nobody waits for it, what runs is not', async t => {
  const inference = await start(t, { workers: 1 })
  const gone = new AbortController()
  const running = photo(inference, 'slow')
  const late = [
    photo(inference, 'exit', gone.signal),
    photo(inference, 'exit', gone.signal),
    photo(inference, 'exit', gone.signal)
  ]
  gone.abort(new Error('gone'))
  for (const dropped of late) await t.rejects(dropped, /gone/)
  t.ok(await running)
  t.ok(await photo(inference, 'work'), 'no dropped job reached the worker, which would have exited')
  await t.rejects(photo(inference, 'exit', gone.signal), /gone/, 'late from the start')
  t.equal(inference.problem(), null)
})

t.test('the second job of a photo is dropped as well', async t => {
  const inference = await start(t, { workers: 1 })
  const gone = new AbortController()
  let ended: Promise<unknown> | undefined
  const work = inference.onPhoto(async run => {
    await run('decode', { bytes: Buffer.from('slow'), maxPixels: 1 })
    ended = run('decode', { bytes: Buffer.from('exit'), maxPixels: 1 })
    return ended
  }, { signal: gone.signal })
  await sleep(50)
  gone.abort(new Error('gone'))
  await t.rejects(work, /gone/)
  t.ok(await photo(inference, 'work'))
  await t.rejects(ended!, /gone/)
})

t.test('slots are released once, and the wait is computed from the service time', async t => {
  const inference = await start(t, { queueMax: 2 })
  const [first] = [inference.reserve('ana'), inference.reserve('ben')]
  t.throws(() => inference.reserve('cem'), { code: 'overloaded', statusCode: 503, headers: { 'retry-after': /^\d+$/ } })
  first!.release()
  first!.release()
  inference.reserve('ana')
  t.throws(() => inference.reserve('cem'), { code: 'overloaded' })
  t.match(inference.state(), { workers: 2, waiting: 2, max: 2 })
})

t.test('the memory of a photo serves the next one, unless a job failed on it', async t => {
  const inference = await start(t, { workers: 1 })
  const memoryOf = (...names: Behaviour[]) => inference.onPhoto(async run => {
    const [first] = await Promise.allSettled(
      names.map(name => run('decode', { bytes: Buffer.from(name), maxPixels: 1 }))
    )
    if (first?.status !== 'fulfilled' || first.value.frame === undefined) throw new Error('no frame')
    return new Uint8Array(first.value.frame.pixels)
  })
  const mark = (await memoryOf('work')).fill(7)
  t.same(await memoryOf('work'), mark, 'the same memory')
  t.same(await memoryOf('work', 'throw'), mark)
  t.same(await memoryOf('work'), [0, 0, 0], 'fresh memory')

  const [one, other] = await Promise.all([memoryOf('slow'), memoryOf('slow')])
  one.fill(1)
  t.notSame(other, one, 'photos at the same time have their own')
})

t.test('a photo that is alone has its objects found by a thread of its own', { skip: withoutStarter }, async t => {
  // The workers of this test cannot look for objects: they find none.
  const faults: unknown[] = []
  const inference = await start(
    t,
    { idleThreads: 2, onWorkerError: fault => faults.push(fault) },
    { models: starter, intraOpThreads: 1 }
  )
  const find = () => inference.onPhoto(async run => {
    const { frame } = await decodeFrame(await samplePhoto(3), 1e8)
    return (await run('objects', { frame: frame! })).detections.length
  })
  while (await find().catch(() => 0) === 0) await sleep(50)
  faults.length = 0
  t.ok(await find() > 2)
  t.same(faults, [])

  const company = photo(inference, 'slow')
  await t.rejects(find(), { code: 'inference_failed' }, 'a worker is asked while another photo is there')
  await company
  t.ok(await find() > 2, 'alone again')
})

t.test('without that thread the workers do its job', { skip: withoutStarter }, async t => {
  const faults: { message: string }[] = []
  const damaged = { ...starter, objectDetector: { ...starter.objectDetector!, path: '/no/such/file.onnx' } }
  const inference = await start(
    t,
    { idleThreads: 2, onWorkerError: fault => faults.push(fault as { message: string }) },
    { models: damaged, intraOpThreads: 1 }
  )
  while (faults.length === 0) await sleep(20)
  t.match(faults[0]!.message, /no\/such\/file/)
  t.ok(await photo(inference, 'work'))
  t.equal(inference.problem(), null)
})
