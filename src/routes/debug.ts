import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { qualityProblem } from '../enrolment/quality.ts'
import { withFrame } from '../inference/with-frame.ts'
import { DebugFormSchema, EvidenceSchema } from '../schemas/debug.ts'
import type { Services } from '../server/services.ts'
import { cosine } from '../verification/match.ts'

/** For setting up cameras and thresholds; only with DEBUG_ROUTES, never in production. No embedding leaves the service. */
export const debugRoutes: FastifyPluginAsyncTypebox<Services> = async (app, { config, models, inference }) => {
  const maxPixels = config.MAX_PHOTO_MEGAPIXELS * 1e6

  app.post('/debug/evidence', {
    config: { scope: 'admin', uploads: { file: 1 }, heavy: true },
    schema: {
      operationId: 'getEvidence',
      summary: 'Everything the models see on a photo, without any user',
      tags: ['debug'],
      consumes: ['multipart/form-data'],
      body: DebugFormSchema,
      response: { 200: EvidenceSchema }
    }
  }, async ({ deadline, body: { file: { bytes } } }) => withFrame(inference, { bytes, maxPixels, field: 'file', signal: deadline }, async ({ run, frame }) => {
    const [faces, { detections }] = await Promise.all([run('faces', { frame, embedLimit: config.MAX_FACES }), run('objects', { frame })])
    const liveness = models.liveness.length === 0 ? null : await Promise.all(faces.map(({ box }) => run('liveness', { frame, box })))
    return {
      width: frame.width,
      height: frame.height,
      faces: faces.map((face, index) => ({
        box: face.box, score: face.score, points: face.points, quality: face.quality, problem: qualityProblem(face)?.code ?? null, liveness: liveness?.[index] ?? null
      })),
      similarities: faces.map(({ embedding: one }) => faces.map(({ embedding: other }) => one === null || other === null ? null : cosine(one, other))),
      detections
    }
  }))
}
