/** `npm run keys`: makes, lists and removes API keys, and makes template keys and webhook secrets. */
import { type Options, parseCommandLine, UsageError } from '../cli/run-command.ts'
import { type Config, ConfigError } from '../config/config.ts'
import { keyFilePath, readKeyFile, writeKeyFile } from './key-file.ts'
import { fullName, newSecret, refuseSameNames, storedKey } from './keys.ts'
import { newTemplateKey } from '../storage/sealing.ts'
import { newWebhookSecret } from '../webhooks/signature.ts'
import { scopes } from './scopes.ts'

export const KEYS_USAGE = `
  npm run keys -- add NAME --scope ${scopes.join(',')}   make a key; it is shown once
  npm run keys -- add NAME --scope ... --tenant TENANT     one whose users and all other data are apart
  npm run keys -- list                                     names, scopes and dates
  npm run keys -- remove NAME                              the key stops working within seconds
  npm run keys -- template-key                             a random key for TEMPLATE_KEY
  npm run keys -- webhook-secret                           a random secret for WEBHOOK_SECRET
  npm run keys -- rotate-templates                         encrypt what is stored under the current TEMPLATE_KEY`

export const KEYS_OPTIONS = { scope: { type: 'string', multiple: true }, tenant: { type: 'string' } } satisfies Options

/**
 * Runs one command and returns what to print.
 * @throws {UsageError} for a command line that is none
 * @throws {ConfigError} with what was expected
 */
export function runKeys (given: string[], config: Pick<Config, 'API_KEYS_FILE' | 'DATA_DIR'>): string {
  const {
    args: [command, name, ...rest],
    values
  } = parseCommandLine(given, { usage: KEYS_USAGE, options: KEYS_OPTIONS, mostArguments: Infinity })!
  const path = keyFilePath(config)
  const keys = readKeyFile(path) ?? []

  if (command === 'add' && name !== undefined && rest.length === 0) {
    const secret = newSecret()
    const key = storedKey(
      name,
      ((values.scope as string[] | undefined) ?? []).flatMap(list => list.split(',')).map(scope => scope.trim()),
      secret,
      values.tenant as string | undefined
    )
    refuseSameNames([...keys, key])
    writeKeyFile(path, [...keys, key])
    return `${secret}\n\nThis is the key ${fullName(key)} (${key.scopes.join(', ')}). Keep it now: only a salted hash was written to ${path}.`
  }
  if (command === 'remove' && name !== undefined && rest.length === 0) {
    const left = keys.filter(key => key.name !== name)
    if (left.length === keys.length) {
      throw new ConfigError(
        `There is no key ${name} in ${path}; known: ${keys.map(key => key.name).join(', ') || 'none'}.`
      )
    }
    writeKeyFile(path, left)
    return left.length > 0
      ? `The key ${name} is removed.`
      : `The key ${name} is removed. No key is left, so the service refuses every call that needs one; delete ${path} to go back to calls from this machine only.`
  }
  if (command === 'template-key' && name === undefined) return newTemplateKey()
  if (command === 'webhook-secret' && name === undefined) return newWebhookSecret()
  if (command === 'list' && name === undefined) {
    return keys.length === 0
      ? `There are no keys in ${path}.`
      : keys.map(key => `${fullName(key)}\t${key.scopes.join(',')}\t${key.createdAt}`).join('\n')
  }
  throw new UsageError(`Usage:${KEYS_USAGE}`)
}
