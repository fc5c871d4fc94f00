/**
 * How many requests one key may send from one address, counted in the store by all processes and instances together;
 * probes and programs on this machine that need no key are not limited.
 */
import { createHash } from 'node:crypto'
import rateLimit, { normalizeIP } from '@fastify/rate-limit'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { ServiceError } from '../errors/errors.ts'
import type { Store } from '../storage/store.ts'

const WINDOW_MS = 60_000

/** @param perMinute requests of one key and address; 0: no limit */
async function limitsPlugin (app: FastifyInstance, { perMinute, store }: { perMinute: number, store: Store }) {
  if (perMinute === 0) return
  await app.register(rateLimit, {
    global: false,
    max: perMinute,
    timeWindow: WINDOW_MS,
    store: countIn(store),
    // Without the store hardly a request gets anywhere; those that do, like metrics, are wanted then.
    skipOnError: true,
    allowList: ({
      caller,
      routeOptions: {
        config: { scope = 'open' }
      }
    }) => caller === null || caller.local || scope === 'open',
    // An IPv6 client owns a whole /64 and would have a new address for every request.
    keyGenerator: ({ caller, ip }) => `${caller?.key ?? ''} ${normalizeIP(ip)}`,
    errorResponseBuilder: (_request, { max, ttl }) => {
      const seconds = Math.max(1, Math.ceil(ttl / 1000))
      return new ServiceError(
        'rate_limited',
        `More than ${max} requests came within a minute. Send the next one in ${seconds} s.`,
        {
          headers: { 'retry-after': String(seconds) }
        }
      )
    }
  })
  app.addHook('onRequest', app.rateLimit())
}

type Answer = (error: Error | null, result?: { current: number, ttl: number }) => void

/** The counter as the plugin wants it: a class that it makes an object of. */
function countIn (store: Store) {
  return class {
    /** Callers beyond their limit, until when: a flood is refused without asking the store. */
    readonly #refused = new Map<string, number>()
    #sweepAt = 0

    incr (caller: string, answer: Answer, window: number, max: number): void {
      const now = Date.now()
      const until = this.#refused.get(caller) ?? 0
      if (until > now) return answer(null, { current: max + 1, ttl: until - now })
      this.#count(caller, now, window).then(({ count, until }) => {
        if (count > max) this.#refuse(caller, until, now, window)
        answer(null, { current: count, ttl: until - now })
      }, answer)
    }

    #refuse (caller: string, until: number, now: number, window: number): void {
      // Forgets callers that never return; seldom, so that a flood of new callers costs no look at each.
      if (now >= this.#sweepAt) {
        for (const [other, end] of this.#refused) if (end <= now) this.#refused.delete(other)
        this.#sweepAt = now + window
      }
      this.#refused.set(caller, until)
    }

    async #count (caller: string, now: number, window: number): Promise<{ count: number, until: number }> {
      // The address stays out of the store.
      const id = createHash('sha256').update(caller).digest('base64url')
      const { count, until } = await store.countRequest({
        id,
        now: new Date(now).toISOString(),
        until: new Date(now + window).toISOString()
      })
      return { count, until: Date.parse(until) }
    }

    child () {
      return this
    }
  }
}

export const limits = fp(limitsPlugin, { name: 'limits', dependencies: ['auth'] })
