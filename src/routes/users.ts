import { Readable } from 'node:stream'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { deleteEntry, exportEntry } from '../audit/entry.ts'
import { hasScope, seesScores } from '../access/scopes.ts'
import { removeShot, shotDetails } from '../enrolment/remove-shot.ts'
import { ServiceError } from '../errors/errors.ts'
import { identificationThreshold } from '../identification/threshold.ts'
import { actorOf } from '../plugins/audit.ts'
import { exportedUser, exportJson, exportLines, exportParts } from '../privacy/export.ts'
import {
  ListQuerySchema,
  PhotoParamsSchema,
  ShotParamsSchema,
  ShotRemovedSchema,
  UserDetailSchema,
  UserErasedSchema,
  UserExportSchema,
  UserListSchema,
  UserParamsSchema
} from '../schemas/users.ts'
import type { Services } from '../server/services.ts'
import type { User } from '../storage/store.ts'
import { findName } from '../users/find-name.ts'
import { normalizeUsername } from '../users/username.ts'
import { sameContract } from '../verification/match.ts'
import { embeddingContract } from '../models/active-models.ts'
import type { RouteContract } from './contract.ts'

const listUsersRoute = {
  config: { scope: 'read', errors: ['store_unavailable'] },
  schema: {
    operationId: 'listUsers',
    summary: 'Enrolled users, by name',
    tags: ['users'],
    querystring: ListQuerySchema,
    response: { 200: UserListSchema }
  }
} satisfies RouteContract

const getUserRoute = {
  config: { scope: 'read', errors: ['invalid_username', 'user_not_found', 'store_unavailable'] },
  schema: {
    operationId: 'getUser',
    summary: 'One user',
    tags: ['users'],
    params: UserParamsSchema,
    response: { 200: UserDetailSchema }
  }
} satisfies RouteContract

const deleteUserRoute = {
  config: { scope: 'admin', audit: 'delete', errors: ['invalid_username', 'user_not_found', 'store_unavailable'] },
  schema: {
    operationId: 'deleteUser',
    summary: 'Erase a user: template, shots and the name in past verifications',
    tags: ['users'],
    params: UserParamsSchema,
    response: { 200: UserErasedSchema }
  }
} satisfies RouteContract

const removeShotRoute = {
  config: {
    scope: 'admin',
    audit: 'signup',
    errors: ['invalid_username', 'user_not_found', 'not_found', 'anchor_shot', 'store_unavailable']
  },
  schema: {
    operationId: 'removeShot',
    summary: 'Remove one added shot from a template, and its photo if it is kept',
    tags: ['users'],
    params: ShotParamsSchema,
    response: { 200: ShotRemovedSchema }
  }
} satisfies RouteContract

const exportUserRoute = {
  config: { scope: 'admin', audit: 'export', errors: ['invalid_username', 'user_not_found', 'store_unavailable'] },
  schema: {
    operationId: 'exportUser',
    summary: 'Everything that is stored about a user',
    description: 'Sent in pieces, however much it is. With `Accept: application/x-ndjson` one JSON object a line.',
    tags: ['users'],
    params: UserParamsSchema,
    response: { 200: Type.Unsafe<Readable>(UserExportSchema) }
  }
} satisfies RouteContract

const getPhotoRoute = {
  config: { scope: 'admin', audit: 'export', errors: ['invalid_username', 'not_found', 'store_unavailable'] },
  schema: {
    operationId: 'getPhoto',
    summary: 'A kept photo of a user, as it was sent',
    tags: ['users'],
    params: PhotoParamsSchema,
    produces: ['application/octet-stream'],
    response: {
      200: Type.Unsafe<Buffer>({ type: 'string', format: 'binary', description: 'the bytes of the photo' })
    }
  }
} satisfies RouteContract

export const userRoutes: FastifyPluginAsyncTypebox<Services> = async (app, { config, models, store, people }) => {
  const contract = embeddingContract(models)
  const samePerson = identificationThreshold(config, models)

  /** Other users with this face; null when none is looked for. */
  const duplicatesOf = async ({ username, contract: made, shots }: User): Promise<string[] | null> => {
    if (config.DUPLICATE_PERSON === 'off' || !sameContract(made, contract)) return null
    const found = await people.find(
      shots.map(({ embedding }) => embedding),
      samePerson,
      username
    )
    return found.people.map(person => person.username)
  }

  app.get('/users', listUsersRoute, async ({ query: { limit, cursor } }) => {
    const [{ users, next }, total] = await Promise.all([
      store.listUsers({ limit, after: cursor === undefined ? undefined : decodeCursor(cursor) }),
      store.countUsers()
    ])
    return { users, total, next: next === null ? null : encodeCursor(next) }
  })

  app.get('/users/:username', getUserRoute, async ({ caller, params }) => {
    const username = await findName(store, params.username)
    const user = await store.findUser(username)
    if (user === null) throw notFound(username)
    const current = sameContract(user.contract, contract)
    const scores = seesScores(caller, config.EXPOSE_SCORES)
    const duplicates = await duplicatesOf(user)
    return {
      username,
      shots: user.shots.length,
      createdAt: user.createdAt,
      updatedAt: user.updatedAt,
      model: current ? models.faceEmbedder.id : user.contract.model,
      reenrolRequired: !current,
      shotDates: user.shots.map(({ createdAt }) => createdAt),
      shotList: shotDetails(user).map(shot => (scores ? shot : { ...shot, agreement: null })),
      possible_duplicates: duplicates?.length ?? null,
      ...(duplicates !== null && config.IDENTIFY && hasScope(caller, 'identify') && { duplicates })
    }
  })
}

export const userErasureRoutes: FastifyPluginAsyncTypebox<Services> = async (app, { store, archive, people }) => {
  app.delete('/users/:username', deleteUserRoute, async request => {
    const username = await findName(store, request.params.username)
    const deletion = await store.deleteUser(username, deleteEntry(actorOf(request)))
    if (deletion === null) throw notFound(username)
    const { pending, ...erased } = deletion
    await archive.remove(erased.photos).catch(error => {
      // Files that belong to nobody are removed by the hourly sweep.
      request.log.error({ err: error }, 'photos of an erased user could not be removed; this is tried again')
      pending.push('photo_files')
    })
    return {
      status: 'deleted' as const,
      user: username,
      erased: { ...erased, photos: erased.photos.length },
      pending
    }
  })

  app.delete('/users/:username/shots/:id', removeShotRoute, async request => {
    const username = await findName(store, request.params.username)
    const { id } = request.params
    const { shots } = await removeShot(store, people, { username, id, actor: actorOf(request) })
    await archive.remove(await store.removeShotPhotos(username, id))
    return { status: 'removed' as const, user: username, shots: shots.length }
  })
}

export const userExportRoutes: FastifyPluginAsyncTypebox<Services> = async (app, { config, store, archive }) => {
  app.get('/users/:username/export', exportUserRoute, async (request, reply) => {
    const username = await findName(store, request.params.username)
    const user = await store.findUser(username)
    if (user === null) throw notFound(username)
    await store.appendAudit(exportEntry(actorOf(request), username))
    const scores = seesScores(request.caller, config.EXPOSE_SCORES)
    const [type, write] =
      request.headers.accept?.includes(NDJSON) === true
        ? [NDJSON, exportLines]
        : ['application/json; charset=utf-8', exportJson]
    return reply
      .type(type)
      .send(Readable.from(write(exportedUser(user, scores), exportParts(request.tenant.store, username, scores))))
  })

  app.get('/users/:username/photos/:name', getPhotoRoute, async (request, reply) => {
    const username = await findName(store, request.params.username)
    const photo = await store.findPhoto(username, request.params.name)
    if (photo === null) throw new ServiceError('not_found', `There is no such photo of ${username}.`)
    await store.appendAudit(exportEntry(actorOf(request), username))
    return reply
      .type('application/octet-stream')
      .header('content-disposition', 'attachment')
      .send(Buffer.from(await archive.read(photo.name)))
  })
}

/** https://github.com/ndjson/ndjson-spec */
const NDJSON = 'application/x-ndjson'

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
    throw new ServiceError(
      'invalid_request',
      'The field cursor is not one that a list has returned; leave it out to start from the beginning.',
      { cause }
    )
  }
}
