/**
 * API keys and how they are stored. A key is 32 random bytes, so that one salted HMAC-SHA-256 is enough: a slow hash
 * protects secrets that can be guessed, and would make every request slow.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { type Static, Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { ConfigError } from '../config/config.ts'
import { TENANT_NAME } from '../storage/tenants.ts'
import { isScope, type Scope, scopes } from './scopes.ts'

const NAME = /^[\w.-]{1,64}$/
const SECRET = /^[\x21-\x7e]{32,256}$/
const PREFIX = 'eco_'

/** One key as it is stored: the secret cannot be had back from it. */
const StoredKeySchema = Type.Object({
  name: Type.String({ pattern: NAME.source }),
  tenant: Type.Optional(Type.String({ pattern: TENANT_NAME.source })),
  scopes: Type.Array(Type.Union(scopes.map(scope => Type.Literal(scope))), { minItems: 1 }),
  salt: Type.String({ pattern: '^[0-9a-f]{32}$' }),
  hash: Type.String({ pattern: '^[0-9a-f]{64}$', description: 'HMAC-SHA-256 of the key under the salt' }),
  createdAt: Type.String()
}, { additionalProperties: false })

const KeyFile = Type.Object({ keys: Type.Array(StoredKeySchema) }, { additionalProperties: false })

export type StoredKey = Static<typeof StoredKeySchema>

export function newSecret (): string {
  return PREFIX + randomBytes(32).toString('base64url')
}

/** As the audit, the records and the log name a key. No name has a slash. */
export function fullName ({ name, tenant }: Pick<StoredKey, 'name' | 'tenant'>): string {
  return tenant === undefined ? name : `${tenant}/${name}`
}

/** @throws {ConfigError} for a name, a tenant or scopes that cannot be */
export function storedKey (name: string, keyScopes: readonly string[], secret: string, tenant?: string): StoredKey {
  if (!NAME.test(name)) { throw new ConfigError(`The key name ${JSON.stringify(name)} must have 1 to 64 letters, digits or any of "_.-".`) }
  if (tenant !== undefined && !TENANT_NAME.test(tenant)) {
    throw new ConfigError(
      `The tenant ${JSON.stringify(tenant)} must have 1 to 30 lower-case letters, digits or "_", and begin with a letter.`
    )
  }
  const unknown = keyScopes.find(scope => !isScope(scope))
  if (unknown !== undefined || keyScopes.length === 0) {
    throw new ConfigError(`The key ${name} needs scopes out of ${scopes.join(', ')}; found ${unknown ?? 'none'}.`)
  }
  const salt = randomBytes(16)
  return {
    name,
    ...(tenant !== undefined && { tenant }),
    scopes: keyScopes as Scope[],
    salt: salt.toString('hex'),
    hash: digest(salt, secret).toString('hex'),
    createdAt: new Date().toISOString()
  }
}

/**
 * Reads `API_KEYS`: NAME:SCOPE+SCOPE:SECRET, comma-separated; TENANT/NAME for a key of a tenant.
 * @throws {ConfigError} which never repeats a secret
 */
export function parseKeySetting (setting: string): StoredKey[] {
  return setting.split(',').map(entry => entry.trim()).filter(entry => entry !== '').map((entry, index) => {
    const [name = '', keyScopes = '', ...secret] = entry.split(':')
    if (!SECRET.test(secret.join(':'))) {
      throw new ConfigError(
        `API_KEYS entry ${index + 1} is expected as NAME:SCOPE+SCOPE:SECRET with a secret of 32 to 256 printable characters; \`npm run keys -- add\` makes good ones.`
      )
    }
    const slash = name.indexOf('/')
    const tenant = slash === -1 ? undefined : name.slice(0, slash)
    return storedKey(name.slice(slash + 1), keyScopes.split('+'), secret.join(':'), tenant)
  })
}

/** @throws {ConfigError} naming the file and the position in it */
export function parseKeyFile (text: string, path: string): StoredKey[] {
  let content: unknown
  try {
    content = JSON.parse(text)
  } catch {
    throw new ConfigError(
      `The key file ${path} is not JSON; restore it, or make a new one with \`npm run keys -- add\`.`
    )
  }
  const problem = Value.Errors(KeyFile, content).First()
  if (problem !== undefined) { throw new ConfigError(`The key file ${path} at ${problem.path || '/'}: ${problem.message}.`) }
  return (content as Static<typeof KeyFile>).keys
}

/** @throws {ConfigError} when two keys share a name, since the audit names keys by their names */
export function refuseSameNames (keys: readonly StoredKey[]): void {
  const names = keys.map(({ name }) => name)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) throw new ConfigError(`Two API keys have the name ${twice}; give each its own.`)
}

/** Compares with every key, whether or not one has matched already, so that the time reveals nothing. */
export function findKey (keys: readonly StoredKey[], secret: string): StoredKey | null {
  let found: StoredKey | null = null
  for (const key of keys) {
    if (timingSafeEqual(digest(Buffer.from(key.salt, 'hex'), secret), Buffer.from(key.hash, 'hex'))) found = key
  }
  return found
}

function digest (salt: Buffer, secret: string): Buffer {
  return createHmac('sha256', salt).update(secret).digest()
}
