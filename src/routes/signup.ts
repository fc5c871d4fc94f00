import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { enrol } from '../enrolment/enrol.ts'
import { MAX_SHOTS } from '../enrolment/template.ts'
import { ServiceError } from '../errors/errors.ts'
import { hasScope } from '../access/scopes.ts'
import { identificationThreshold } from '../identification/threshold.ts'
import { actorOf } from '../plugins/audit.ts'
import { clientOf } from '../plugins/queue.ts'
import { demandScope } from '../plugins/auth.ts'
import { type RejectedPhoto, SignupAnswerSchema, SignupFormSchema } from '../schemas/signup.ts'
import type { Photo } from '../schemas/upload.ts'
import { IdempotencyHeaderSchema } from '../schemas/idempotency.ts'
import type { Services } from '../server/services.ts'
import { findName } from '../users/find-name.ts'
import { embeddingContract, activeModels } from '../models/active-models.ts'
import { attemptLimit } from '../verification/failure-limit.ts'
import { reviewPolicy } from '../reviews/policy.ts'
import { activeThresholds } from '../verification/thresholds.ts'
import type { RouteContract } from './contract.ts'

const signupRoute = {
  config: {
    scope: 'enrol',
    audit: 'signup',
    uploads: { images: MAX_SHOTS, image: 1 },
    heavy: true,
    idempotent: true,
    errors: [
      'invalid_username',
      'no_usable_face',
      'identity_conflict',
      'username_taken',
      'person_already_enrolled',
      'reenrol_required',
      'store_unavailable'
    ]
  },
  schema: {
    operationId: 'signup',
    summary: 'Enrol a user from 1 to 5 photos, or add photos to one',
    tags: ['users'],
    consumes: ['multipart/form-data'],
    headers: IdempotencyHeaderSchema,
    body: SignupFormSchema,
    response: { 200: SignupAnswerSchema }
  }
} satisfies RouteContract

export const signupRoutes: FastifyPluginAsyncTypebox<Services> = async (
  app,
  { config, models, inference, store, archive, people, webhooks }
) => {
  const thresholds = activeThresholds(config, models)
  const services = {
    inference,
    store,
    archive,
    modelIds: activeModels(models).map(({ id }) => id),
    thresholds,
    contract: embeddingContract(models),
    liveness: config.ENROL_LIVENESS ? thresholds.liveness : null,
    maxPixels: config.MAX_PHOTO_MEGAPIXELS * 1e6,
    duplicates: { people, policy: config.DUPLICATE_PERSON, similarity: identificationThreshold(config, models) },
    attempts: attemptLimit(config),
    reviews: reviewPolicy(config, webhooks)
  }
  app.addHook('onSend', async ({ errorCode }) => {
    if (errorCode !== null) app.metrics.countSignup(errorCode)
  })
  app.post('/signup', signupRoute, async (request, reply) => {
    const { username, images = [], image, mode = 'add', consent = null, partial = false, twin } = request.body
    if (mode === 'replace') demandScope(request.caller, 'admin', 'Replacing a template')
    if (twin !== undefined) demandScope(request.caller, 'admin', 'Allowing a twin')
    if (consent === null && config.REQUIRE_CONSENT) {
      throw new ServiceError(
        'missing_field',
        'The field consent is missing: send a reference to the consent of the person.',
        { details: { field: 'consent' } }
      )
    }
    const answer = await enrol(services, {
      username,
      photos: acceptablePhotos(image === undefined ? images : [...images, image]),
      mode,
      consent,
      partial,
      twin: twin === undefined ? null : await findName(store, twin),
      namesDuplicates: config.IDENTIFY && hasScope(request.caller, 'identify'),
      actor: actorOf(request),
      client: clientOf(request),
      limited: request.caller?.local !== true,
      settlement: answer => reply.settlement(answer),
      signal: request.deadline
    }).catch(error => {
      app.metrics.countRejectedPhotos(rejectedPhotosOf(error))
      throw error
    })
    app.metrics.countSignup('enrolled')
    app.metrics.countRejectedPhotos(answer.rejected)
    return answer
  })
}

/** @throws {ServiceError} when they are none or too many */
function acceptablePhotos (photos: readonly Photo[]): readonly Photo[] {
  if (photos.length === 0) {
    throw new ServiceError(
      'missing_field',
      'The field images is missing: send 1 to 5 photos as images, or one as image.'
    )
  }
  if (photos.length > MAX_SHOTS) {
    throw new ServiceError(
      'too_many_photos',
      `The fields images and image together take at most ${MAX_SHOTS} photos; found ${photos.length}.`
    )
  }
  return photos
}

/** What `enrol` says of the photos when it refuses them. */
function rejectedPhotosOf (error: unknown): readonly RejectedPhoto[] {
  const { rejected = [] } = error instanceof ServiceError ? error.details as { rejected?: RejectedPhoto[] } : {}
  return rejected
}
