/** A place in the queue for every heavy request, taken before its body is read and given back when it is over. */
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import type { Inference } from '../inference.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** True for a route whose requests need the worker pool. */
    heavy?: boolean
  }
}

async function queuePlugin (app: FastifyInstance, { inference }: { inference: Inference }) {
  app.addHook('onRequest', async (request, reply) => {
    if (request.routeOptions.config.heavy !== true) return
    const release = inference.reserve()
    // `close` comes after every answer and also when the client goes away.
    reply.raw.once('close', release)
  })
}

export const queue = fp(queuePlugin, { name: 'queue' })
