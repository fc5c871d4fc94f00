/** The one place that decides who a caller is and whether the service may listen at all. */
import { isIP } from 'node:net'
import { type Config, ConfigError } from '../config/config.ts'
import { openKeyRing } from './key-ring.ts'
import { fullName } from './keys.ts'
import { type Connection, isLoopbackHost, whyNotLocal } from './local.ts'
import { OPAQUE_ORIGIN, parseOrigins } from './origins.ts'
import { type Caller, scopes } from './scopes.ts'

/** Proxies that Fastify knows by name, see its option `trustProxy`. */
const NAMED_PROXIES = ['loopback', 'linklocal', 'uniquelocal']

export interface Access {
  /** Exact web origins that browsers may call from. */
  origins: readonly string[] | '*'
  /** Who may call, in words for the log. */
  openTo: string
  /** For Fastify's `trustProxy`. */
  trustProxy: false | string[]
  /** The caller, or a sentence that says why there is none and whether a key would help. */
  identify (secret: string | undefined, connection: Connection): Caller | Refusal
}

export interface Refusal {
  code: 'unauthorized' | 'forbidden'
  message: string
}

const everything = new Set(scopes)
const local: Caller = { key: null, tenant: null, scopes: everything, local: true }
const anybody: Caller = { key: null, tenant: null, scopes: everything, local: false }

/**
 * @throws {ConfigError} when the service would be open to a network without keys, or a setting cannot be used
 */
export function openAccess (
  config: Config,
  log: { warn(message: string): void; error(object: object, message: string): void }
): Access {
  const origins = parseOrigins(config.CORS_ORIGINS)
  const trustProxy = parseProxies(config.TRUST_PROXY)
  const keys = openKeyRing(config, error =>
    log.error({ err: error }, 'the changed key file cannot be used; the keys read before stay in use')
  )

  if (!keys.configured) {
    if (config.ALLOW_UNAUTHENTICATED) {
      log.warn(
        'ALLOW_UNAUTHENTICATED=true and no API keys: everybody who reaches this service may enrol, verify, read and erase'
      )
    } else if (!isLoopbackHost(config.HOST)) {
      throw new ConfigError(
        `HOST=${config.HOST} is reachable from outside and there are no API keys. Make one with \`npm run keys -- add NAME --scope enrol,verify\`, or set HOST=127.0.0.1, or, where a network policy protects the service, ALLOW_UNAUTHENTICATED=true`
      )
    }
  }

  if (!keys.configured && !config.ALLOW_UNAUTHENTICATED && trustProxy !== false) {
    log.warn(
      'TRUST_PROXY without API keys: the proxy must replace or extend X-Forwarded-For; one that passes on what a client sends makes every client look like this machine'
    )
  }

  if (!keys.configured && origins.includes(OPAQUE_ORIGIN)) {
    log.warn('CORS_ORIGINS has null and there are no API keys: every site can call from a sandboxed frame of its page')
  }

  return {
    origins,
    openTo: keys.configured
      ? 'API keys'
      : config.ALLOW_UNAUTHENTICATED
        ? 'everybody who reaches it'
        : 'programs on this machine, without a key',
    trustProxy,
    identify (secret, connection) {
      if (keys.configured) {
        if (secret === undefined) {
          return {
            code: 'unauthorized',
            message: 'An API key is needed: send it as `Authorization: Bearer KEY` or as `x-api-key: KEY`.'
          }
        }
        const key = keys.find(secret)
        return key === null
          ? {
              code: 'unauthorized',
              message: 'The API key is not known. Check that it was copied whole and has not been removed.'
            }
          : { key: fullName(key), tenant: key.tenant ?? null, scopes: new Set(key.scopes), local: false }
      }
      if (config.ALLOW_UNAUTHENTICATED) return anybody
      const problem = whyNotLocal(connection, origins)
      return problem === null ? local : { code: 'forbidden', message: problem }
    }
  }
}

function parseProxies (setting: string): false | string[] {
  const list = setting.split(',').map(proxy => proxy.trim()).filter(proxy => proxy !== '')
  for (const proxy of list) {
    const [address = '', bits, ...rest] = proxy.split('/')
    const longest = isIP(address) === 4 ? 32 : 128
    const range = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) >= 1 && Number(bits) <= longest)
    if (!NAMED_PROXIES.includes(proxy) && (isIP(address) === 0 || !range || rest.length > 0)) {
      throw new ConfigError(
        `TRUST_PROXY has ${proxy}, expected addresses or ranges such as 10.0.0.0/8, or ${NAMED_PROXIES.join(', ')}`
      )
    }
  }
  return list.length === 0 ? false : list
}
