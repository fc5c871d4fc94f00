import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import Config from '@npmcli/config'
import npmSettings from '@npmcli/config/lib/definitions/index.js'

/**
 * npm waits 10 s and then 60 s before it tries again, which suits a build server; a person at a first start should hear
 * sooner that there is no network. Milliseconds.
 */
const pauses = {
  'fetch-retry-mintimeout': ['minTimeout', 1000],
  'fetch-retry-maxtimeout': ['maxTimeout', 5000]
} as const

/**
 * The user's npm configuration (registry, scopes, credentials, proxy, certificates, cache, retries) as npm itself reads
 * it: environment, project, user and global `.npmrc`. In the form that pacote takes, with shorter pauses between
 * retries where the user did not set any.
 */
export async function npmOptions (env: NodeJS.ProcessEnv = process.env): Promise<Record<string, unknown>> {
  const npmCli = env.npm_execpath ?? fileURLToPath(import.meta.resolve('@npmcli/config'))
  const config = new Config({
    ...npmSettings,
    npmPath: dirname(dirname(npmCli)),
    argv: [],
    // A copy: loading writes settings back into the environment it is given.
    env: { ...env },
    warn: false
  })
  await config.load()
  const shorter = Object.entries(pauses).filter(([name]) => config.isDefault(name)).map(([, option]) => option)
  return { ...config.flat, retry: { ...config.flat.retry as object, ...Object.fromEntries(shorter) } }
}
