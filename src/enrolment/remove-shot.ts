/** Takes one added shot out of a template. The first enrolment says who a template is of, so that its shots stay. */
import { signupEntry, type Actor } from '../audit/entry.ts'
import { ServiceError } from '../errors/errors.ts'
import type { PeopleIndex } from '../identification/people-index.ts'
import type { Shot, Store, User } from '../storage/store.ts'
import { anchorOf, cosine } from '../verification/match.ts'

export interface ShotDetail {
  /** sha256 of the photo. */
  id: string
  createdAt: string
  /** True for a shot of the first enrolment. */
  anchor: boolean
  /** Greatest cosine similarity to another shot, -1..1; null for the only one. */
  agreement: number | null
}

export function shotDetails ({ shots }: Pick<User, 'shots'>): ShotDetail[] {
  const anchors = new Set(anchorOf(shots))
  return shots.map(shot => {
    const others = shots.filter(other => other !== shot)
    return {
      id: shot.sha256,
      createdAt: shot.createdAt,
      anchor: anchors.has(shot),
      agreement: others.length === 0 ? null : Math.max(...others.map(other => cosine(shot.embedding, other.embedding)))
    }
  })
}

/**
 * @param id sha256 of the shot's photo
 * @throws {ServiceError} `user_not_found`, `not_found`, `anchor_shot`
 */
export async function removeShot (
  store: Pick<Store, 'saveUser'>,
  people: PeopleIndex,
  { username, id, actor }: { username: string; id: string; actor: Actor }
): Promise<User> {
  return store.saveUser(username, current => {
    if (current === null) throw new ServiceError('user_not_found', `There is no enrolled user ${username}.`)
    const shots = withoutShot(current, id)
    return {
      contract: current.contract,
      shots,
      sketches: [{ kind: 'face', ref: '', ...people.sketch(shots) }],
      audit: signupEntry(actor, {
        username,
        photos: [id],
        consent: null,
        mode: 'remove',
        shots: shots.length,
        rejected: [],
        models: []
      })
    }
  })
}

function withoutShot ({ username, shots }: User, id: string): Shot[] {
  const shot = shots.find(({ sha256 }) => sha256 === id)
  if (shot === undefined) throw new ServiceError('not_found', `The template of ${username} has no such shot.`)
  const anchor = anchorOf(shots)
  if (anchor.includes(shot)) {
    throw new ServiceError(
      'anchor_shot',
      'The shot belongs to the first enrolment, which says whose template this is. Replace the whole template with mode=replace, or delete the user.'
    )
  }
  // Older templates carry no mark: from now on it says what the time of the oldest request said.
  return shots.filter(other => other !== shot).map(other => anchor.includes(other) ? { ...other, anchor: true } : other)
}
