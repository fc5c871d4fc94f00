/** Store, port and page. */
import { existsSync } from 'node:fs'
import { access, constants } from 'node:fs/promises'
import { createServer } from 'node:net'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isLoopbackHost } from '../access/local.ts'
import type { Config } from '../config/config.ts'
import { listenProblem } from '../server/listen.ts'
import { openStore } from '../storage/index.ts'
import { existingTenants, settingsOf } from '../storage/tenants.ts'
import { type Finding, fine, hint, problem, sentence, skipped } from './finding.ts'

export async function checkStore (config: Config): Promise<Finding> {
  // A store that does not exist yet is made by the first start, not by looking.
  if (config.DATABASE_URL === undefined && !existsSync(config.DATA_DIR)) {
    const parent = resolve(config.DATA_DIR, '..')
    const writable = await access(
      existsSync(parent) ? parent : dirname(parent),
      constants.W_OK
    ).then(() => true, () => false)
    return writable
      ? fine('store', `${config.DATA_DIR} does not exist yet; the first start makes it`)
      : problem(
        'store',
          `DATA_DIR=${config.DATA_DIR} does not exist and cannot be made. Create it, or give this user the right to write there.`
      )
  }
  try {
    const own = await lookInto(config)
    if (own.state === 'problem') return own
    const tenants = await existingTenants(config)
    for (const tenant of tenants) {
      const found = await lookInto(await settingsOf(config, tenant))
      if (found.state === 'problem') return problem('store', `Tenant ${tenant}: ${found.text}`)
    }
    return tenants.length === 0
      ? own
      : fine('store', `${own.text}; and ${tenants.length} tenants: ${tenants.join(', ')}`)
  } catch (error) {
    return problem('store', sentence(error))
  }
}

async function lookInto (config: Config): Promise<Finding> {
  const store = await openStore(config)
  try {
    await store.check()
    const damage = await store.integrityCheck()
    if (damage.length > 0) { return problem('store', `The database is damaged: ${damage.join('; ')}. Check the disk and restore a backup.`) }
    return fine('store', `${store.kind}, ${await store.countUsers()} users`)
  } finally {
    await store.close()
  }
}

export async function checkPort ({ HOST, PORT }: Config): Promise<Finding> {
  const { promise, resolve: settle } = Promise.withResolvers<NodeJS.ErrnoException | null>()
  const server = createServer().once('error', settle).listen(PORT, HOST, () => server.close(() => settle(null)))
  const failure = await promise
  if (failure === null) return fine('port', PORT === 0 ? 'any free port' : `${HOST}:${PORT} is free`)
  if (failure.code === 'EADDRINUSE') {
    const host = HOST === '0.0.0.0' ? '127.0.0.1' : HOST.includes(':') ? `[${HOST}]` : HOST
    const ours = await fetch(`http://${host}:${PORT}/api/health`, { signal: AbortSignal.timeout(2000) })
      .then(async answer => (await answer.json() as { ok?: boolean }).ok === true).catch(() => false)
    return ours
      ? fine('port', `the service is running at ${HOST}:${PORT}`)
      : problem('port', listenProblem('EADDRINUSE', { HOST, PORT }))
  }
  return problem('port', listenProblem(failure.code ?? failure.message, { HOST, PORT }))
}

export function checkPage ({ TEST_PAGE, HOST, PORT }: Config): Finding {
  if (!TEST_PAGE) return skipped('page', 'switched off by TEST_PAGE=false')
  if (!existsSync(fileURLToPath(new URL('../../static/index.html', import.meta.url)))) { return problem('page', 'static/index.html is missing. Restore the folder static/, or set TEST_PAGE=false.') }
  return isLoopbackHost(HOST)
    ? fine('page', `http://${HOST}:${PORT}/`)
    : hint(
      'page',
      'Browsers give a page the camera only over HTTPS or on localhost: put a reverse proxy with a certificate in front.'
    )
}
