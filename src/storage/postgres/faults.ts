/** What a fault of PostgreSQL means for the operator, in words. */
import pg from 'pg'
import { StoreError, type StoreErrorCode } from '../store-error.ts'

/** By SQLSTATE or its class, https://www.postgresql.org/docs/current/errcodes-appendix.html */
const faults: Record<string, [StoreErrorCode, string]> = {
  '08': ['store_unreachable', 'lost the connection: see whether the server runs, then try again'],
  '57P': ['store_unreachable', 'closed the connection: see whether the server runs, then try again'],
  25006: ['store_read_only', 'takes no writes: point DATABASE_URL to the primary server'],
  42501: [
    'store_unsupported',
    'denies this role a right that it needs: make the role the owner of the database, or GRANT it CREATE on the schema public and on the database (in place of the latter an administrator may create the schema eco_connect_queue for it)'
  ],
  53100: ['store_full', 'cannot grow, its disk is full: free some space'],
  53300: ['store_busy', 'has no connection left: lower DATABASE_POOL_MAX or raise max_connections'],
  XX001: ['store_corrupt', 'is damaged: restore a backup'],
  XX002: ['store_corrupt', 'has a damaged index: REINDEX it, or restore a backup']
}

/**
 * The `StoreError` that `error` means, or the error itself where nobody can do anything about it. What is not the
 * server's own answer is a fault of the connection.
 * @param where the server in words, without the password
 */
export function explain (where: string, error: unknown): unknown {
  if (!(error instanceof pg.DatabaseError)) return unreachable(where, error)
  const state = error.code ?? ''
  const fault = faults[state] ?? faults[state.slice(0, 3)] ?? faults[state.slice(0, 2)]
  if (fault === undefined) return error
  const [code, sentence] = fault
  return new StoreError(code, `${where} ${sentence} (${error.message})`, error)
}

/** A connection that could not be made, or broke. */
export function unreachable (where: string, error: unknown): StoreError {
  return new StoreError(
    'store_unreachable',
    `${where} cannot be reached: see whether DATABASE_URL is right and the server runs (${reason(error)})`,
    error
  )
}

export function isUnreachable (error: unknown): boolean {
  return error instanceof StoreError && error.code === 'store_unreachable'
}

/** A host with several addresses fails with an AggregateError, whose own message is empty. */
function reason (error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reason).join(', ')
  return error instanceof Error ? error.message : String(error)
}
