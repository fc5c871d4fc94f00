/** One person, one account: the users whose face a new one has, and what is done about them. */
import { ServiceError } from '../errors/errors.ts'
import { CANDIDATE_BITS, type PeopleIndex } from '../identification/people-index.ts'
import { type NewSketch, SketchRaceError } from '../storage/subjects/sketches.ts'
import type { Shot } from '../storage/store.ts'

export interface DuplicateRule {
  people: PeopleIndex
  policy: 'off' | 'flag' | 'refuse'
  /** Least similarity that makes two users one person. */
  similarity: number
}

export interface DuplicateCheck {
  /** Names of other users with this face, the most similar first; null: none was looked for. */
  users: string[] | null
  /** What the enrolment stores of the template, so that later ones find it. */
  sketches (shots: readonly Shot[]): NewSketch[]
}

/** Signups of one person that come at the same moment are few. */
const MOST_TRIES = 5

/**
 * Looks for the face among all other users, then lets `save` store the enrolment.
 * @param twin a user who may have the same face
 * @throws {ServiceError} `person_already_enrolled` by the policy `refuse`, also when both signups come at the same
 *   moment
 */
export async function withoutDuplicates<T> (
  { people, policy, similarity }: DuplicateRule,
  { username, twin, embeddings }: { username: string, twin: string | null, embeddings: readonly Float32Array[] },
  save: (check: DuplicateCheck) => Promise<T>
): Promise<T> {
  if (policy === 'off') return save({ users: null, sketches: shots => [sketchOf(people, shots)] })
  for (let attempt = 1; ; attempt++) {
    const found = await people.find(embeddings, similarity, username)
    const others = found.people.filter(person => person.username !== twin)
    if (policy === 'refuse' && others.length > 0) throw alreadyEnrolled()
    const unless = policy === 'refuse' ? { limit: CANDIDATE_BITS, upTo: found.upTo } : undefined
    try {
      return await save({
        users: others.map(({ username }) => username),
        sketches: shots => [{ ...sketchOf(people, shots), unless }]
      })
    } catch (error) {
      if (!(error instanceof SketchRaceError)) throw error
      if (attempt === MOST_TRIES) throw alreadyEnrolled()
    }
  }
}

function sketchOf (people: PeopleIndex, shots: readonly Shot[]): NewSketch {
  return { kind: 'face', ref: '', ...people.sketch(shots) }
}

function alreadyEnrolled (): ServiceError {
  return new ServiceError(
    'person_already_enrolled',
    'The person is enrolled under another name already; one person has one account. Use that account, or ask the operator to allow a twin (field twin, scope admin).'
  )
}
