/** A first start without a network: reported at the first failed try, and ended within seconds. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { npmOptions } from '../../../src/models/npm-options.ts'
import { temporaryFolder } from '../../helpers/temporary-folder.ts'

const cli = fileURLToPath(new URL('../../../src/model-tools/cli.ts', import.meta.url))

/** An environment whose npm configuration is `settings` alone. */
function npmEnvironment (t: Test, settings: string): NodeJS.ProcessEnv {
  const npmrc = join(temporaryFolder(t), 'npmrc')
  writeFileSync(npmrc, settings)
  const own = Object.entries(process.env).filter(([name]) => !/^npm_config_|_proxy$/i.test(name))
  return {
    ...Object.fromEntries(own),
    NODE_OPTIONS: '',
    npm_config_userconfig: npmrc,
    npm_config_globalconfig: `${npmrc}.none`
  }
}

t.test('the first failed try is reported at once, and the end comes within seconds', async t => {
  const folder = temporaryFolder(t)
  const env = {
    ...npmEnvironment(t, 'registry=http://127.0.0.1:2/\n'),
    MODELS_DIR: folder,
    npm_config_cache: join(folder, 'cache')
  }
  const start = performance.now()
  const child = spawn(process.execPath, [cli, 'install', 'starter'], { env, stdio: ['ignore', 'ignore', 'pipe'] })
  t.teardown(() => child.kill('SIGKILL'))
  let told = ''
  let firstAt = Infinity
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    told += text
    if (/try 1 failed/.test(told)) firstAt = Math.min(firstAt, performance.now() - start)
  })
  const [code] = await once(child, 'close')
  const seconds = (performance.now() - start) / 1000
  t.equal(code, 1)
  t.match(told, /^Fetching \S+@\S+ from 127\.0\.0\.1:2: try 1 failed \(ECONNREFUSED\); trying again\n/)
  t.match(told, /registry 127\.0\.0\.1:2 could not be reached \(ECONNREFUSED\).*By hand:/s)
  t.ok(firstAt < 10_000, `reported after ${Math.round(firstAt)} ms`)
  t.ok(seconds < 60, `given up after ${seconds.toFixed(1)} s`)
})

t.test('what the user configured holds', async t => {
  t.match(await npmOptions(npmEnvironment(t, '')), { retry: { retries: 2, minTimeout: 1000, maxTimeout: 5000 } })
  t.match(await npmOptions(npmEnvironment(t, 'fetch-retry-mintimeout=20000\n')), {
    retry: { minTimeout: 20_000, maxTimeout: 5000 }
  })
})
