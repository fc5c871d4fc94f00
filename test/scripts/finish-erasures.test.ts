import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import t from 'tap'
import { openSqlite } from '../../src/storage/sqlite/index.ts'
import { holdSqlite } from '../helpers/sqlite-holder.ts'
import { deletion, enrolmentOf } from '../storage/samples.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const run = (folder: string, ...args: string[]) =>
  promisify(execFile)(process.execPath, ['scripts/finish-erasures.ts', ...args], {
    cwd: root,
    env: { PATH: process.env.PATH, DATA_DIR: folder }
  })

t.test('says what is pending, and what to do about it', async t => {
  const folder = t.testdir()
  const store = await openSqlite(folder)
  t.teardown(() => store.close())
  await store.saveUser('ana', () => enrolmentOf('ana'))
  const release = await holdSqlite(t, 'snapshot', folder)
  await store.deleteUser('ana', deletion)
  await t.rejects(run(folder), { code: 1, stdout: /Still pending: write_ahead_log\. End what reads/ })
  await release()
  t.match(await run(folder), { stdout: /No erasure is pending/ })
})

t.test('creates no database, and refuses what it does not know', async t => {
  const folder = join(t.testdir(), 'none')
  await t.rejects(run(folder), { code: 1, stderr: /no database .*set DATA_DIR/ })
  t.notOk(existsSync(folder))
  await t.rejects(run(folder, '--fast'), { code: 2, stderr: /--fast/ })
  t.match(await run(folder, '--help'), { stdout: /Usage: npm run finish-erasures/ })
})
