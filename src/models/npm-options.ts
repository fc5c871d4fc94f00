import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import Config from '@npmcli/config'
import npmSettings from '@npmcli/config/lib/definitions/index.js'

/**
 * The user's npm configuration (registry, scopes, credentials, proxy, certificates, cache, retries) as npm itself reads
 * it: environment, project, user and global `.npmrc`. In the form that pacote takes.
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
  return config.flat
}
