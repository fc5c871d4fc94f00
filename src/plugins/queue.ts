/**
 * Reserves a slot in the queue for every heavy request before its body is read, and releases it at the end. A body
 * that is slow to arrive holds none.
 */
import { normalizeIP } from '@fastify/rate-limit'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import type { Admission } from '../admission/admissions.ts'
import { type Arrival, createArrivals } from '../admission/arrivals.ts'
import type { InferencePool } from '../inference/pool.ts'
import { photosIn } from './uploads.ts'
import { prefersAsync } from '../schemas/prefer.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** True for a route whose requests need the worker pool. */
    heavy?: boolean
    /** True for a heavy route that takes no slot when its client prefers to be answered asynchronously. */
    deferrable?: boolean
  }
  interface FastifyRequest {
    /** The body on its way; null where none is awaited. */
    arrival: Arrival | null
  }
  interface FastifyInstance {
    /** Uploads of heavy requests that are not complete yet. */
    uploading: () => number
  }
}

async function queuePlugin (app: FastifyInstance, { inference, max }: { inference: InferencePool, max: number }) {
  const arrivals = createArrivals(max)
  app.decorate('uploading', arrivals.count)
  app.decorateRequest('arrival', null)

  app.addHook('onRequest', async (request, reply) => {
    const { heavy, deferrable } = request.routeOptions.config
    if (heavy !== true) return
    const waits = deferrable !== true || !prefersAsync(request.headers)
    const sender = `${request.caller?.key ?? ''} ${normalizeIP(request.ip)}`
    const arrival = arrivals.begin(sender, () => waits ? inference.reserve(clientOf(request)) : NO_ADMISSION)
    request.arrival = arrival
    // `close` comes after every answer and also when the client goes away; it cannot have come before, since no hook
    // after `deadline` waits.
    reply.raw.once('close', arrival.end)
  })
  app.addHook('preValidation', async ({ arrival, body }) => arrival?.arrived(photosIn(body).length))
}

const NO_ADMISSION: Admission = { count () {}, release () {} }

/** Whose requests are served together when there is more work than can be done: a key, and without keys an address. */
export function clientOf ({ caller, ip }: FastifyRequest): string {
  return caller?.key ?? normalizeIP(ip)
}

export const queue = fp(queuePlugin, { name: 'queue', dependencies: ['auth', 'deadline', 'uploads'] })
