/** How many requests one key may send from one address; probes and programs on this machine that need no key are not limited. */
import rateLimit, { normalizeIP } from '@fastify/rate-limit'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { ServiceError } from '../errors.ts'

const WINDOW_MS = 60_000

/** @param perMinute requests of one key and address; 0: no limit */
async function limitsPlugin (app: FastifyInstance, { perMinute }: { perMinute: number }) {
  if (perMinute === 0) return
  await app.register(rateLimit, {
    global: false,
    max: perMinute,
    timeWindow: WINDOW_MS,
    allowList: ({ caller, routeOptions: { config: { scope = 'open' } } }) => caller === null || caller.local || scope === 'open',
    // An IPv6 client owns a whole /64 and would have a new address for every request.
    keyGenerator: ({ caller, ip }) => `${caller?.key ?? ''} ${normalizeIP(ip)}`,
    errorResponseBuilder: (_request, { max, ttl }) => {
      const seconds = Math.max(1, Math.ceil(ttl / 1000))
      return new ServiceError('rate_limited', `More than ${max} requests came within a minute. Send the next one in ${seconds} s.`, {
        headers: { 'retry-after': String(seconds) }
      })
    }
  })
  app.addHook('onRequest', app.rateLimit())
}

export const limits = fp(limitsPlugin, { name: 'limits', dependencies: ['auth'] })
