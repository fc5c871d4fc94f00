/** The settings of an empty store of each kind, for tests that must hold on all of them. */
import type { Test } from 'tap'
import { findPostgres, missingPostgres, startPostgres } from './postgres-server.ts'

const bin = findPostgres()

export const storeKinds = [
  { kind: 'sqlite', skip: false },
  { kind: 'postgres', skip: bin === undefined && missingPostgres }
] as const

export type StoreKind = typeof storeKinds[number]['kind']

/** The teardown of the test removes the store. */
export async function emptyStore (t: Test, kind: StoreKind): Promise<Record<string, string>> {
  const DATA_DIR = t.testdir()
  if (kind === 'sqlite') return { DATA_DIR }
  const server = await startPostgres(t, bin!)
  await server.ask('postgres', 'CREATE DATABASE eco')
  return { DATA_DIR, DATABASE_URL: server.url('eco') }
}
