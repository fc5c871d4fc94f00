import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { type Caller, hasScope, seesScores } from '../access/scopes.ts'
import { reviewEntry } from '../audit/entry.ts'
import { ServiceError } from '../errors/errors.ts'
import { identificationThreshold } from '../identification/threshold.ts'
import { actorOf } from '../plugins/audit.ts'
import { drawEvidence } from '../reviews/draw-evidence.ts'
import { mayLearnFrom } from '../reviews/learnable.ts'
import { reviewPolicy } from '../reviews/policy.ts'
import {
  DecidedSchema, DecisionSchema, type Review, ReviewAnswerSchema, ReviewListSchema, ReviewParamsSchema,
  ReviewQuerySchema, type ReviewSummary
} from '../schemas/reviews.ts'
import type { Services } from '../server/services.ts'
import { SketchRaceError } from '../storage/subjects/sketches.ts'
import type { StoredReview } from '../storage/store.ts'
import type { ReviewOutcome } from '../storage/subjects/reviews.ts'
import { findName } from '../users/find-name.ts'
import { keptWithoutScores } from '../verification/without-scores.ts'
import { decodeCursor, encodeCursor } from './cursor.ts'
import type { RouteContract } from './contract.ts'

/** A decision and a note. */
const MAX_JSON_BYTES = 16 * 1024

const listReviewsRoute = {
  config: { scope: 'review', errors: ['invalid_username', 'store_unavailable'] },
  schema: {
    operationId: 'listReviews',
    summary: 'What a person has to decide, or has decided, oldest first',
    tags: ['reviews'],
    querystring: ReviewQuerySchema,
    response: { 200: ReviewListSchema }
  }
} satisfies RouteContract

const getReviewRoute = {
  config: { scope: 'review', errors: ['not_found', 'store_unavailable'] },
  schema: {
    operationId: 'getReview',
    summary: 'One review, with what the machine saw',
    tags: ['reviews'],
    params: ReviewParamsSchema,
    response: { 200: ReviewAnswerSchema }
  }
} satisfies RouteContract

const decideReviewRoute = {
  config: {
    scope: 'review',
    audit: 'review',
    json: { maxBytes: MAX_JSON_BYTES },
    errors: ['not_found', 'review_decided', 'second_reviewer_required', 'replayed_photo', 'store_unavailable']
  },
  schema: {
    operationId: 'decideReview',
    summary: 'Decide a review, once',
    tags: ['reviews'],
    params: ReviewParamsSchema,
    body: DecisionSchema,
    response: { 200: DecidedSchema }
  }
} satisfies RouteContract

export const reviewRoutes: FastifyPluginAsyncTypebox<Services> = async (app, services) => {
  const { config, store, people, models, webhooks } = services
  const policy = reviewPolicy(config, webhooks)
  const similarity = identificationThreshold(config, models)

  /** Other users with the face of a signup, as they are now. */
  const duplicatesOf = async (
    { username }: StoredReview,
    caller: Caller | null
  ): Promise<Pick<Review, 'possible_duplicates' | 'duplicates'>> => {
    const user = await store.findUser(username)
    const embeddings = user?.shots.map(({ embedding }) => embedding) ?? []
    const found = user === null ? [] : (await people.find(embeddings, similarity, username)).people
    const scores = seesScores(caller, config.EXPOSE_SCORES)
    return {
      possible_duplicates: found.length,
      ...(config.IDENTIFY &&
        hasScope(caller, 'identify') && {
        duplicates: found.map(({ username, similarity }) => ({
          user: username,
          similarity: scores ? similarity : null
        }))
      })
    }
  }

  app.get('/reviews', listReviewsRoute, async ({ query: { state, reason, user, limit, cursor } }) => {
    const username = user === undefined ? undefined : await findName(store, user)
    const { reviews, next } = await store.listReviews(
      { state, reason, username },
      { limit, after: cursor === undefined ? undefined : decodeCursor(cursor) }
    )
    return { reviews: reviews.map(summaryOf), next: next === null ? null : encodeCursor(next) }
  })

  app.get('/reviews/:id', getReviewRoute, async ({ caller, params: { id } }) => {
    const review = await findReview(store, id)
    const { statement, possible_duplicates: _, ...machine } = detailOf(review)
    return {
      ...summaryOf(review),
      machine: seesScores(caller, config.EXPOSE_SCORES) ? machine : withoutScores(machine),
      ...(statement !== undefined && { statement }),
      ...(review.reason === 'possible_duplicate' && (await duplicatesOf(review, caller))),
      links: {
        ...(review.hasPhoto && { photo: `/api/reviews/${id}/photo` }),
        ...(machine.checks !== undefined && { evidence: `/api/reviews/${id}/evidence` }),
        ...(review.verification !== null && { verification: `/api/verifications/${review.verification}` })
      }
    }
  })

  app.post('/reviews/:id', decideReviewRoute, async request => {
    const { id, username, verification, reason } = await findReview(store, request.params.id)
    const { decision, note = null } = request.body
    const actor = actorOf(request)
    const outcome = await store
      .decideReview(
        id,
        { decision, note, key: actor.key, at: new Date().toISOString() },
        {
          approvals: policy.approvals,
          audit: reviewEntry(actor, { username, review: id, verification, action: decision }),
          keepPhoto:
            verification !== null && config.KEEP_REVIEWED_DAYS > 0 && (await mayLearnFrom(store, config, username))
        }
      )
      .catch(error => {
        throw error instanceof SketchRaceError ? provedMeanwhile(error) : error
      })
    const problem = undecided(id, outcome)
    if (problem !== null) throw problem
    if (outcome === 'decided') app.metrics.countReview(reason, decision)
    return { id, state: stateAfter(outcome, decision) }
  })
}

function stateAfter (outcome: ReviewOutcome, decision: 'approve' | 'reject'): 'open' | 'approved' | 'rejected' {
  if (outcome === 'seconded') return 'open'
  return decision === 'approve' ? 'approved' : 'rejected'
}

/** Why a decision was not taken; null when it was. */
function undecided (id: string, outcome: ReviewOutcome): ServiceError | null {
  if (outcome === 'missing') return noReview(id)
  if (outcome === 'closed') {
    return new ServiceError(
      'review_decided',
      `The review ${id} is decided, or its time is over. GET /api/reviews/${id} shows how.`
    )
  }
  return outcome === 'same_reviewer'
    ? new ServiceError(
      'second_reviewer_required',
      'You have approved already; a reviewer with another key has to approve as well.'
    )
    : null
}

const getReviewPhotoRoute = {
  config: { scope: 'review', audit: 'review', errors: ['not_found', 'store_unavailable'] },
  schema: {
    operationId: 'getReviewPhoto',
    summary: 'The photo of an open review, or of a decided one that is kept for learning, as it was sent',
    tags: ['reviews'],
    params: ReviewParamsSchema,
    produces: ['application/octet-stream'],
    response: {
      200: Type.Unsafe<Buffer>({ type: 'string', format: 'binary', description: 'the bytes of the photo' })
    }
  }
} satisfies RouteContract

const getReviewEvidenceRoute = {
  config: { scope: 'review', errors: ['not_found', 'store_unavailable'] },
  schema: {
    operationId: 'getReviewEvidence',
    summary: 'Faces and detections as an SVG, to lay over the upright photo',
    tags: ['reviews'],
    params: ReviewParamsSchema,
    produces: ['image/svg+xml'],
    response: { 200: Type.Unsafe<string>({ type: 'string', description: 'an SVG' }) }
  }
} satisfies RouteContract

export const reviewPhotoRoutes: FastifyPluginAsyncTypebox<Services> = async (app, { config, store }) => {
  app.get('/reviews/:id/photo', getReviewPhotoRoute, async (request, reply) => {
    const { username, verification, id } = await findReview(store, request.params.id)
    const photo = await store.reviewPhoto(id)
    if (photo === null) { throw new ServiceError('not_found', `The review ${id} has no photo: there was none, or the review is closed and its photo was not kept.`) }
    await store.appendAudit(reviewEntry(actorOf(request), { username, review: id, verification, action: 'photo' }))
    return reply.type('application/octet-stream').header('content-disposition', 'attachment').send(Buffer.from(photo))
  })

  app.get('/reviews/:id/evidence', getReviewEvidenceRoute, async ({ caller, params: { id } }, reply) => {
    const review = await findReview(store, id)
    const detail = detailOf(review)
    const { checks, photo } = seesScores(caller, config.EXPOSE_SCORES) ? detail : withoutScores(detail)
    if (checks === undefined || photo === undefined) { throw new ServiceError('not_found', `The review ${id} has no evidence to draw.`) }
    return reply.type('image/svg+xml').send(drawEvidence({ checks, photo }, review.username))
  })
}

type Detail = Review['machine'] & Pick<Review, 'statement' | 'possible_duplicates'>

function detailOf ({ detail }: StoredReview): Detail {
  return JSON.parse(detail) as Detail
}

function withoutScores (machine: Review['machine']): Review['machine'] {
  return { ...keptWithoutScores(machine), ...'similarity' in machine && { similarity: null, liveness_score: null } }
}

function summaryOf ({
  id,
  state,
  reason,
  username,
  verification,
  task,
  key,
  createdAt,
  expiresAt,
  decidedAt,
  decisions
}: StoredReview): ReviewSummary {
  return { id, state, reason, user: username, verification, task, key, createdAt, expiresAt, decidedAt, decisions }
}

async function findReview (store: Services['store'], id: string): Promise<StoredReview> {
  const review = await store.findReview(id)
  if (review === null) throw noReview(id)
  return review
}

function noReview (id: string): ServiceError {
  return new ServiceError(
    'not_found',
    `There is no review ${id}; it may have been removed after RETENTION_DAYS, or with its user.`
  )
}

function provedMeanwhile (cause: Error): ServiceError {
  return new ServiceError(
    'replayed_photo',
    'Meanwhile a photo of the same picture has proved a task; reject the review.',
    { cause }
  )
}
