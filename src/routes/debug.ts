import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Box } from '../../workers/types.ts'
import { qualityProblem } from '../enrolment/quality.ts'
import { findFaces } from '../inference/find-faces.ts'
import { withFrame } from '../inference/with-frame.ts'
import { clientOf } from '../plugins/queue.ts'
import { DebugFormSchema, EvidenceSchema } from '../schemas/debug.ts'
import type { Services } from '../server/services.ts'
import type { Catalog } from '../tasks/catalog.ts'
import { applyRule, type Seen } from '../tasks/rules.ts'
import { cosine } from '../verification/match.ts'
import { activeThresholds } from '../verification/thresholds.ts'

/**
 * For setting up cameras and thresholds; only with DEBUG_ROUTES, never in production. No embedding leaves the service.
 */
export const debugRoutes: FastifyPluginAsyncTypebox<Services> = async (app, { config, models, inference, tasks }) => {
  const { quality } = activeThresholds(config, models)
  const maxPixels = config.MAX_PHOTO_MEGAPIXELS * 1e6

  app.post(
    '/debug/evidence',
    {
      config: { scope: 'admin', uploads: { file: 1 }, heavy: true },
      schema: {
        operationId: 'getEvidence',
        summary: 'Everything the models see on a photo, without any user',
        tags: ['debug'],
        consumes: ['multipart/form-data'],
        body: DebugFormSchema,
        response: { 200: EvidenceSchema }
      }
    },
    async request =>
      withFrame(
        inference,
        {
          bytes: request.body.file.bytes,
          maxPixels,
          field: 'file',
          client: clientOf(request),
          signal: request.deadline
        },
        async ({ run, frame: stored, facts }) => {
          const { frame, faces, turned } = await findFaces(run, stored, { embedLimit: config.MAX_FACES, quality })
          const objects = await run('objects', { frame })
          const liveness =
            models.liveness.length === 0
              ? null
              : await Promise.all(faces.map(({ box }) => run('liveness', { frame, box })))
          return {
            width: frame.width,
            height: frame.height,
            turned,
            ...facts,
            faces: faces.map((face, index) => ({
              box: face.box,
              score: face.score,
              points: face.points,
              quality: face.quality,
              problem: qualityProblem(face, quality)?.code ?? null,
              liveness: liveness?.[index] ?? null
            })),
            similarities: faces.map(({ embedding: one }) =>
              faces.map(({ embedding: other }) => (one === null || other === null ? null : cosine(one, other)))
            ),
            detections: objects.detections,
            scenes: sceneScores(tasks, objects, faces)
          }
        }
      )
  )
}

function sceneScores ({ tasks }: Catalog, objects: Seen, faces: { box: Box }[]) {
  const subjects = faces.length === 0 ? [null] : faces.map(({ box }) => box)
  return tasks.flatMap(({ activeRules }) => activeRules).flatMap(rule => {
    const scenes = subjects.map(face => applyRule(rule, objects, face).scene)
    return scenes[0] == null
      ? []
      : [
          {
            rule: rule.id,
            name: scenes[0].name,
            threshold: scenes[0].threshold,
            scores: scenes.map(scene => scene!.score)
          }
        ]
  })
}
