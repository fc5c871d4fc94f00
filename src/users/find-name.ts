/** Which user a spelling means. */
import type { Store } from '../storage/store.ts'
import { nameKeys, normalizeUsername } from './username.ts'

/**
 * The name of the user as it is stored: exactly as sent, or else the only one that differs in case, width or what
 * cannot be seen. Users of earlier versions whose names differ in that alone need the exact spelling.
 * When there is no such user: the name as it would be stored.
 * @throws {ServiceError} `invalid_username`
 */
export async function findName (store: Pick<Store, 'spellings'>, text: string): Promise<string> {
  const name = normalizeUsername(text)
  const spellings = await store.spellings(nameKeys(name).lookup)
  const [only, ...others] = spellings
  return only === undefined || others.length > 0 || spellings.includes(name) ? name : only
}

const PAGE = 500

/** Gives users of earlier versions the keys that their names are found and compared by. */
export async function keyNames (store: Pick<Store, 'namesWithoutKeys' | 'keyNames'>): Promise<void> {
  for (;;) {
    const names = await store.namesWithoutKeys(PAGE)
    if (names.length === 0) return
    await store.keyNames(names.map(username => ({ username, ...nameKeys(username) })))
  }
}
