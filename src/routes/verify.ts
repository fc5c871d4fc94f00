import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { seesScores } from '../access/scopes.ts'
import { actorOf } from '../plugins/audit.ts'
import { VerifyAnswerSchema, VerifyFormSchema } from '../schemas/verify.ts'
import { IdempotencyHeaderSchema } from '../schemas/idempotency.ts'
import { embeddingContract, modelsInForce, type Services, thresholdsInForce } from '../services.ts'
import { verify } from '../verification/verify.ts'
import { withoutScores } from '../verification/without-scores.ts'

export const verifyRoutes: FastifyPluginAsyncTypebox<Services> = async (app, { config, models, inference, store, archive, tasks }) => {
  const services = {
    inference,
    store,
    archive,
    tasks,
    contract: embeddingContract(models),
    thresholds: thresholdsInForce(config, models),
    modelIds: modelsInForce(models).map(({ id }) => id),
    maxFaces: config.MAX_FACES,
    maxPixels: config.MAX_PHOTO_MEGAPIXELS * 1e6,
    attempts: { max: config.FAILED_VERIFICATIONS_MAX, minutes: config.FAILED_VERIFICATIONS_MINUTES },
    replayCheck: config.REPLAY_CHECK
  }
  app.post('/verify', {
    config: { scope: 'verify', audit: 'verify', uploads: { file: 1 }, heavy: true, idempotent: true, errors: ['invalid_username', 'user_not_found', 'reenrol_required', 'replayed_photo', 'unknown_task', 'task_unavailable', 'store_unavailable'] },
    schema: {
      operationId: 'verify',
      summary: 'Does this photo prove that this user did this task?',
      tags: ['verification'],
      consumes: ['multipart/form-data'],
      headers: IdempotencyHeaderSchema,
      body: VerifyFormSchema,
      response: { 200: VerifyAnswerSchema }
    }
  }, async request => {
    const { body, caller, deadline } = request
    const answer = await verify(services, { ...body, actor: actorOf(request), limited: caller?.local !== true, signal: deadline })
    app.metrics.countVerdict(answer)
    return seesScores(caller, config.EXPOSE_SCORES) ? answer : withoutScores(answer)
  })
}
