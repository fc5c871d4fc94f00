/** Counts every request when its answer has been sent; `app.metrics` has the numbers. */
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { createMetrics, type Metrics } from '../observability/metrics.ts'
import type { VerifyAnswer } from '../schemas/verdict.ts'
import type { Services } from '../server/services.ts'
import { openShadow } from '../verification/shadow.ts'

declare module 'fastify' {
  interface FastifyInstance {
    metrics: Metrics
    /**
     * Counts a verdict, also under SHADOW_POLICY.
     * @param challenged whether the proof came with a passed challenge
     */
    countVerdict: (answer: VerifyAnswer, challenged: boolean) => void
  }
}

async function metricsPlugin (
  app: FastifyInstance,
  services: Pick<Services, 'config' | 'inference' | 'models' | 'tenants'>
) {
  const shadow = await openShadow(services.config, services.models)
  app.decorate('metrics', createMetrics({ ...services, uploading: app.uploading }))
  app.decorate('countVerdict', (answer: VerifyAnswer, challenged: boolean) => {
    app.metrics.countVerdict(answer)
    if (shadow !== null) app.metrics.countShadowVerdict(shadow.compare(answer, challenged))
  })
  app.addHook('onResponse', async ({ method, routeOptions, stages }, { statusCode, elapsedTime }) => {
    app.metrics.countRequest({
      method,
      route: routeOptions.url ?? 'none',
      status: statusCode,
      milliseconds: elapsedTime,
      stages
    })
  })
}

export const metrics = fp(metricsPlugin, { name: 'metrics', dependencies: ['timing', 'queue'] })
