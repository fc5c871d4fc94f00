/** What a verification costs the store with 10 to 1,000,000 enrolled users. */
import { randomUUID } from 'node:crypto'
import { closeSync, fsyncSync, openSync } from 'node:fs'
import { rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { DatabaseSync } from 'node:sqlite'
import { loadConfig } from '../src/config/config.ts'
import { openStore } from '../src/storage/index.ts'
import { databaseName } from '../src/storage/sqlite/index.ts'
import type { Store } from '../src/storage/store.ts'
import { templateMatcher } from '../src/verification/match.ts'
import { percentile } from './load.ts'
import { temporaryFolder } from './server.ts'
import { fixed, mebibytes, table } from './table.ts'

const userCounts = [10, 1000, 100_000, 1_000_000]
const dimension = 512
const verifications = 500

export async function measureScale (): Promise<string> {
  const folder = await temporaryFolder()
  const config = loadConfig({ DATA_DIR: folder })
  const probe = unitVector()
  try {
    const rows = []
    const first = await openStore(config)
    await first.saveUser('user', () => ({
      contract: { model: '0'.repeat(64), preprocessing: 'bench', dimension },
      shots: [{ sha256: '0'.repeat(64), embedding: probe, createdAt: new Date().toISOString() }]
    }))
    await first.close()
    for (const users of userCounts) {
      multiplyUsers(join(folder, databaseName), users)
      const start = performance.now()
      const store = await openStore(config)
      const opened = performance.now() - start
      const times: number[] = []
      for (let i = 0; i < verifications; i++) { times.push(await verificationTime(store, `user${Math.floor(Math.random() * (users - 1)) + 1}`, probe)) }
      await store.close()
      times.sort((a, b) => a - b)
      rows.push([
        users.toLocaleString('en'),
        mebibytes((await stat(join(folder, databaseName))).size),
        fixed(opened, 1),
        fixed(percentile(times, 0.5), 2),
        fixed(percentile(times, 0.95), 2)
      ])
    }
    return (
      table(['users', 'file, MiB', 'open, ms', 'verification, p50 ms', 'p95 ms'], rows) +
      '\n\nA verification here is what it asks of the store: read the template, compare, write the record durably. One shot of 512 numbers for each user.'
    )
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** Copies the one user `user` until there are `users`, whatever columns the tables have. */
function multiplyUsers (file: string, users: number): void {
  const db = new DatabaseSync(file, { enableForeignKeyConstraints: false })
  try {
    db.exec('PRAGMA journal_mode = DELETE; PRAGMA synchronous = OFF; BEGIN')
    const present = Number(db.prepare('SELECT count(*) AS count FROM users').get()!.count)
    for (const name of ['users', 'shots']) {
      const columns = db.prepare('SELECT name FROM pragma_table_info(?)').all(name).map(column => String(column.name))
      db.exec(`
        WITH RECURSIVE numbers (n) AS (VALUES (${present}) UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < ${users})
        INSERT INTO ${name} (${columns.join(', ')})
        SELECT ${columns.map(column => (column === 'username' ? "'user' || n" : column)).join(', ')} FROM numbers, ${name} WHERE username = 'user'`)
    }
    db.exec('COMMIT')
  } finally {
    db.close()
  }
  // Otherwise the first commit of the service would wait for all of it to reach the disk.
  const handle = openSync(file, 'r+')
  fsyncSync(handle)
  closeSync(handle)
}

async function verificationTime (store: Store, username: string, probe: Float32Array): Promise<number> {
  const start = performance.now()
  const user = await store.findUser(username)
  const similarity = templateMatcher(user!.shots)(probe)
  await store.recordVerification({
    id: randomUUID(),
    requestId: randomUUID(),
    username,
    task: 'waste',
    status: 'approved',
    reasons: [],
    similarity,
    livenessScore: 1,
    photo: randomUUID(),
    models: ['bench'],
    createdAt: new Date().toISOString()
  })
  return performance.now() - start
}

function unitVector (): Float32Array {
  const vector = Float32Array.from({ length: dimension }, () => Math.random() - 0.5)
  const length = Math.hypot(...vector)
  return vector.map(value => value / length)
}
