/**
 * The time a request may take, and the client's patience: `request.deadline` is aborted when REQUEST_TIMEOUT is over or
 * when the client has gone, with the error to answer with as its reason. Fastify's own `request.signal` is no use here:
 * it is aborted as soon as the body of a request has been read.
 */
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { ServiceError } from '../errors/errors.ts'

declare module 'fastify' {
  interface FastifyRequest {
    deadline: AbortSignal
  }
}

async function deadlinePlugin (app: FastifyInstance, { seconds }: { seconds: number }) {
  // Replaced in onRequest, before any other code sees the request.
  app.decorateRequest('deadline', null as unknown as AbortSignal)

  app.addHook('onRequest', async (request, reply) => {
    const gone = () => new ServiceError('client_gone', 'The client closed the connection before the answer was ready.')
    // While the request was counted, say: whatever now waits for its body or for `close` would wait for ever.
    if (reply.raw.destroyed) throw gone()
    const controller = new AbortController()
    request.deadline = controller.signal
    const timer = setTimeout(() => {
      controller.abort(
        new ServiceError(
          'timed_out',
          `The request was not finished within ${seconds} s and was dropped; nothing was stored. Send it again later.`,
          {
            headers: { 'retry-after': String(seconds) }
          }
        )
      )
    }, seconds * 1000)
    reply.raw.once('close', () => {
      clearTimeout(timer)
      if (!reply.raw.writableFinished) controller.abort(gone())
    })
  })
}

export const deadline = fp(deadlinePlugin, { name: 'deadline' })
