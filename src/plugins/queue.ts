/** A place in the queue for every heavy request, taken before its body is read and given back when it is over. */
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import type { Inference } from '../inference.ts'
import { prefersAsync } from '../schemas/prefer.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** True for a route whose requests need the worker pool. */
    heavy?: boolean
    /** True for a heavy route that takes no place when its client prefers to be answered asynchronously. */
    deferrable?: boolean
  }
}

async function queuePlugin (app: FastifyInstance, { inference }: { inference: Inference }) {
  app.addHook('onRequest', async (request, reply) => {
    const { heavy, deferrable } = request.routeOptions.config
    if (heavy !== true || (deferrable === true && prefersAsync(request.headers))) return
    const release = inference.reserve()
    // `close` comes after every answer and also when the client goes away.
    reply.raw.once('close', release)
  })
}

export const queue = fp(queuePlugin, { name: 'queue' })
