import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { pino } from 'pino'
import t from 'tap'
import { loadConfig } from '../../src/config/config.ts'
import { openServices } from '../../src/server/open-services.ts'

const server = fileURLToPath(new URL('../../src/server/server.ts', import.meta.url))

t.test('the service does not start open to a network without keys', async t => {
  const started = spawnSync(process.execPath, [server], {
    env: { HOST: '0.0.0.0', PORT: '0', DATA_DIR: t.testdir() },
    encoding: 'utf8'
  })
  t.equal(started.status, 1)
  t.match(
    started.stderr,
    /^Cannot start: HOST=0\.0\.0\.0 is reachable from outside and there are no API keys\. Make one with `npm run keys -- add/
  )
})

t.test('what is risky is said at each start', async t => {
  const warnings = async (env: Record<string, string>) => {
    const lines: string[] = []
    const logger = pino({ level: 'warn' }, { write: (line: string) => lines.push(JSON.parse(line).msg) })
    const services = await openServices(loadConfig({ DATA_DIR: t.testdir(), WORKER_THREADS: '1', ...env }), logger)
    await services.inference.close()
    await services.store.close()
    return lines
  }
  t.match(await warnings({}), [/no TEMPLATE_KEY: templates are stored unencrypted/])
  t.same(await warnings({ TEMPLATE_KEY: randomBytes(32).toString('hex') }), [])
  t.match(
    await warnings({
      HOST: '0.0.0.0',
      ALLOW_UNAUTHENTICATED: 'true',
      KEEP_PHOTOS: 'all',
      TEMPLATE_KEY: randomBytes(32).toString('hex')
    }),
    [/ALLOW_UNAUTHENTICATED=true and no API keys/, /KEEP_PHOTOS=all without RETENTION_DAYS/]
  )
})
