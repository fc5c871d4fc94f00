import { execFile } from 'node:child_process'
import { copyFileSync, mkdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import t from 'tap'
import { loadConfig } from '../../../src/config/config.ts'
import { openStore } from '../../../src/storage/index.ts'
import { databaseName } from '../../../src/storage/sqlite/index.ts'
import { enrolmentOf } from '../samples.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const backup = (folder: string, ...args: string[]) =>
  promisify(execFile)(process.execPath, ['scripts/backup.ts', ...args], {
    cwd: root,
    env: { PATH: process.env.PATH, DATA_DIR: folder }
  })

t.test('a backup made while users are written restores what was acknowledged before it', async t => {
  const folder = t.testdir({ data: {}, restored: {} })
  const config = (name: string) => loadConfig({ DATA_DIR: join(folder, name) })
  const store = await openStore(config('data'))
  t.teardown(() => store.close())
  for (let i = 0; i < 50; i++) await store.saveUser(`user${i}`, () => enrolmentOf(`user${i}`))

  const target = join(folder, 'backup.sqlite')
  const enough = new AbortController()
  const writing = (async () => {
    for (let i = 50; !enough.signal.aborted; i++) {
      await store.saveUser(`user${i}`, () => enrolmentOf(`user${i}`))
      await new Promise(setImmediate)
    }
  })()
  const { stdout } = await backup(join(folder, 'data'), target)
  enough.abort()
  await writing
  const copied = Number(/holds (\d+) users/.exec(stdout)?.[1])
  t.ok(copied >= 50, stdout)
  t.equal(statSync(target).mode & 0o777, 0o600)

  mkdirSync(join(folder, 'restored'), { recursive: true })
  copyFileSync(target, join(folder, 'restored', databaseName))
  const restored = await openStore(config('restored'))
  t.teardown(() => restored.close())
  t.equal(await restored.countUsers(), copied)
  for (let i = 0; i < 50; i++) t.strictSame(await restored.findUser(`user${i}`), await store.findUser(`user${i}`))
})

t.test('what cannot be backed up is said in a sentence', async t => {
  const folder = t.testdir({ data: {}, empty: {} })
  const store = await openStore(loadConfig({ DATA_DIR: join(folder, 'data') }))
  await store.close()
  writeFileSync(join(folder, 'there'), 'precious')
  for (const [args, message] of [
    [[join(folder, 'empty'), join(folder, 'new')], /no database/],
    [[join(folder, 'data'), join(folder, 'there')], /exists already/],
    [[join(folder, 'data'), join(folder, 'no/folder/file')], /cannot be written/]
  ] as [[string, ...string[]], RegExp][]) {
    await t.rejects(backup(...args), { code: 1, stderr: message })
  }
})
