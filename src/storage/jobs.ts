/** Verifications that wait in the store for a free worker of any process. */
import type { Sealer } from './sealing.ts'

/** A proof as it waits. */
export interface NewJob {
  id: string
  username: string
  task: string
  /** The bytes of the photo; erased with the outcome. */
  photo: Uint8Array
  /** On whose behalf, for the record and for who may ask for the outcome. */
  key: string | null
  requestId: string
  /** See `Proof.limited`. */
  limited: boolean
  createdAt: string
}

/** A job in the hands of `owner`, until the lease lapses. */
export interface ClaimedJob extends NewJob {
  owner: string
  /** 1 for the first. */
  attempts: number
}

export interface JobState {
  id: string
  key: string | null
  status: 'pending' | 'running' | 'done' | 'failed'
  /** JSON of the verdict when done, of the error's body when failed; else null. */
  outcome: string | null
}

/** How a job ends, in the hands of its owner. */
export interface JobEnd {
  id: string
  owner: string
  status: 'done' | 'failed'
  outcome: string
}

/** The columns of the table `jobs`; `body` is the photo, and from the end on the outcome. */
export interface JobRow {
  id: string
  username: string
  task: string
  key: string | null
  requestId: string
  limited: boolean | number
  createdAt: string
  owner: string
  attempts: number
  status: JobState['status']
  body: Uint8Array
  keyId: string | null
}

export function toClaimedJob ({ id, username, task, key, requestId, limited, createdAt, owner, attempts, body, keyId }: JobRow, sealer: Sealer): ClaimedJob {
  const photo = sealer.open({ keyId, bytes: body }, jobContext(id))
  return { id, username, task, key, requestId, limited: Boolean(limited), createdAt, owner, attempts, photo }
}

export function toJobState ({ id, key, status, body, keyId }: JobRow, sealer: Sealer): JobState {
  const ended = status === 'done' || status === 'failed'
  return { id, key, status, outcome: ended ? Buffer.from(sealer.open({ keyId, bytes: body }, jobContext(id))).toString() : null }
}

/** A sealed photo or outcome opens for its own job only. */
export function jobContext (id: string): string {
  return `job\0${id}`
}

/** Thrown where a job's lease lapsed and another process, or an erasure, was faster; nothing was written. */
export class JobLostError extends Error {
  override readonly name = 'JobLostError'

  constructor (id: string) {
    super(`the job ${id} is no longer this process's`)
  }
}
