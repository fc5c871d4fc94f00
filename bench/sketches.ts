/** What the search among a million users and a million proofs costs, and how many of the faces that match it finds. */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { DatabaseSync } from 'node:sqlite'
import { loadConfig } from '../src/config/config.ts'
import { CANDIDATE_BITS as PEOPLE_BITS } from '../src/identification/people-index.ts'
import { CANDIDATE_BITS } from '../src/originality/earlier-photos.ts'
import { createFaceSketcher } from '../src/sketches/face-sketcher.ts'
import { openStore } from '../src/storage/index.ts'
import { databaseName } from '../src/storage/sqlite/index.ts'
import type { Sketch, SketchKind } from '../src/storage/store.ts'
import { percentile } from './load.ts'
import { temporaryFolder } from './server.ts'
import { fixed, mebibytes, table } from './table.ts'

const COUNT = 1_000_000
const DIMENSION = 512
const SEARCHES = 15
/**
 * Users with a second photo, at the similarity from which on faces are taken for one: all others are found more easily.
 */
const MATCHING = 400
const SIMILARITY = 0.5

const random = (): Sketch => ({ keyId: null, bits: crypto.getRandomValues(new Uint8Array(64)) })

export async function measureSketches (): Promise<string> {
  const folder = await temporaryFolder()
  const config = loadConfig({ DATA_DIR: folder })
  const sketcher = createFaceSketcher(null, DIMENSION)
  const faces = Array.from({ length: MATCHING }, facesAtLimit)
  try {
    await (await openStore(config)).close()
    fill(join(folder, databaseName), faces.map(({ one }) => sketcher(one)))
    const store = await openStore(config)
    const rows: string[][] = []
    const kinds: [what: string, kind: SketchKind, queries: number, limit: number][] = [
      ['people', 'face', 1, PEOPLE_BITS],
      ['proofs, by hash and mirrored', 'photo', 2, CANDIDATE_BITS.photo],
      ['proofs, by what is seen', 'view', 1, CANDIDATE_BITS.view]
    ]
    for (const [what, kind, queries, limit] of kinds) {
      const before = process.memoryUsage().rss
      const times: number[] = []
      for (let i = 0; i <= SEARCHES; i++) {
        const start = performance.now()
        await store.searchSketches(kind, Array.from({ length: queries }, random), limit)
        times.push(performance.now() - start)
      }
      const [load, ...later] = times
      later.sort((a, b) => a - b)
      rows.push([
        what,
        fixed(load! / 1000, 2),
        fixed(percentile(later, 0.5), 0),
        fixed(percentile(later, 0.95), 0),
        mebibytes(process.memoryUsage().rss - before)
      ])
    }
    let found = 0
    for (const [index, { other }] of faces.entries()) {
      const { matches } = await store.searchSketches('face', [{ keyId: null, bits: sketcher(other) }], PEOPLE_BITS)
      if (matches.some(({ ref }) => ref === `match${index}`)) found++
    }
    await store.close()
    return (
      table(['a million', 'first search, s', 'search, p50 ms', 'p95 ms', 'memory, MiB'], rows) +
      `\n\nOf ${MATCHING} faces whose similarity to a user is ${SIMILARITY}, the least that counts, ${found} are found among ${COUNT.toLocaleString('en')} others (synthetic).`
    )
  } finally {
    await rm(folder, { recursive: true })
  }
}

function fill (file: string, people: readonly Uint8Array[]): void {
  const db = new DatabaseSync(file, { enableForeignKeyConstraints: false })
  try {
    db.exec('PRAGMA journal_mode = DELETE; PRAGMA synchronous = OFF; BEGIN')
    // A hash of a photo fills the first half.
    for (const [kind, bits] of [
      ['face', 'randomblob(64)'],
      ['photo', 'CAST(randomblob(32) || zeroblob(32) AS BLOB)'],
      ['view', 'randomblob(64)']
    ] as const) {
      db.exec(`
        WITH RECURSIVE numbers (n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM numbers WHERE n < ${COUNT})
        INSERT INTO sketches (username, kind, ref, bits) SELECT 'user' || n, '${kind}', n, ${bits} FROM numbers`)
    }
    const insert = db.prepare("INSERT INTO sketches (username, kind, ref, bits) VALUES (?, 'face', ?, ?)")
    people.forEach((bits, index) => insert.run(`match${index}`, `match${index}`, bits))
    db.exec('COMMIT')
  } finally {
    db.close()
  }
}

/** Two unit vectors at the least similarity that counts. */
function facesAtLimit (): { one: Float32Array, other: Float32Array } {
  const [one, away] = [direction(), direction()]
  const shared = one.reduce((sum, value, i) => sum + value * away[i]!, 0)
  const across = away.map((value, i) => value - shared * one[i]!)
  const length = Math.hypot(...across)
  return {
    one,
    other: one.map((value, i) => SIMILARITY * value + (Math.sqrt(1 - SIMILARITY ** 2) * across[i]!) / length)
  }
}

function direction (): Float32Array {
  const values = Float32Array.from(
    { length: DIMENSION },
    () => Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random())
  )
  const length = Math.hypot(...values)
  return values.map(value => value / length)
}
