/** A copy of the SQLite store while the service runs. */
import { chmodSync, existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { backup, DatabaseSync } from 'node:sqlite'
import { databaseName } from './connection.ts'
import { StoreError } from '../store-error.ts'

/**
 * Copies the database in `folder` to the new file `target` (mode 0600) as of one moment, and checks the copy. Copying
 * the file itself would miss what is still in its write-ahead log.
 * @returns how many users the copy holds
 * @throws {StoreError} when there is no database, the target exists, or the copy is not sound
 */
export async function backupSqlite (folder: string, target: string): Promise<number> {
  const file = join(folder, databaseName)
  if (!existsSync(file)) {
    throw new StoreError(
      'store_unreachable',
      `There is no database ${file}: set DATA_DIR to the folder of the service.`
    )
  }
  if (existsSync(target)) { throw new StoreError('store_unreachable', `${target} exists already: name a new file, so that no backup is lost.`) }
  const source = new DatabaseSync(file, { readOnly: true, timeout: 5000 })
  try {
    await backup(source, target)
  } catch (error) {
    rmSync(target, { force: true })
    throw new StoreError('store_unreachable', `${target} cannot be written: ${(error as Error).message}`, error)
  } finally {
    source.close()
  }
  chmodSync(target, 0o600)
  return checked(target)
}

function checked (file: string): number {
  const copy = new DatabaseSync(file)
  try {
    const { integrity_check: verdict } = copy.prepare('PRAGMA integrity_check').get() as { integrity_check: string }
    if (verdict !== 'ok') { throw new StoreError('store_corrupt', `${file} is damaged (${verdict}): check the disks, then back up again.`) }
    return Number(copy.prepare('SELECT count(*) AS count FROM users').get()?.count)
  } finally {
    copy.close()
  }
}
