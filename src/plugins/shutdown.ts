/** From the moment the application closes: no new heavy work, no connection kept alive, and /api/ready says why. */
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { ServiceError } from '../errors/errors.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** True once the application closes. */
    isClosing: () => boolean
  }
}

async function shutdownPlugin (app: FastifyInstance) {
  let closing = false
  app.decorate('isClosing', () => closing)
  app.addHook('preClose', async () => { closing = true })

  app.addHook('onRequest', async request => {
    if (closing && request.routeOptions.config.heavy === true) {
      throw new ServiceError(
        'shutting_down',
        'This instance is shutting down. Send the request again; another one will answer.',
        { headers: { 'retry-after': '1' } }
      )
    }
  })
  app.addHook('onSend', async (_request, reply) => {
    if (closing) reply.header('connection', 'close')
  })
}

export const shutdown = fp(shutdownPlugin, { name: 'shutdown' })
