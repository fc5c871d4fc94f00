import { ServiceError } from '../errors/errors.ts'
import type { EmbeddingContract, Store, User } from '../storage/store.ts'
import { sameContract } from './match.ts'

/**
 * The enrolled user, whose template the active models can be compared with.
 * @throws {ServiceError} `user_not_found`, `reenrol_required`
 */
export async function findTemplate (
  { store, contract }: { store: Store; contract: EmbeddingContract },
  username: string
): Promise<User> {
  const user = await store.findUser(username)
  if (user === null) { throw new ServiceError('user_not_found', `There is no enrolled user ${username}. Enrol the user first.`) }
  if (!sameContract(user.contract, contract)) {
    throw new ServiceError(
      'reenrol_required',
      `The template of ${username} was made by another face model and cannot be compared. Enrol again with mode=replace, or delete the user first.`
    )
  }
  return user
}
