import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { VerifyAnswerSchema, VerifyFormSchema } from '../schemas/verify.ts'
import { embeddingContract, modelsInForce, type Services, thresholdsInForce } from '../services.ts'
import { verify } from '../verification/verify.ts'

export const verifyRoutes: FastifyPluginAsyncTypebox<Services> = async (app, { config, models, inference, store, tasks }) => {
  const services = {
    inference,
    store,
    tasks,
    contract: embeddingContract(models),
    thresholds: thresholdsInForce(config, models),
    modelIds: modelsInForce(models).map(({ id }) => id),
    maxFaces: config.MAX_FACES,
    maxPixels: config.MAX_PHOTO_MEGAPIXELS * 1e6
  }
  app.post('/verify', {
    config: { scope: 'verify', uploads: { file: 1 }, heavy: true, errors: ['invalid_username', 'user_not_found', 'reenrol_required', 'unknown_task', 'task_unavailable', 'store_unavailable'] },
    schema: {
      operationId: 'verify',
      summary: 'Does this photo prove that this user did this task?',
      tags: ['verification'],
      consumes: ['multipart/form-data'],
      body: VerifyFormSchema,
      response: { 200: VerifyAnswerSchema }
    }
  }, async ({ id, body, deadline }) => {
    const verdict = await verify(services, { ...body, requestId: id, signal: deadline })
    app.metrics.countVerdict(verdict)
    return verdict
  })
}
