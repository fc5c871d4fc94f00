/** Joins services, plugins and routes into one application, which owns the services and closes them. */
import { randomUUID } from 'node:crypto'
import cors from '@fastify/cors'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import Fastify, { type FastifyInstance } from 'fastify'
import { connectionOptions } from './connections.ts'
import { audit } from '../plugins/audit.ts'
import { auth, scopesOfRoutes } from '../plugins/auth.ts'
import { bodies } from '../plugins/bodies.ts'
import { deadline } from '../plugins/deadline.ts'
import { docs } from '../plugins/docs.ts'
import { answerUnroutable, errors } from '../plugins/errors.ts'
import { headers } from '../plugins/headers.ts'
import { idempotency } from '../plugins/idempotency.ts'
import { jobs } from '../plugins/deferred.ts'
import { limits } from '../plugins/rate-limit.ts'
import { metrics } from '../plugins/metrics.ts'
import { offersTeaching } from '../teaching/lesson/offers-teaching.ts'
import { page } from '../plugins/page.ts'
import { vendor } from '../plugins/vendor.ts'
import { peopleIndex } from '../plugins/people-index.ts'
import { queue } from '../plugins/queue.ts'
import { retention } from '../plugins/retention.ts'
import { shutdown } from '../plugins/shutdown.ts'
import { tenancy } from '../plugins/tenancy.ts'
import { RequestLog, timing } from '../plugins/timing.ts'
import { tracing } from '../plugins/tracing.ts'
import { photoKeyword, uploads } from '../plugins/uploads.ts'
import { webhooks } from '../plugins/webhooks.ts'
import { appealRoutes } from '../routes/appeals.ts'
import { challengeRoutes } from '../routes/challenges.ts'
import { debugRoutes } from '../routes/debug.ts'
import { hintRoutes } from '../routes/hints.ts'
import { identifyRoutes } from '../routes/identify.ts'
import { jobRoutes } from '../routes/jobs.ts'
import { meRoutes } from '../routes/me.ts'
import { reviewPhotoRoutes, reviewRoutes } from '../routes/reviews.ts'
import { signupRoutes } from '../routes/signup.ts'
import { systemRoutes } from '../routes/system.ts'
import { taskRoutes } from '../routes/tasks.ts'
import { teachingRoutes } from '../routes/teaching.ts'
import { userErasureRoutes, userExportRoutes, userRoutes } from '../routes/users.ts'
import { verificationRoutes } from '../routes/verifications.ts'
import { verifyRoutes } from '../routes/verify.ts'
import type { Services } from './services.ts'

/** A client's own request id is kept when it cannot disturb a log. */
const REQUEST_ID = /^[\w.:-]{1,64}$/

export async function buildApp (given: Services): Promise<FastifyInstance> {
  const services = { ...given, ...given.tenants.current }
  const { config, logger, access, inference, store, tenants } = services
  const app = Fastify({
    loggerInstance: logger,
    genReqId: ({ headers: { 'x-request-id': id } }) =>
      typeof id === 'string' && REQUEST_ID.test(id) ? id : randomUUID(),
    logController: new RequestLog(),
    trustProxy: access.trustProxy,
    ...connectionOptions(config),
    // The shutdown plugin answers in the shape of this service.
    return503OnClosing: false,
    frameworkErrors: answerUnroutable,
    // Longer than any name in a path, percent-encoded: what is too long is refused in words by its route.
    routerOptions: { maxParamLength: 1000 },
    ajv: {
      // Without strictNumbers `1e999`, which is infinite, is held against the maximum like every other number.
      customOptions: { coerceTypes: true, removeAdditional: false, strictNumbers: false, keywords: [photoKeyword] }
    }
  }).withTypeProvider<TypeBoxTypeProvider>()

  app.addHook('onRequest', async (request, reply) => { reply.header('x-request-id', request.id) })
  app.addHook('onClose', async () => {
    await inference.close()
    await tenants.close()
  })

  await app.register(errors)
  await app.register(timing)
  await app.register(tracing, { config })
  await app.register(headers)
  await app.register(cors, {
    strictPreflight: false,
    origin: access.origins === '*' ? true : [...access.origins],
    methods: ['GET', 'HEAD', 'POST', 'DELETE'],
    exposedHeaders: ['x-request-id', 'retry-after', 'server-timing', 'idempotency-replayed', 'location']
  })
  await app.register(auth, { access })
  await app.register(tenancy, { tenants })
  await app.register(limits, { perMinute: config.RATE_LIMIT, store })
  await app.register(scopesOfRoutes)
  await app.register(audit, { store })
  await app.register(retention, services)
  await app.register(deadline, { seconds: config.REQUEST_TIMEOUT })
  await app.register(shutdown)
  await app.register(bodies)
  await app.register(uploads, {
    maxBody: config.MAX_CONTENT_LENGTH_MB * 1024 * 1024,
    maxPhoto: config.MAX_PHOTO_MB * 1024 * 1024
  })
  await app.register(queue, { inference, max: config.QUEUE_MAX })
  await app.register(idempotency, services)
  const debugging = config.DEBUG_ROUTES && config.ENV !== 'production'
  await app.register(docs, { debugging, teaching: offersTeaching(config) })
  await app.register(metrics, services)
  await app.register(jobs, services)
  await app.register(webhooks, services)
  await app.register(peopleIndex, services)
  for (const routes of [
    systemRoutes, meRoutes, taskRoutes, hintRoutes, signupRoutes, verifyRoutes, challengeRoutes, jobRoutes,
    verificationRoutes, reviewRoutes, reviewPhotoRoutes, appealRoutes,
    userRoutes, userErasureRoutes, userExportRoutes,
    ...config.IDENTIFY ? [identifyRoutes] : [],
    ...debugging ? [debugRoutes] : [],
    ...offersTeaching(config) ? [teachingRoutes] : []
  ]) {
    await app.register(routes, { ...services, prefix: '/api' })
  }
  if (config.TEST_PAGE) await app.register(page)
  if (config.TEST_PAGE) await app.register(vendor)
  return app
}
