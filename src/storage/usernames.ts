/** The one place where the names that go into a store are checked. */
import { ServiceError } from '../errors/errors.ts'
import type { Store } from './store.ts'

/** Which argument of a method is a username. */
const positions: Partial<Record<keyof Store, number>> = {
  findUser: 0,
  saveUser: 0,
  deleteUser: 0,
  listPhotos: 0,
  findPhoto: 0,
  countFailures: 0,
  addFailures: 0,
  failuresOf: 0,
  seenPhoto: 1,
  deferredOf: 0,
  answersOf: 0,
  auditOf: 0,
  saveFaceSketch: 0,
  reviewsOf: 0
}

/**
 * Which property of an argument is a username: of records, filters and requests, and the cursor in the list of users.
 */
const properties: Partial<Record<keyof Store, 'username' | 'after'>> = {
  recordVerification: 'username',
  listVerifications: 'username',
  addPhoto: 'username',
  addDeferred: 'username',
  acquireIdempotencyLock: 'username',
  addReview: 'username',
  listReviews: 'username',
  listUsers: 'after'
}

/** The same store, whose calls reject with `invalid_username` for a name that it could not keep exactly. */
export function withCheckedNames (store: Store): Store {
  return new Proxy(store, {
    get (target, method: keyof Store) {
      const member: unknown = Reflect.get(target, method)
      const [position, property] = [positions[method], properties[method]]
      if (typeof member !== 'function' || (position ?? property) === undefined) return member
      return async (...args: unknown[]) => {
        const name = position === undefined ? (args[0] as Record<string, unknown>)[property!] : args[position]
        if (name !== undefined && name !== null) checkUsername(String(name))
        return member.apply(target, args)
      }
    }
  })
}

/**
 * Lone surrogates would be stored as U+FFFD, which makes two names one, and PostgreSQL takes no NUL.
 * @throws {ServiceError} `invalid_username`
 */
function checkUsername (username: string): void {
  if (username === '' || !username.isWellFormed() || username.includes('\0')) {
    throw new ServiceError('invalid_username', 'a username must be non-empty, well-formed Unicode without NUL')
  }
}
