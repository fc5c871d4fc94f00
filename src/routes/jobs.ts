import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { hasScope, seesScores } from '../access/scopes.ts'
import { ServiceError } from '../errors/errors.ts'
import { JobParamsSchema, JobSchema } from '../schemas/jobs.ts'
import type { Services } from '../server/services.ts'
import { jobAnswer } from '../verification/deferred-answer.ts'

export const jobRoutes: FastifyPluginAsyncTypebox<Services> = async (app, { config, store }) => {
  app.get(
    '/jobs/:id',
    {
      config: { scope: 'verify', audit: false, errors: ['not_found', 'store_unavailable'] },
      schema: {
        operationId: 'getJob',
        summary: 'The outcome of a verification with `Prefer: respond-async`',
        tags: ['verification'],
        params: JobParamsSchema,
        response: { 200: JobSchema }
      }
    },
    async ({ caller, params: { id } }) => {
      const job = await store.findDeferred(id)
      // Whether it exists is nobody else's business.
      if (job === null || (job.key !== caller?.key && !hasScope(caller, 'admin'))) {
        throw new ServiceError(
          'not_found',
          `There is no job ${id} of this API key; outcomes are kept for ${config.JOB_HOURS} hours.`
        )
      }
      return {
        ...jobAnswer(job, seesScores(caller, config.EXPOSE_SCORES)),
        ...(job.webhook !== null && { webhook: job.webhook })
      }
    }
  )
}
