/** `npm run keys -- rotate-templates`: encrypts every template and kept photo, of all tenants, with the current key. */
import { type Config, ConfigError } from '../config/config.ts'
import { inEveryStore } from './existing.ts'
import { openPhotoArchive } from './photo-archive.ts'
import { openSealer } from './sealing.ts'
import { settingsOf } from './tenants.ts'

/**
 * Works while the service runs, one user at a time; a run that was cut off is simply run again.
 * @throws {ConfigError} without a key
 * @throws {StoreError} `store_sealed` when a value is under a key that is not configured
 */
export async function rotateTemplates (config: Config): Promise<string> {
  const sealer = openSealer(config, { acceptPlain: true })
  if (sealer.keyId === null) {
    throw new ConfigError(
      'Set TEMPLATE_KEY or TEMPLATE_KEY_FILE to the new key, and TEMPLATE_KEYS_OLD to the one in use so far'
    )
  }
  let [shots, photos] = [0, 0]
  await inEveryStore(config, async (store, tenant) => {
    shots += await store.resealTemplates()
    photos += await openPhotoArchive(await settingsOf(config, tenant), store, sealer, error => { throw error }).reseal()
  }, sealer)
  return `Everything is under the key ${sealer.keyId}; ${shots} shots and ${photos} photos were encrypted anew. TEMPLATE_KEYS_OLD is needed for backups only.`
}
