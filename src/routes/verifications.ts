import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { type Caller, hasScope, seesScores } from '../access/scopes.ts'
import { ServiceError } from '../errors/errors.ts'
import {
  type Verification, VerificationListSchema, VerificationParamsSchema, VerificationQuerySchema, VerificationSchema
} from '../schemas/verifications.ts'
import type { Services } from '../server/services.ts'
import type { StoredVerification } from '../storage/store.ts'
import { findName } from '../users/find-name.ts'
import { decodeCursor, encodeCursor } from './cursor.ts'
import type { RouteContract } from './contract.ts'

const listVerificationsRoute = {
  config: { scope: 'read', errors: ['invalid_username', 'store_unavailable'] },
  schema: {
    operationId: 'listVerifications',
    summary: 'Past verifications, newest first',
    tags: ['verification'],
    querystring: VerificationQuerySchema,
    response: { 200: VerificationListSchema }
  }
} satisfies RouteContract

const getVerificationRoute = {
  config: { scope: 'read', errors: ['not_found', 'store_unavailable'] },
  schema: {
    operationId: 'getVerification',
    summary: 'One past verification',
    tags: ['verification'],
    params: VerificationParamsSchema,
    response: { 200: VerificationSchema }
  }
} satisfies RouteContract

export const verificationRoutes: FastifyPluginAsyncTypebox<Services> = async (app, { config, store }) => {
  const shown = (record: StoredVerification, caller: Caller | null): Verification => {
    const { username, livenessScore, createdAt, evidence, ...rest } = record
    const scores = seesScores(caller, config.EXPOSE_SCORES)
    return {
      ...rest,
      user: username,
      similarity: scores ? rest.similarity : null,
      liveness_score: scores ? livenessScore : null,
      ...(scores && evidence !== null && { evidence }),
      timestamp: createdAt
    }
  }

  /** Where the kept proofs of records are, by id, for callers who may fetch them. */
  const photoUrls = async (
    records: readonly StoredVerification[],
    caller: Caller | null
  ): Promise<Map<string, { photo_url: string }>> => {
    if (!hasScope(caller, 'admin')) return new Map()
    const names = [...new Set(records.flatMap(({ username }) => username ?? []))]
    const photos =
      names.length === 0
        ? []
        : await store.proofPhotos(
          names,
          records.map(({ id }) => id)
        )
    return new Map(
      photos.map(({ verification, username, name }) => [
        verification!,
        { photo_url: `/api/users/${encodeURIComponent(username)}/photos/${name}` }
      ])
    )
  }

  app.get('/verifications', listVerificationsRoute, async ({ caller, query: { user, task, status, from, to, limit, cursor } }) => {
    const { verifications, next } = await store.listVerifications({
      username: user === undefined ? undefined : await findName(store, user),
      task,
      status,
      from: utc(from),
      to: utc(to)
    }, { limit, after: cursor === undefined ? undefined : decodeCursor(cursor) })
    const photos = await photoUrls(verifications, caller)
    return {
      verifications: verifications.map(record => ({ ...shown(record, caller), ...photos.get(record.id) })),
      next: next === null ? null : encodeCursor(next)
    }
  })

  app.get('/verifications/:id', getVerificationRoute, async ({ caller, params: { id } }) => {
    const record = await store.findVerification(id)
    if (record === null) {
      throw new ServiceError(
        'not_found',
        `There is no verification ${id}; it may have been removed after RETENTION_DAYS.`
      )
    }
    const review = await store.reviewOf(id)
    return {
      ...shown(record, caller),
      ...(await photoUrls([record], caller)).get(id),
      ...(review !== null && { review: { id: review.id, state: review.state } })
    }
  })
}

/** Any offset in, UTC out, so that texts compare as times. */
function utc (moment: string | undefined): string | undefined {
  return moment === undefined ? undefined : new Date(moment).toISOString()
}
