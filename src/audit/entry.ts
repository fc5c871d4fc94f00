/** The audit rows of this service: one function for each event. */
import type { AuditEntry } from '../storage/audit-chain.ts'
import type { VerificationRecord } from '../storage/store.ts'

/** On whose behalf something is done. */
export interface Actor {
  requestId: string
  /** Name of the API key; null when none was needed. */
  key: string | null
}

const nobody = { username: null, photos: [], consent: null }

export function signupEntry (actor: Actor, { username, photos, consent, ...details }: {
  username: string
  photos: readonly string[]
  consent: string | null
  mode: string
  shots: number
  rejected: readonly string[]
  /** Other users whose face is the same; left out when none was looked for. */
  duplicates?: number
  models: readonly string[]
}): AuditEntry {
  return { event: 'signup', ...actor, username, photos, consent, details }
}

export function verifyEntry (
  actor: Actor,
  { id, task, status, reasons, similarity, livenessScore, models, username, photo }: VerificationRecord
): AuditEntry {
  return {
    event: 'verify',
    ...actor,
    username,
    photos: [photo],
    consent: null,
    details: { verification: id, task, status, reasons, similarity, livenessScore, models }
  }
}

/** A challenge that begins, or how its frames were judged. */
export function challengeEntry (actor: Actor, { username, photos, ...details }: {
  username: string
  photos: readonly string[]
  challenge: string
  status: 'begun' | 'passed' | 'failed'
  reasons?: readonly string[]
}): AuditEntry {
  return { event: 'challenge', ...actor, username, photos, consent: null, details }
}

/** A person asks for a second look at a rejection. */
export function appealEntry (actor: Actor, { username, photo, ...details }: {
  username: string
  photo: string | null
  verification: string
  review: string
}): AuditEntry {
  return { event: 'appeal', ...actor, username, photos: photo === null ? [] : [photo], consent: null, details }
}

/** A reviewer looks at a photo, or decides; the store adds the state. What the reviewer noted stays in the review. */
export function reviewEntry (actor: Actor, { username, ...details }: {
  username: string
  review: string
  verification: string | null
  action: 'photo' | 'approve' | 'reject'
}): AuditEntry {
  return { event: 'review', ...actor, ...nobody, username, details }
}

/** The end of a delivery: to whom a person's verdict went, or could not go. */
export function webhookEntry (
  { requestId, key, username, subject }: Actor & { username: string, subject: { job: string } | { review: string } },
  details: { status: 'delivered' | 'failed', attempts: number, origin: string }
): AuditEntry {
  return { event: 'webhook', requestId, key, ...nobody, username, details: { ...subject, ...details } }
}

/** The store adds what it erased. */
export function deleteEntry (actor: Actor): AuditEntry {
  return { event: 'delete', ...actor, ...nobody, details: {} }
}

export function exportEntry (actor: Actor, username: string): AuditEntry {
  return { event: 'export', ...actor, ...nobody, username, details: {} }
}

/** How many users were found, not who: rows outlive the erasure of a user. */
export function identifyEntry (actor: Actor, details: { faces: number, users: number }): AuditEntry {
  return { event: 'identify', ...actor, ...nobody, details }
}

/** Photos of decided reviews are read for learning: how many, not whose, since rows outlive the erasure of a user. */
export function learnEntry (
  details: { photos: number, use: 'export' } | { photos: number, scene: string, task: string }
): AuditEntry {
  return { event: 'learn', requestId: 'learn', key: null, ...nobody, details }
}

/** A person kept what was taught on the page. */
export function keptLessonEntry (actor: Actor, details: { photos: number, scene: string, task: string }): AuditEntry {
  return { event: 'learn', ...actor, ...nobody, details }
}

/** The store adds what it removed. */
export function retentionEntry (days: number): AuditEntry {
  return { event: 'retention', requestId: 'retention', key: null, ...nobody, details: { days } }
}
