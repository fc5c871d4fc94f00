/** Counts every request when its answer has been sent; `app.metrics` has the numbers. */
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { createMetrics, type Metrics } from '../observability/metrics.ts'
import type { Services } from '../server/services.ts'

declare module 'fastify' {
  interface FastifyInstance {
    metrics: Metrics
  }
}

async function metricsPlugin (app: FastifyInstance, services: Pick<Services, 'inference' | 'models' | 'tenants'>) {
  app.decorate('metrics', createMetrics({ ...services, uploading: app.uploading }))
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
