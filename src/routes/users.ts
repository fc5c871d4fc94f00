import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { ServiceError } from '../errors.ts'
import { ListQuerySchema, UserDetailSchema, UserErasedSchema, UserListSchema, UserParamsSchema } from '../schemas/users.ts'
import { embeddingContract, type Services } from '../services.ts'
import { normalizeUsername } from '../username.ts'
import { sameContract } from '../verification/match.ts'

export const userRoutes: FastifyPluginAsyncTypebox<Services> = async (app, { models, store }) => {
  const contract = embeddingContract(models)

  app.get('/users', {
    config: { scope: 'read', errors: ['store_unavailable'] },
    schema: { operationId: 'listUsers', summary: 'Enrolled users, by name', tags: ['users'], querystring: ListQuerySchema, response: { 200: UserListSchema } }
  }, async ({ query: { limit, cursor } }) => {
    const [{ users, next }, total] = await Promise.all([
      store.listUsers({ limit, after: cursor === undefined ? undefined : decodeCursor(cursor) }),
      store.countUsers()
    ])
    return { users, total, next: next === null ? null : encodeCursor(next) }
  })

  app.get('/users/:username', {
    config: { scope: 'read', errors: ['invalid_username', 'user_not_found', 'store_unavailable'] },
    schema: { operationId: 'getUser', summary: 'One user', tags: ['users'], params: UserParamsSchema, response: { 200: UserDetailSchema } }
  }, async ({ params }) => {
    const username = normalizeUsername(params.username)
    const user = await store.findUser(username)
    if (user === null) throw notFound(username)
    const current = sameContract(user.contract, contract)
    return {
      username,
      shots: user.shots.length,
      createdAt: user.createdAt,
      updatedAt: user.updatedAt,
      model: current ? models.faceEmbedder.id : user.contract.model,
      reenrolRequired: !current,
      shotDates: user.shots.map(({ createdAt }) => createdAt)
    }
  })

  app.delete('/users/:username', {
    config: { scope: 'admin', errors: ['invalid_username', 'user_not_found', 'store_unavailable'] },
    schema: { operationId: 'deleteUser', summary: 'Erase a user: template, shots and the name in past verifications', tags: ['users'], params: UserParamsSchema, response: { 200: UserErasedSchema } }
  }, async ({ id, caller, params }) => {
    const username = normalizeUsername(params.username)
    const erased = await store.deleteUser(username, { event: 'delete', requestId: id, key: caller?.key ?? null, username, photos: [], consent: null, details: {} })
    if (erased === null) throw notFound(username)
    return { status: 'deleted' as const, user: username, erased: { ...erased, photos: erased.photos.length } }
  })
}

function notFound (username: string): ServiceError {
  return new ServiceError('user_not_found', `There is no enrolled user ${username}.`)
}

/** Cursors are opaque to clients, so that the order of the list may change. */
function encodeCursor (username: string): string {
  return Buffer.from(username).toString('base64url')
}

function decodeCursor (cursor: string): string {
  try {
    return normalizeUsername(Buffer.from(cursor, 'base64url').toString())
  } catch (cause) {
    throw new ServiceError('invalid_request', 'The field cursor is not one that a list has returned; leave it out to start from the beginning.', { cause })
  }
}
