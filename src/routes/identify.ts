import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { identify } from '../identification/identify.ts'
import { identificationThreshold } from '../identification/threshold.ts'
import { actorOf } from '../plugins/audit.ts'
import { clientOf } from '../plugins/queue.ts'
import { IdentifyAnswerSchema, IdentifyFormSchema } from '../schemas/identify.ts'
import type { Services } from '../server/services.ts'
import { activeThresholds } from '../verification/thresholds.ts'

/** Only with IDENTIFY: finding people by their face is another purpose than verifying who they say they are. */
export const identifyRoutes: FastifyPluginAsyncTypebox<Services> = async (
  app,
  { config, models, inference, store, people }
) => {
  const services = {
    inference,
    store,
    people,
    similarity: identificationThreshold(config, models),
    quality: activeThresholds(config, models).quality,
    maxFaces: config.MAX_FACES,
    maxPixels: config.MAX_PHOTO_MEGAPIXELS * 1e6
  }
  app.post(
    '/identify',
    {
      config: {
        scope: 'identify',
        audit: 'identify',
        uploads: { file: 1 },
        heavy: true,
        errors: ['store_unavailable']
      },
      schema: {
        operationId: 'identify',
        summary: 'Which users does this photo show?',
        tags: ['users'],
        consumes: ['multipart/form-data'],
        body: IdentifyFormSchema,
        response: { 200: IdentifyAnswerSchema }
      }
    },
    async request =>
      identify(services, request.body.file.bytes, {
        actor: actorOf(request),
        client: clientOf(request),
        signal: request.deadline
      })
  )
}
