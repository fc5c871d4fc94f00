/** What lists and exports cost the store with 1,000 to 1,000,000 verification records. */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { monitorEventLoopDelay, performance } from 'node:perf_hooks'
import { DatabaseSync } from 'node:sqlite'
import { loadConfig } from '../src/config/config.ts'
import { exportLines, exportParts } from '../src/privacy/export.ts'
import { openStore } from '../src/storage/index.ts'
import { databaseName } from '../src/storage/sqlite/connection.ts'
import type { Store } from '../src/storage/store.ts'
import { percentile } from './load.ts'
import { temporaryFolder } from './server.ts'
import { fixed, table } from './table.ts'

const recordCounts = [1000, 100_000, 1_000_000]
const users = 10
const pages = 300
const dimension = 512

/** Every tenth record is the user's of whom lists and exports are asked. */
export async function measureRecords (): Promise<string> {
  const folder = await temporaryFolder()
  const config = loadConfig({ DATA_DIR: folder })
  try {
    await enrol(await openStore(config))
    const rows = []
    for (const records of recordCounts) {
      addRecords(join(folder, databaseName), records)
      const store = await openStore(config)
      const first = await pageTimes(() => store.listVerifications({ username: 'user0' }, { limit: 50 }))
      const middle = { createdAt: momentOf(Math.floor(records / 2)), id: '' }
      const later = await pageTimes(() => store.listVerifications({ username: 'user0' }, { limit: 50, after: middle }))
      const all = await pageTimes(() => store.listVerifications({}, { limit: 50 }))
      const { exported, seconds, delayMs } = await exportTime(store)
      await store.close()
      rows.push([
        records.toLocaleString('en'),
        ...[first, later, all].map(times => fixed(percentile(times, 0.5), 2)),
        exported.toLocaleString('en'),
        fixed(seconds, 2),
        fixed(delayMs, 0)
      ])
    }
    return (
      table(
        [
          'records',
          'first page of a user, p50 ms',
          'page in the middle, ms',
          'first page of all, ms',
          'records exported',
          'in, s',
          'event loop late, p99 ms'
        ],
        rows
      ) + '\n\nPages of 50 records. The export is read from the store and written line by line, without HTTP.'
    )
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function enrol (store: Store): Promise<void> {
  const shots = [
    {
      sha256: '0'.repeat(64),
      embedding: new Float32Array(dimension).fill(dimension ** -0.5),
      createdAt: new Date().toISOString()
    }
  ]
  for (let i = 0; i < users; i++) {
    await store.saveUser(`user${i}`, () => ({
      contract: { model: '0'.repeat(64), preprocessing: 'bench', dimension },
      shots
    }))
  }
  await store.close()
}

/** Adds records, one a second, until there are `records`. */
function addRecords (file: string, records: number): void {
  const db = new DatabaseSync(file)
  try {
    db.exec('PRAGMA synchronous = OFF; BEGIN')
    const present = Number(db.prepare('SELECT count(*) AS count FROM verifications').get()!.count)
    const insert = db.prepare(`
      INSERT INTO verifications (id, request_id, username, task, status, reasons, similarity, liveness_score, photo, models, key_name, created_at)
      VALUES (?, ?, ?, 'waste', 'approved', '[]', 0.5, 1, ?, '["bench"]', NULL, ?)`)
    for (let i = present; i < records; i++) {
      const id = `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`
      insert.run(id, id, `user${i % users}`, String(i).padStart(64, '0'), momentOf(i))
    }
    db.exec('COMMIT; PRAGMA wal_checkpoint(TRUNCATE)')
  } finally {
    db.close()
  }
}

function momentOf (second: number): string {
  return new Date(Date.UTC(2026, 0, 1) + second * 1000).toISOString()
}

async function pageTimes (list: () => Promise<unknown>): Promise<number[]> {
  const times: number[] = []
  for (let i = 0; i < pages; i++) {
    const start = performance.now()
    await list()
    times.push(performance.now() - start)
  }
  return times.sort((a, b) => a - b)
}

async function exportTime (store: Store) {
  const delays = monitorEventLoopDelay({ resolution: 5 })
  delays.enable()
  const start = performance.now()
  let exported = -1
  for await (const piece of exportLines({}, exportParts(store, 'user0', true))) exported += piece.split('\n').length - 1
  delays.disable()
  return { exported, seconds: (performance.now() - start) / 1000, delayMs: delays.percentile(99) / 1e6 }
}
