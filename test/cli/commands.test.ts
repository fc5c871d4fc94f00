/** Every command of package.json: help, wrong use, and that nothing is created by a command that reads. */
import { execFile } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { emptyStore, storeKinds } from '../helpers/stores.ts'
import { temporaryFolder } from '../helpers/temporary-folder.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> }
const commands = Object.entries(scripts).filter(
  ([name]) => !['start', 'test', 'coverage', 'lint', 'typecheck'].includes(name)
)

interface Ran { code: number, out: string, err: string }

/** As `npm run` calls it. */
function run (command: string, args: string[], env: Record<string, string> = {}): Promise<Ran> {
  const before = command.split(' ').slice(1)
  return new Promise(resolve =>
    execFile(
      process.execPath,
      [...before, ...args],
      { cwd: root, env: { ...process.env, NODE_OPTIONS: '', ...env } },
      (error, out, err) => {
        resolve({ code: error === null ? 0 : Number(error.code), out, err })
      }
    )
  )
}

for (const [name, command] of commands) {
  t.test(`npm run ${name}`, async t => {
    const folder = temporaryFolder(t)
    const env = { DATA_DIR: join(folder, 'data'), MODELS_DIR: join(folder, 'models') }
    const help = await run(command, ['--help'], env)
    t.match(help, { code: 0, err: '', out: /^Usage:\s+npm run / })
    t.match(help.out, `npm run ${name}`)
    const wrong = await run(command, ['models', 'tasks'].includes(name) ? ['list', '--nonsense'] : ['--nonsense'], env)
    t.match(wrong, { code: 2, out: '', err: /^There is no option '?--nonsense[^\n]*\n$/ })
    t.same(readdirSync(folder), [], 'nothing was created')
  })
}

t.test('a command that reads a store makes none', async t => {
  const folder = temporaryFolder(t)
  const env = { DATA_DIR: join(folder, 'data'), TEMPLATE_KEY: 'A'.repeat(43) }
  for (const [name, ...args] of [
    ['audit', 'verify'],
    ['audit', 'list'],
    ['backup', join(folder, 'copy')],
    ['keys', 'rotate-templates']
  ]) {
    t.match(
      await run(scripts[name!]!, args, env),
      { code: 1, out: '', err: /^There is no database .*: set DATA_DIR to the folder of the service\.\n$/ },
      `${name} ${args[0]}`
    )
  }
  t.notOk(existsSync(env.DATA_DIR))
  t.match(await run(scripts.backup!, [], env), { code: 2, err: /Name the file to write/ })
  t.match(await run(scripts.backup!, ['a', 'b'], env), { code: 2, err: /at most 1 argument, found a b/ })
})

t.test('nor on PostgreSQL', { skip: storeKinds.find(({ kind }) => kind === 'postgres')!.skip }, async t => {
  const env = await emptyStore(t, 'postgres')
  t.match(await run(scripts.audit!, ['verify'], env), {
    code: 1,
    err: /holds nothing of the service: set DATABASE_URL/
  })
  t.match(
    await run(scripts.audit!, ['verify'], env),
    { code: 1, err: /holds nothing/ },
    'the first run has left nothing'
  )
})

t.test('a typing error is distinguished from a word', async t => {
  t.match(await run(scripts.evaluate!, ['--imags', 'x']), {
    code: 2,
    err: /no option '?--imags'?, did you mean --images/
  })
  t.match(
    await run(scripts.evaluate!, ['--json', '/no/such/folder/x.json', '--images', root]),
    { code: 2, err: /no folder \/no\/such\/folder/ },
    'reported before the hours of work'
  )
  t.match(await run(scripts.models!, ['instal']), { code: 2, err: /There is no command instal, did you mean install/ })
  t.match(await run(scripts.models!, ['reshape', '--size']), { code: 2, err: /--size.*--help/ })
})
