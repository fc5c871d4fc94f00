import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { runAudit } from '../../src/audit/audit-cli.ts'
import { databaseName, openSqlite } from '../../src/storage/sqlite/index.ts'
import { deletion, enrolmentOf, entryOf, verificationOf } from '../storage/samples.ts'

/** Eight rows; those of ana are erased. */
async function audited (t: Test) {
  const folder = t.testdir()
  const store = await openSqlite(folder)
  t.teardown(() => store.close())
  for (const name of ['ana', 'ben']) { await store.saveUser(name, () => ({ ...enrolmentOf(name), audit: entryOf('signup', name) })) }
  for (const [index, name] of ['ana', 'ben', 'ben', 'ana', 'ben'].entries()) {
    await store.recordVerification(verificationOf(String(index), name), { audit: entryOf('verify', name) })
  }
  await store.deleteUser('ana', deletion)
  const db = new DatabaseSync(join(folder, databaseName))
  t.teardown(() => db.close())
  return { store, folder, tamper: (sql: string) => db.exec(sql) }
}

t.test('an untouched chain is whole, erased values or not', async t => {
  const { store } = await audited(t)
  const { ok, output } = await runAudit(['verify'], store)
  t.equal(ok, true, output)
  t.match(output, /^8 rows, one unbroken chain; personal values erased in 3\. It ends at 8:[0-9a-f]{64}:/)
  t.match(JSON.parse((await runAudit(['list', '7'], store)).output), { seq: 8, event: 'delete' })
  t.equal((await runAudit(['list', '99'], store)).output, '')
  for (const args of [[], ['fly'], ['verify', 'x'], ['verify', '1:2'], ['list', '-1'], ['list', '1', '2']]) { await t.rejects(runAudit(args, store), { message: /Usage/ }, args.join(' ')) }
  t.equal((await runAudit(['verify'], await openSqlite(join(t.testdir({}), 'empty')))).ok, true)
})

for (const [name, sql, found] of [
  [
    'a changed verdict',
    'UPDATE audit SET details = \'{"status":"approved"}\' WHERE seq = 4',
    /row 4 \(verify, .*\) was changed/
  ],
  ['a changed time', "UPDATE audit SET at = '2020' WHERE seq = 2", /row 2 .* was changed/],
  ['another key', "UPDATE audit SET key_name = 'other' WHERE seq = 2", /row 2 .* was changed/],
  ['a changed name', "UPDATE audit SET username = 'eve' WHERE seq = 4", /personal values of row 4/],
  ['changed photos', 'UPDATE audit SET photos = \'["0"]\' WHERE seq = 4', /personal values of row 4/],
  ['a name on a row that has none', "UPDATE audit SET username = 'eve' WHERE seq = 8", /personal values of row 8/],
  [
    'an erasure that nobody asked for',
    'UPDATE audit SET username = NULL, photos = NULL, consent = NULL, salt = NULL WHERE seq = 4',
    /4 rows have no personal values, but the recorded deletions erased 3/
  ],
  ['half an erasure', 'UPDATE audit SET username = NULL WHERE seq = 4', /personal values of row 4/],
  ['a missing row', 'DELETE FROM audit WHERE seq = 4', /rows 4 to 4 are missing/],
  ['a missing first row', 'DELETE FROM audit WHERE seq = 1', /rows 1 to 1 are missing/],
  ['a missing last row', 'DELETE FROM audit WHERE seq = 8', /ends with row 7, expected row 8/],
  ['no rows', 'DELETE FROM audit', /ends with row 0, expected row 8/],
  [
    'a missing row whose gap was closed',
    'DELETE FROM audit WHERE seq = 4; UPDATE audit SET seq = seq - 1 WHERE seq > 4',
    /row 4 does not follow row 3/
  ],
  [
    'two rows that were exchanged',
    'UPDATE audit SET seq = -1 WHERE seq = 4; UPDATE audit SET seq = 4 WHERE seq = 5; UPDATE audit SET seq = 5 WHERE seq = -1',
    /row 4 does not follow row 3/
  ],
  [
    'a row too many',
    'INSERT INTO audit SELECT 9, at, event, request_id, key_name, details, username, photos, consent, salt, personal, hash, hash FROM audit WHERE seq = 8; UPDATE audit_head SET seq = 9',
    /row 9 .* was changed/
  ]
] as const) {
  t.test(`finds ${name}`, async t => {
    const { store, tamper } = await audited(t)
    tamper(sql)
    const { ok, output } = await runAudit(['verify'], store)
    t.equal(ok, false)
    t.match(output, found)
  })
}

t.test('a chain that was rewritten whole is found by a noted row', async t => {
  const { store, tamper } = await audited(t)
  const { output } = await runAudit(['verify'], store)
  const [, anchor = ''] = /(\d+:[0-9a-f]{64})/.exec(output) ?? []
  await store.appendAudit(entryOf('verify', 'ben'))
  t.equal((await runAudit(['verify', anchor], store)).ok, true)
  tamper("DELETE FROM audit; UPDATE audit_head SET seq = 0, hash = ''")
  for (let i = 0; i < 9; i++) await store.appendAudit(entryOf('verify', 'ben'))
  t.equal((await runAudit(['verify'], store)).ok, true, 'by itself it looks whole')
  t.match(await runAudit(['verify', anchor], store), { ok: false, output: /row 8 is no longer the one that was noted/ })
  t.match(await runAudit(['verify', `99:${'0'.repeat(64)}`], store), { ok: false })
})

t.test('the exit code says whether it worked', async t => {
  const { folder, tamper } = await audited(t)
  const script = fileURLToPath(new URL('../../scripts/audit.ts', import.meta.url))
  const run = (...args: string[]) =>
    spawnSync(process.execPath, [script, ...args], { env: { DATA_DIR: folder }, encoding: 'utf8' })
  t.match(run('verify'), { status: 0, stdout: /unbroken/ })
  tamper('DELETE FROM audit WHERE seq = 3')
  t.match(run('verify'), { status: 1, stdout: /rows 3 to 3 are missing/ })
  t.match(run(), { status: 2, stderr: /Usage/ })
})
