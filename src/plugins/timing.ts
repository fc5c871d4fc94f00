/** Stage times of a request: in the header Server-Timing and, with its status, in one log line at the end. */
import { type FastifyInstance, type FastifyReply, type FastifyRequest, LogController } from 'fastify'
import fp from 'fastify-plugin'
import { type Stage, sumStages, withStages } from '../observability/stages.ts'

declare module 'fastify' {
  interface FastifyRequest {
    stages: Stage[]
  }
  interface FastifyContextConfig {
    /** True for routes that probes call all the time: their requests are logged at the level debug. */
    quiet?: boolean
  }
}

async function timingPlugin (app: FastifyInstance) {
  // Replaced in onRequest, before any other code sees the request.
  app.decorateRequest('stages', null as unknown as Stage[])

  app.addHook('onRequest', (request, _reply, done) => {
    request.stages = []
    withStages(request.stages, done)
  })
  app.addHook('onSend', async ({ stages }, reply) => {
    const times = Object.entries(sumStages(stages)).map(([name, milliseconds]) => `${name};dur=${milliseconds}`)
    reply.header('server-timing', [...times, `total;dur=${Math.round(reply.elapsedTime * 10) / 10}`].join(', '))
  })
}

export const timing = fp(timingPlugin, { name: 'timing' })

/** One line a request, with its stages; Fastify's own second line, for the arrival, only at the level debug. */
export class RequestLog extends LogController {
  constructor () {
    super({ requestIdLogLabel: 'requestId' })
  }

  override incomingRequest (request: FastifyRequest): void {
    // The URL may hold a user's name, or a secret in its query.
    request.log.debug(
      { method: request.method, route: request.routeOptions.url ?? null, address: request.ip },
      'incoming request'
    )
  }

  override requestCompleted (error: Error | null | undefined, request: FastifyRequest, reply: FastifyReply): void {
    const line = {
      method: request.method,
      route: request.routeOptions.url ?? null,
      status: reply.statusCode,
      milliseconds: Math.round(reply.elapsedTime * 10) / 10,
      stages: sumStages(request.stages ?? []),
      address: request.ip
    }
    if (error) request.log.error({ ...line, err: error }, 'request failed')
    else if (isQuiet(request, reply)) request.log.debug(line, 'request completed')
    else request.log.info(line, 'request completed')
  }
}

/** Probes, and the files of the page: a look at it asks for dozens. Errors are logged all the same. */
function isQuiet ({ routeOptions: { url, config } }: FastifyRequest, { statusCode }: FastifyReply): boolean {
  const isFile = url !== undefined && !url.startsWith('/api/')
  return config.quiet === true || (isFile && statusCode < 400)
}
