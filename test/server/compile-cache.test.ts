import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** @returns what was printed, without the line break */
function run (script: string, env: NodeJS.ProcessEnv): string {
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: root, encoding: 'utf8', timeout: 60_000, env: { ...process.env, NODE_COMPILE_CACHE: undefined, ...env }
  })
  t.equal(stderr, '')
  return stdout.trim()
}

t.test('what was compiled is kept below the project, for threads too', async t => {
  const folder = run("await import('./src/server/compile-cache.js'); console.log(process.env.NODE_COMPILE_CACHE)", {})
  t.ok(folder.startsWith(join(root, '.cache', 'compile')), folder)
})

t.test('an operator says where else, and a start fills the folder', async t => {
  const folder = t.testdir()
  const { status, stderr } = spawnSync(process.execPath, ['src/server/start.js'], {
    cwd: root, encoding: 'utf8', timeout: 60_000, env: { ...process.env, NODE_COMPILE_CACHE: folder, PORT: 'none' }
  })
  t.equal(status, 1)
  t.match(stderr, /PORT/)
  t.ok(readdirSync(folder, { recursive: true }).length > 50, 'the modules of a start that stops at its settings')
})

t.test('a start goes on where nothing can be kept', async t => {
  const inFile = join(root, 'package.json', 'cache')
  t.equal(run("await import('./src/server/compile-cache.js'); console.log('on')", { NODE_COMPILE_CACHE: inFile }), 'on')
})
