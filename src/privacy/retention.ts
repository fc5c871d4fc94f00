/** Removes kept photos and verification records when their time is over, and nothing else. */
import { retentionEntry } from '../audit/entry.ts'
import type { PhotoArchive } from '../storage/photo-archive.ts'
import type { Store } from '../storage/store.ts'

const DAY_MS = 24 * 60 * 60 * 1000

export interface Removed {
  photos: number
  verifications: number
  /** Files that belonged to nobody. */
  strays: number
}

/** @param days undefined: nothing grows too old */
export async function removeExpired (
  store: Store,
  archive: PhotoArchive,
  days: number | undefined,
  now = Date.now()
): Promise<Removed> {
  let removed = { photos: [] as string[], verifications: 0 }
  if (days !== undefined) {
    removed = await store.removeBefore(new Date(now - days * DAY_MS).toISOString(), retentionEntry(days))
    await archive.remove(removed.photos)
  }
  return { photos: removed.photos.length, verifications: removed.verifications, strays: await archive.sweep(now) }
}
