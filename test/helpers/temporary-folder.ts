import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Test } from 'tap'

/** A new empty folder, removed after the test. Unlike `t.testdir`, each call gives another one. */
export function temporaryFolder (t: Test): string {
  const folder = mkdtempSync(join(tmpdir(), 'eco-connect-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}
