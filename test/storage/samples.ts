import { createHash } from 'node:crypto'
import type { LockRequest } from '../../src/storage/subjects/idempotency.ts'
import type { AuditEntry } from '../../src/storage/audit-chain.ts'
import type { DeferredVerification } from '../../src/storage/subjects/deferred.ts'
import type { EmbeddingContract, Enrolment, Shot, User, VerificationRecord } from '../../src/storage/store.ts'

export const contract: EmbeddingContract = { model: 'a'.repeat(64), preprocessing: '1', dimension: 16 }

/** A unit vector that the text alone decides, so that a reader knows whose it is. */
export function embeddingOf (text: string, dimension = contract.dimension): Float32Array {
  const values = Array.from({ length: dimension }, (_, i) =>
    createHash('sha256').update(`${text} ${i}`).digest().readInt32LE()
  )
  const length = Math.hypot(...values)
  return Float32Array.from(values, value => value / length)
}

export function shotOf (text: string): Shot {
  return {
    sha256: createHash('sha256').update(text).digest('hex'),
    embedding: embeddingOf(text),
    createdAt: '2026-01-02T03:04:05.678Z'
  }
}

/** A first enrolment with three shots, all of them derived from the name. */
export function enrolmentOf (username: string): Enrolment {
  return { contract, shots: [1, 2, 3].map(number => shotOf(`${username} ${number}`)) }
}

/** A change that keeps what is there and adds one shot. */
export function adding (text: string): (current: User | null) => Enrolment {
  return current => ({ contract, shots: [...current?.shots ?? [], shotOf(text)] })
}

export const deletion: AuditEntry = {
  event: 'delete',
  requestId: 'request',
  key: null,
  username: null,
  photos: [],
  consent: null,
  details: {}
}

export function entryOf (event: AuditEntry['event'], username: string | null): AuditEntry {
  return {
    event,
    requestId: 'request',
    key: 'app',
    username,
    photos: ['ffff'],
    consent: 'form 7',
    details: { status: 'x' }
  }
}

export function verificationOf (id: string, username: string): VerificationRecord {
  return {
    id,
    requestId: `request-${id}`,
    username,
    task: 'planting',
    status: 'rejected',
    reasons: ['face_mismatch', 'not_live'],
    similarity: 0.125,
    livenessScore: null,
    photo: 'b'.repeat(64),
    models: ['embedder', 'liveness'],
    evidence: {
      photo: { width: 640, height: 480, turned: 90 },
      face: { box: [1, 2, 3, 4], outcome: 'failed', similarity: 0.125 },
      detections: [{ label: 'person', score: 0.5, box: [5, 6, 7, 8] }]
    },
    createdAt: '2026-01-02T03:04:05.678Z'
  }
}

/** A lock of the second of January 2026 that lapses after a minute. */
export function lockRequestOf (id: string): LockRequest {
  return {
    id,
    username: null,
    fingerprint: 'f',
    owner: 'owner',
    now: '2026-01-02T00:00:00.000Z',
    lockedUntil: '2026-01-02T00:01:00.000Z',
    since: '2026-01-01T00:00:00.000Z'
  }
}

/** The UUID that stands for a small number. */
export function deferredIdOf (number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`
}

export function deferredOf (number: number): DeferredVerification {
  return {
    id: deferredIdOf(number),
    username: 'ana',
    task: 'planting',
    photo: Buffer.from(`photo ${number}`),
    key: 'app',
    requestId: `request-${number}`,
    limited: true,
    webhook: null,
    scores: false,
    challenge: null,
    createdAt: `2026-01-02T00:00:00.${String(number).padStart(3, '0')}Z`
  }
}
