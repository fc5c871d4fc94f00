/**
 * The default store: one SQLite file in write-ahead-log mode, safe for several processes on one host (not on a network
 * file system). SQLite is synchronous, so it runs in a thread of its own: whatever another process does to the file or
 * the disk, the event loop of the service never waits for it.
 */
import { queuePolicies } from '../queue-policies.ts'
import { plainSealer, type Sealer } from '../sealer.ts'
import type { Store, UserStore } from '../store.ts'
import type { ThreadStore } from './compose.ts'
import { startStoreThread } from './thread-client.ts'
import { revisionOf } from './revision.ts'

export { databaseName } from './connection.ts'

/** @throws {StoreError} when the file is no database, damaged, not writable or written by a newer version */
export async function openSqlite (
  folder: string, sealer: Sealer = plainSealer, policies = queuePolicies({ REQUEST_TIMEOUT: 30 })
): Promise<Store> {
  const { methods, call } = await startStoreThread({ folder, keys: sealer.keys, policies })
  const calls = methods.map(name => [name, (...args: unknown[]) => call(name, args)])
  const thread = Object.fromEntries(calls) as unknown as ThreadStore
  const { replaceUser, ...store } = thread
  return { kind: 'sqlite', ...store, saveUser: savingUsers(thread) }
}

/**
 * The user is read in the thread, changed here, and replaced in the thread unless another process changed it meanwhile.
 * Changes of one user that come from here wait for each other.
 */
function savingUsers ({ findUser, replaceUser }: ThreadStore): UserStore['saveUser'] {
  const queues = new Map<string, Promise<unknown>>()
  return (username, change) => {
    const save = async () => {
      for (;;) {
        const current = await findUser(username)
        const saved = await replaceUser(username, revisionOf(current), change(current))
        if (saved !== null) return saved
      }
    }
    const saving = (queues.get(username) ?? Promise.resolve()).then(save)
    const settled = saving.catch(() => {}).then(() => {
      if (queues.get(username) === settled) queues.delete(username)
    })
    queues.set(username, settled)
    return saving
  }
}
