/**
 * A trace of every request but those of probes, when a collector is configured; its id is in the request's log lines.
 */
import { performance } from 'node:perf_hooks'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import type { Config } from '../config/config.ts'
import { openTracing } from '../observability/tracing.ts'

/** A collector that answers at all takes the last traces within this time. Milliseconds. */
const FLUSH_TIME_MS = 2000

async function tracingPlugin (app: FastifyInstance, { config }: { config: Config }) {
  const tracing = await openTracing(config, app.log)
  if (tracing === null) return

  app.addHook('onRequest', async (request, reply) => {
    const { method, routeOptions: { url, config: { quiet } }, protocol, headers, stages } = request
    if (quiet === true) return
    const trace = tracing.begin({ method, route: url, scheme: protocol, headers })
    request.log = reply.log = request.log.child({ traceId: trace.id })
    let status: number | null = null
    reply.raw.once('finish', () => { status = reply.statusCode })
    reply.raw.once('close', () => trace.end({ status, error: request.errorCode, stages }))
  })

  let end = Infinity
  app.addHook('preClose', async () => { end = performance.now() + config.SHUTDOWN_TIMEOUT * 1000 })
  app.addHook('onClose', async () => {
    // Half of what is left, since the workers and the store are closed afterwards.
    await tracing.close(Math.min(FLUSH_TIME_MS, Math.max(0, end - performance.now()) / 2))
  })
}

export const tracing = fp(tracingPlugin, { name: 'tracing', dependencies: ['errors', 'timing'] })
