/**
 * Uploads on their way. A body that comes quickly finds its slot in the queue kept, so that nobody sends one in vain.
 * A slow one loses the slot to work that is ready, and takes one again when it is complete; for a while its sender
 * gets none in advance. So slow senders may keep each other out, but nobody else.
 */
import type { Admission } from './admissions.ts'
import { ServiceError } from '../errors/errors.ts'

/** How long a slot is kept for a body: 8 MiB at 32 Mbit/s. */
const GRACE_MS = 2000

/** How long the sender of a slow or broken upload gets no slot in advance. */
const MEMORY_MS = 60_000

export interface Arrival {
  /** Aborted when the upload has to make room for others, with the error to answer with as its reason. */
  signal: AbortSignal
  /**
   * The whole body is there; takes a slot if there is none yet, and one for each further photo.
   * @throws {ServiceError} `overloaded`
   */
  arrived (photos?: number): void
  /** The service refused the body: that was no fault of the sender's connection. */
  refused (): void
  /** The request is over; releases its slot. */
  end (): void
}

export interface Arrivals {
  /**
   * @param sender whose uploads are counted together
   * @param reserve takes a slot of the queue; see `InferencePool.reserve`
   * @throws {ServiceError} `overloaded`
   */
  begin (sender: string, reserve: () => Admission): Arrival
  /** Uploads that are not complete yet. */
  count (): number
}

interface Upload {
  sender: string
  cut: AbortController
}

/** @param max uploads of one sender, and uploads without a slot of all */
export function createArrivals (max: number, graceMs = GRACE_MS): Arrivals {
  const uploads = new Set<Upload>()
  const slow = slowSenders()
  const waiting = uploadsWithoutSlot(max)

  return {
    begin (sender, reserve) {
      if (countOf(sender, uploads) >= max) {
        const seconds = Math.ceil(graceMs / 1000)
        throw new ServiceError(
          'overloaded',
          `${max} uploads of yours are on their way already. Send the request again in ${seconds} s.`,
          { headers: { 'retry-after': String(seconds) } }
        )
      }
      let admission: Admission | null = reserve()
      let arrived = false
      let over = false
      const upload = { sender, cut: new AbortController() }
      const loseSlot = (): void => {
        admission?.release()
        admission = null
        waiting.add(upload)
      }
      uploads.add(upload)
      if (slow.has(sender)) loseSlot()
      const timer = setTimeout(() => {
        slow.add(sender)
        if (admission !== null) loseSlot()
      }, graceMs)
      const leave = (): void => {
        clearTimeout(timer)
        uploads.delete(upload)
        waiting.delete(upload)
      }
      return {
        signal: upload.cut.signal,
        arrived (photos = 1) {
          arrived = true
          leave()
          if (over) return
          admission ??= reserve()
          admission.count(photos)
        },
        refused () {
          arrived = true
          clearTimeout(timer)
        },
        end () {
          if (!arrived && !over) slow.add(sender)
          over = true
          leave()
          admission?.release()
          admission = null
        }
      }
    },
    count: () => uploads.size
  }
}

function countOf (sender: string, among: Set<Upload>): number {
  return [...among].filter(upload => upload.sender === sender).length
}

/** Senders of slow or broken uploads, for a while. */
function slowSenders (): { add: (sender: string) => void, has: (sender: string) => boolean } {
  const untilOf = new Map<string, number>()
  return {
    has: sender => (untilOf.get(sender) ?? 0) > Date.now(),
    add (sender) {
      const now = Date.now()
      for (const [other, until] of untilOf) {
        if (until > now) break
        untilOf.delete(other)
      }
      // The latest stand last.
      untilOf.delete(sender)
      untilOf.set(sender, now + MEMORY_MS)
    }
  }
}

/** Uploads without a slot, oldest first; one more than `max` cuts one of them off. */
function uploadsWithoutSlot (max: number): { add: (upload: Upload) => void, delete: (upload: Upload) => void } {
  const uploads = new Set<Upload>()
  return {
    delete: upload => { uploads.delete(upload) },
    add (upload) {
      uploads.add(upload)
      if (uploads.size <= max) return
      // Of the sender with the most of them, the oldest.
      const [victim] = [...uploads].sort((a, b) => countOf(b.sender, uploads) - countOf(a.sender, uploads))
      uploads.delete(victim!)
      victim!.cut.abort(
        new ServiceError(
          'upload_too_slow',
          'The upload took too long to arrive while others were waiting. Send smaller photos, or use a faster connection.',
          { headers: { connection: 'close' } }
        )
      )
    }
  }
}
