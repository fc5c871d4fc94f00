/** What concerns every subject at once: the erasure of a person, and the removal of what is too old. */
import type { AuditEntry } from '../audit-chain.ts'

/** What a deletion removed. */
export interface Erased {
  shots: number
  /** Verification records whose personal fields were blanked. */
  verifications: number
  /** Audit rows whose personal fields were blanked. */
  audit: number
  /** Names of the kept photos, whose files are now nobody's. */
  photos: string[]
  /** Deferred verifications, waiting and ended. */
  jobs: number
  /** Answers kept for requests with an Idempotency-Key. */
  answers: number
  challenges: number
  /** Reviews, with their photos. */
  reviews: number
}

/**
 * Where bytes of what was erased may still be, although nobody can ask for them any more: in the write-ahead log, which
 * another process's reader keeps; in free space of the database's pages, until they are rewritten; in photo files that
 * could not be removed.
 */
export type PendingErasure = 'write_ahead_log' | 'free_pages' | 'photo_files'

export interface Deletion extends Erased {
  /** What is still to be done, and is tried again until it is done. */
  pending: PendingErasure[]
}

/** What the removal of old data removed. */
export interface Expired {
  /** Names of the kept photos. */
  photos: string[]
  verifications: number
}

export interface ErasureStore {
  /**
   * Erases template, shots, kept answers, challenges, deferred verifications and the list of kept photos; verification
   * records and audit rows stay without what names the person. Appends the audit entry with the counts in
   * `details.erased`. Null when there is no such user.
   */
  deleteUser(username: string, audit: AuditEntry): Promise<Deletion | null>
  /** What earlier erasures have left, of this process or another. */
  pendingErasures(): Promise<PendingErasure[]>
  /**
   * Tries what is pending; answers with what is still pending. The store does so by itself; `force` also rewrites
   * tables whose size would keep others waiting, for a maintenance window.
   */
  finishErasures(options?: { force?: boolean }): Promise<PendingErasure[]>
  /** Removes kept photos and verification records older than a moment, and nothing else. */
  removeBefore(moment: string, audit: AuditEntry): Promise<Expired>
}

/**
 * Bytes of a database file, or of a table, up to which it is rewritten while the service runs: a second or two of work.
 */
export const REWRITE_MAX_BYTES = 64 * 1024 * 1024

/**
 * Pause before a rewrite, which counts for all erasures meanwhile; at least so many times as long as the last one took.
 */
export const REWRITE_PAUSE_MS = 10_000
export const REWRITE_SHARE = 20

/** Adds up what the subjects erased. */
export function toErased (parts: readonly Partial<Erased>[]): Erased {
  return Object.assign(
    { shots: 0, verifications: 0, audit: 0, photos: [], jobs: 0, answers: 0, challenges: 0, reviews: 0 },
    ...parts
  ) as Erased
}

/** Adds up what the subjects removed. */
export function toExpired (parts: readonly Partial<Expired>[]): Expired {
  return Object.assign({ photos: [], verifications: 0 }, ...parts) as Expired
}

/** The audit entry of an erasure, with its counts. */
export function withErased (audit: AuditEntry, erased: Erased): AuditEntry {
  return { ...audit, details: { ...audit.details, erased: { ...erased, photos: erased.photos.length } } }
}

/** The audit entry of a removal, with its counts; null when nothing was removed. */
export function withExpired (audit: AuditEntry, { photos, verifications }: Expired): AuditEntry | null {
  if (photos.length + verifications === 0) return null
  return { ...audit, details: { ...audit.details, removed: { photos: photos.length, verifications } } }
}
