/**
 * Uploads on their way. A body that comes quickly keeps its slot in the queue, so that nobody sends one for nothing.
 * A slow one loses the slot to work that is ready, and takes one again when it is complete; for a while its sender
 * gets none in advance. So slow senders may keep each other out, but nobody else.
 */
import type { Admission } from './admissions.ts'
import { ServiceError } from '../errors/errors.ts'

/** How long a slot is kept for a body, milliseconds: 8 MiB at 32 Mbit/s. */
const GRACE = 2000

/** How long the sender of a slow or broken upload gets no slot in advance, milliseconds. */
const MEMORY = 60_000

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
  /** The request is over; gives everything back. */
  end (): void
}

export interface Arrivals {
  /**
   * @param sender whose uploads are counted together
   * @param reserve takes a slot in the queue; see `InferencePool.reserve`
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
export function createArrivals (max: number, grace = GRACE): Arrivals {
  const uploads = new Set<Upload>()
  // Oldest first.
  const placeless = new Set<Upload>()
  const slowSenders = new Map<string, number>()
  const countOf = (
    sender: string,
    among: Set<Upload>
  ): number => [...among].filter(upload => upload.sender === sender).length

  const remember = (sender: string): void => {
    const now = Date.now()
    for (const [other, until] of slowSenders) {
      if (until > now) break
      slowSenders.delete(other)
    }
    // The latest stand last.
    slowSenders.delete(sender)
    slowSenders.set(sender, now + MEMORY)
  }

  const goOnWithoutPlace = (upload: Upload): void => {
    placeless.add(upload)
    if (placeless.size <= max) return
    // Of the sender with the most of them, the oldest.
    const [victim] = [...placeless].sort((a, b) => countOf(b.sender, placeless) - countOf(a.sender, placeless))
    placeless.delete(victim!)
    victim!.cut.abort(
      new ServiceError(
        'upload_too_slow',
        'The upload took too long to arrive while others were waiting. Send smaller photos, or use a faster connection.',
        { headers: { connection: 'close' } }
      )
    )
  }

  return {
    begin (sender, reserve) {
      if (countOf(sender, uploads) >= max) {
        throw new ServiceError(
          'overloaded',
          `${max} uploads of yours are on their way already. Send the request again in ${Math.ceil(grace / 1000)} s.`,
          { headers: { 'retry-after': String(Math.ceil(grace / 1000)) } }
        )
      }
      let admission: Admission | null = reserve()
      let arrived = false
      let over = false
      const upload = { sender, cut: new AbortController() }
      const losePlace = (): void => {
        admission?.release()
        admission = null
        goOnWithoutPlace(upload)
      }
      uploads.add(upload)
      if ((slowSenders.get(sender) ?? 0) > Date.now()) losePlace()
      const timer = setTimeout(() => {
        remember(sender)
        if (admission !== null) losePlace()
      }, grace)
      const leave = (): void => {
        clearTimeout(timer)
        uploads.delete(upload)
        placeless.delete(upload)
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
          if (!arrived && !over) remember(sender)
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
