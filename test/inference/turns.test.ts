/** The fair queue over simulated time: what a client keeps of its throughput beside one that floods. */
import { mock } from 'node:test'
import pLimit from 'p-limit'
import t from 'tap'
import { createFairQueue } from '../../src/inference/fair-queue.ts'
import { type Client, charged, whoseTurn } from '../../src/inference/turns.ts'

/** Milliseconds of a worker: decoding, then the faces beside the objects (bench/NOTES.md, "What a photo costs"). */
interface Photo { estimate: number, jobs: [decode: number, faces: number, objects: number] }
const ordinary: Photo = { estimate: 85, jobs: [6, 28, 48] }
const manyPixels: Photo = { estimate: 828, jobs: [440, 42, 48] }

const SECONDS = 20

/** @returns photos of a client with so many connections, and of the flood */
async function simulate (workers: number, connections: number, flooding: number) {
  const wait = (ms: number) => new Promise<void>(resolve => { setTimeout(resolve, ms) })
  // As the pool does it.
  const queue = createFairQueue(workers + 1, Math.max(1, workers - 1), () => Date.now())
  const jobs = pLimit(workers)
  const over = new AbortController()
  const photos = { ana: 0, flood: 0 }
  const keepSending = async (client: keyof typeof photos, photo: Photo) => {
    const { estimate, jobs: [decode, faces, objects] } = photo
    while (!over.signal.aborted) {
      await queue.run(client, estimate, async charge => {
        let held = 0
        const job = (ms: number) => jobs(async () => {
          await wait(ms)
          held += ms
        })
        await job(decode)
        await Promise.all([job(faces), job(objects)])
        charge(held)
      })
      photos[client]++
      await wait(5)
    }
  }
  for (let i = 0; i < connections; i++) keepSending('ana', ordinary)
  for (let i = 0; i < flooding; i++) keepSending('flood', manyPixels)
  for (let ms = 0; ms < SECONDS * 1000; ms++) {
    mock.timers.tick(1)
    await new Promise(setImmediate)
  }
  over.abort()
  return photos
}

t.before(() => mock.timers.enable({ apis: ['setTimeout', 'Date'] }))
t.teardown(() => mock.timers.reset())

for (const workers of [1, 2, 4]) {
  for (const connections of [1, 4]) {
    t.test(`${workers} workers: a client with ${connections} connections keeps half beside a flood`, async t => {
      const alone = await simulate(workers, connections, 0)
      const beside = await simulate(workers, connections, 60)
      t.comment(alone, beside)
      // More than half, for what a simulation does not know.
      t.ok(beside.ana >= 0.58 * alone.ana, `${beside.ana} of ${alone.ana}`)
      t.ok(beside.flood * 590 > SECONDS * 1000 / 4, 'the flood is served as well')
    })
  }
}

t.test('a flood that has the service for itself uses all of it', async t => {
  const { flood } = await simulate(2, 0, 60)
  t.ok(flood * 530 > 0.95 * 2 * SECONDS * 1000, `${flood} photos`)
})

function client (served: number, cost: number | null, last: Partial<Client['last']> = {}): Client {
  return {
    served,
    running: 0,
    waiting: cost === null ? [] : [{ cost, begin () {} }],
    seen: 0,
    last: { ended: -Infinity, stayed: 0, charged: 0, ...last }
  }
}

t.test('long work waits for who was served less, and no longer than it took', async t => {
  const slots = { all: 3, alone: 1 }
  const ana = client(100, null)
  const flood = client(900, 800, { ended: -50, charged: 800 })
  const turnAt = (time: number, clients = [ana, flood]) => whoseTurn(clients, slots, time)
  t.equal(turnAt(0), undefined, 'ana will soon be here again')
  t.equal(turnAt(101), flood, 'ana did not come')
  ana.last.stayed = 400
  t.equal(turnAt(101), undefined, 'on a slow machine ana may take longer')
  t.equal(turnAt(401), flood)
  ana.last.stayed = 60_000
  t.equal(turnAt(749), undefined)
  t.equal(turnAt(751), flood, 'nobody waits longer than the work took')
  t.equal(turnAt(0, [client(100, null), client(900, 80, flood.last)])?.served, 900, 'short work does not wait')
  t.equal(turnAt(0, [flood]), flood)
})

t.test('long work leaves a worker free, also for who was served more', async t => {
  const flood = { ...client(100, 800), running: 1 }
  const ana = client(900, null)
  t.equal(whoseTurn([flood, ana], { all: 3, alone: 1 }, 0), undefined)
  t.equal(whoseTurn([flood, ana], { all: 5, alone: 3 }, 0), flood)
  t.equal(whoseTurn([flood], { all: 3, alone: 1 }, 0), flood)
})

t.test('long work counts more than its time', async t => {
  t.same([charged(80), charged(250), charged(500)], [80, 250, 750])
})
