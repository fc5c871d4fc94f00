import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { hintOf } from '../enrolment/hints.ts'
import { clientOf } from '../plugins/queue.ts'
import { HintAnswerSchema, HintFormSchema } from '../schemas/hints.ts'
import type { Services } from '../server/services.ts'

export const hintRoutes: FastifyPluginAsyncTypebox<Services> = async (app, { inference }) => {
  app.post(
    '/hints',
    {
      // Asked several times a second, and nothing of it is kept: there is nothing to tell about it later.
      config: { scope: 'any', audit: false, uploads: { frame: 1 }, heavy: true },
      schema: {
        operationId: 'captureHint',
        summary: 'What to change before a photo is taken: distance, light, blur, pose',
        tags: ['users'],
        consumes: ['multipart/form-data'],
        body: HintFormSchema,
        response: { 200: HintAnswerSchema }
      }
    },
    async request => hintOf(inference, { ...request.body, client: clientOf(request), signal: request.deadline })
  )
}
