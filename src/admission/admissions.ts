/**
 * The slots of the request queue, one for each photo. A client takes no more than three times what is left over
 * (dynamic thresholds, Choudhury and Hahne 1998): alone it gets three quarters of the queue, and another one always
 * finds room.
 */
import { ServiceError } from '../errors/errors.ts'

const SHARE = 3

export interface Admission {
  /** The photos of the request are known: each has a slot, also beyond the limit, since they are here already. */
  count (photos: number): void
  release (): void
}

export interface Admissions {
  /**
   * Takes the slot of a request's first photo.
   * @param client whose requests share what the queue has for one
   * @throws {ServiceError} `overloaded`
   */
  reserve (client: string): Admission
  /** Slots taken. */
  taken (): number
}

/**
 * @param max slots
 * @param secondsFor how long so many photos take, for Retry-After
 */
export function createAdmissions (max: number, secondsFor: (photos: number) => number): Admissions {
  const held = new Map<string, number>()
  let taken = 0
  const change = (client: string, difference: number): void => {
    taken += difference
    const own = (held.get(client) ?? 0) + difference
    if (own === 0) held.delete(client)
    else held.set(client, own)
  }

  return {
    taken: () => taken,
    reserve (client) {
      const own = held.get(client) ?? 0
      if (taken >= max || own + 1 > SHARE * (max - taken)) {
        const seconds = Math.max(1, Math.ceil(secondsFor(taken)))
        const what =
          taken >= max
            ? `All ${max} slots of the queue are taken`
            : `Your requests hold ${own} of the ${max} slots of the queue, and the others are for other clients`
        throw new ServiceError('overloaded', `${what}. Send the request again in ${seconds} s.`, {
          headers: { 'retry-after': String(seconds) }
        })
      }
      let photos = 1
      change(client, photos)
      return {
        count (number) {
          if (photos === 0) return
          change(client, Math.max(1, number) - photos)
          photos = Math.max(1, number)
        },
        release () {
          change(client, -photos)
          photos = 0
        }
      }
    }
  }
}
