/** What a fault of SQLite means for the operator, in words. */
import { StoreError, type StoreErrorCode } from '../store-error.ts'

/** How long a writer waits for another process, milliseconds. */
export const BUSY_TIMEOUT_MS = 5000

/** Primary result codes, https://www.sqlite.org/rescode.html */
const SQLITE_BUSY = 5
const faults: Record<number, [StoreErrorCode, (file: string) => string]> = {
  [SQLITE_BUSY]: [
    'store_busy',
    file => `${file} stayed locked by another process for ${BUSY_TIMEOUT_MS} ms: see what holds it, then try again`
  ],
  8: [
    'store_read_only',
    file => `${file} cannot be written: give the service write permission on the file and its folder`
  ],
  10: ['store_unreachable', file => `${file} cannot be read or written by the disk: check the disk, then restart`],
  11: ['store_corrupt', file => `${file} is damaged: restore a backup`],
  13: ['store_full', file => `${file} cannot grow, the disk is full: free some space`],
  14: [
    'store_unreachable',
    file => `${file} cannot be opened: check that DATA_DIR is a folder the service may read and write`
  ],
  26: [
    'store_corrupt',
    file => `${file} is not an SQLite database: restore a backup, or move the file away to start empty`
  ]
}

/** The `StoreError` that `error` means, or the error itself where nobody can do anything about it. */
export function explain (file: string, error: unknown): unknown {
  const fault = faults[sqliteCode(error) ?? 0]
  if (fault === undefined) return error
  const [code, sentence] = fault
  return new StoreError(code, `${sentence(file)} (${(error as Error).message})`, error)
}

export function isBusy (error: unknown): boolean {
  return sqliteCode(error) === SQLITE_BUSY
}

export function isCode (error: unknown, code: string): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error && error.code === code
}

/** The low byte of an extended result code is the primary one. */
function sqliteCode (error: unknown): number | undefined {
  return isCode(error, 'ERR_SQLITE_ERROR') && 'errcode' in error ? Number(error.errcode) & 0xff : undefined
}
