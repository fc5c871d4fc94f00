import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { scopes, seesScores } from '../access/scopes.ts'
import { type Me, MeSchema } from '../schemas/me.ts'
import { offersTeaching } from '../teaching/lesson/offers-teaching.ts'
import type { Services } from '../server/services.ts'

export const meRoutes: FastifyPluginAsyncTypebox<Services> = async (app, { config }) => {
  const privacy: Me['privacy'] = {
    consentRequired: config.REQUIRE_CONSENT,
    photos: {
      enrol: ['enrol', 'all'].includes(config.KEEP_PHOTOS),
      proofs: ['proofs', 'all'].includes(config.KEEP_PHOTOS)
    },
    reviews: config.REVIEW === 'off' ? null : { openDays: config.REVIEW_DAYS, keptDays: config.KEEP_REVIEWED_DAYS },
    retentionDays: config.RETENTION_DAYS ?? null
  }

  app.get(
    '/me',
    {
      config: { scope: 'any' },
      schema: {
        operationId: 'getMe',
        summary: 'What the caller may do, and what the service keeps of people',
        tags: ['system'],
        response: { 200: MeSchema }
      }
    },
    async ({ caller }) => ({
      key: caller?.key ?? null,
      scopes: scopes.filter(scope => caller?.scopes.has(scope)),
      scores: seesScores(caller, config.EXPOSE_SCORES),
      offers: { reviews: config.REVIEW !== 'off', teaching: offersTeaching(config) },
      privacy
    })
  )
}
