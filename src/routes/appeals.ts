import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { hasScope } from '../access/scopes.ts'
import { ServiceError } from '../errors/errors.ts'
import { actorOf } from '../plugins/audit.ts'
import { clientOf } from '../plugins/queue.ts'
import { appeal } from '../reviews/appeal.ts'
import { reviewPolicy } from '../reviews/policy.ts'
import { IdempotencyHeaderSchema } from '../schemas/idempotency.ts'
import { AppealAnswerSchema, AppealFormSchema } from '../schemas/reviews.ts'
import { VerificationParamsSchema } from '../schemas/verifications.ts'
import type { Services } from '../server/services.ts'

/** A statement. */
const MAX_JSON_BYTES = 16 * 1024

export const appealRoutes: FastifyPluginAsyncTypebox<Services> = async (app, services) => {
  const { config, store, webhooks } = services
  const policy = reviewPolicy(config, webhooks)

  app.post(
    '/verifications/:id/appeal',
    {
      config: {
        scope: 'verify',
        audit: 'appeal',
        uploads: { file: 1 },
        json: { maxBytes: MAX_JSON_BYTES },
        heavy: true,
        idempotent: true,
        errors: ['not_found', 'not_appealable', 'photo_differs', 'store_unavailable']
      },
      schema: {
        operationId: 'appeal',
        summary: 'Ask a person to look at a rejected verification again, once',
        tags: ['reviews'],
        consumes: ['application/json', 'multipart/form-data'],
        headers: IdempotencyHeaderSchema,
        params: VerificationParamsSchema,
        body: AppealFormSchema,
        response: { 201: AppealAnswerSchema }
      }
    },
    async (request, reply) => {
      const {
        caller,
        params: { id },
        body: { statement = null, file },
        deadline: signal
      } = request
      const record = await store.findVerification(id)
      // Whether it exists is nobody else's business.
      if (record === null || (record.key !== (caller?.key ?? null) && !hasScope(caller, 'admin'))) { throw new ServiceError('not_found', `There is no verification ${id} of this API key.`) }
      reply.code(201)
      return appeal(
        { ...services, policy, maxPixels: config.MAX_PHOTO_MEGAPIXELS * 1e6 },
        {
          record,
          statement,
          file,
          actor: actorOf(request),
          client: clientOf(request),
          settlement: answer => reply.settlement(answer),
          signal
        }
      )
    }
  )
}
