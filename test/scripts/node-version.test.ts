import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'

const root = fileURLToPath(new URL('../..', import.meta.url))
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> }

/** Runs a line of package.json on this Node, which says that it is another one. */
function run (command: string, version: string) {
  const older = `data:text/javascript,Object.defineProperty(process.versions,'node',{value:'${version}'})`
  const [, ...args] = command.split(' && ')[0]!.split(' ')
  return spawnSync(process.execPath, ['--import', older, ...args, '--help'], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '', PORT: 'x' }
  })
}

for (const [name, command] of Object.entries(scripts).filter(([, command]) => command.startsWith('node '))) {
  t.test(`npm run ${name} on an old Node.js says what to do`, async t => {
    const { status, stderr } = run(command, '20.11.0')
    t.equal(status, 1)
    t.match(stderr, /^Node\.js 24 or newer is needed; this is 20\.11\.0\.[^\n]*`npm rebuild node`\.\n$/)
  })
}

t.test('the right one passes', async t => {
  t.match(run(scripts.keys!, process.versions.node), { status: 0, stderr: '' })
})
