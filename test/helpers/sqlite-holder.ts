import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Test } from 'tap'
import { databaseName } from '../../src/storage/sqlite/connection.ts'

const script = fileURLToPath(new URL('../storage/sqlite/lock-holder.ts', import.meta.url))

/**
 * Another process holds the write lock, or a snapshot, of the database in `folder` until the returned function is
 * called.
 */
export async function holdSqlite (t: Test, what: 'lock' | 'snapshot', folder: string): Promise<() => Promise<void>> {
  const child = spawn(process.execPath, [script, what, join(folder, databaseName)], {
    stdio: ['ignore', 'pipe', 'inherit']
  })
  const ended = once(child, 'close')
  const release = async (): Promise<void> => {
    child.kill('SIGKILL')
    await ended
  }
  t.teardown(release)
  await once(child.stdout, 'data')
  return release
}
