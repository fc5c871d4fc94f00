/**
 * The header Idempotency-Key: a request that is sent again with the same key gets the first one's answer. The key is
 * locked before the work, and the answer is stored in one transaction with what the work stores (`reply.settlement`);
 * one that stores nothing is stored before it leaves. A process that ends before leaves a lock that lapses, and nothing
 * else.
 */
import { createHash, randomUUID } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { seesScores } from '../access/scopes.ts'
import { ServiceError } from '../errors/errors.ts'
import type { Photo } from '../schemas/upload.ts'
import type { Services } from '../server/services.ts'
import type { IdempotencyLock, Settlement } from '../storage/subjects/idempotency.ts'
import { actorOf, userIn } from './audit.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** True for a route whose answers are kept for the repetition of a request. */
    idempotent?: boolean
    /** Takes the scores out of a kept answer, for callers that may not see them now, whatever was allowed at first. */
    hideScores?: (answer: unknown) => unknown
  }
  interface FastifyRequest {
    /** The lock of this request's key; null without a key, and when another request holds it. */
    idempotencyLock: HeldLock | null
  }
  interface FastifyReply {
    /**
     * The answer as the work has to store it, with headers of its own, so that it is given to a repetition; undefined
     * without a lock.
     */
    settlement(answer: unknown, headers?: Record<string, string>): Settlement | undefined
  }
}

interface HeldLock extends IdempotencyLock {
  /** The body that the work stores with its results. */
  settled?: string
}

const HOUR_MS = 60 * 60 * 1000

/** A lock outlives the request's deadline by this, so that storing the answer has its time too, milliseconds. */
const LOCK_MARGIN_MS = 10_000

/** Of the refusals, those that another attempt may not meet. */
const TRANSIENT = new Set([408, 429, 499])

async function idempotencyPlugin (app: FastifyInstance, { config, store }: Pick<Services, 'config' | 'store'>) {
  app.decorateRequest('idempotencyLock', null)
  app.decorateReply('settlement', function (answer, headers = {}) {
    const { idempotencyLock: lock } = this.request
    if (lock === null) return undefined
    lock.settled = String(this.serialize(answer))
    return {
      id: lock.id,
      owner: lock.owner,
      answer: { status: this.statusCode, body: Buffer.from(lock.settled), headers }
    }
  })

  const shown = ({ caller, routeOptions: { config: { hideScores } } }: FastifyRequest, body: Uint8Array): Buffer =>
    hideScores === undefined || seesScores(caller, config.EXPOSE_SCORES)
      ? Buffer.from(body)
      : Buffer.from(JSON.stringify(hideScores(JSON.parse(Buffer.from(body).toString()))))

  app.addHook('preHandler', async (request, reply) => {
    const key = request.headers['idempotency-key']
    if (request.routeOptions.config.idempotent !== true || typeof key !== 'string') return
    const now = Date.now()
    const lock: HeldLock = {
      id: sha256(JSON.stringify([actorOf(request).key, request.routeOptions.url, key])),
      owner: randomUUID()
    }
    const result = await store.acquireIdempotencyLock({
      ...lock,
      username: await userIn(store, request),
      fingerprint: fingerprintOf({
        ...(request.params as Record<string, string>),
        ...(request.body as Record<string, FormValue>)
      }),
      now: new Date(now).toISOString(),
      lockedUntil: new Date(now + config.REQUEST_TIMEOUT * 1000 + LOCK_MARGIN_MS).toISOString(),
      since: new Date(now - config.IDEMPOTENCY_HOURS * HOUR_MS).toISOString()
    })
    switch (result.state) {
      case 'locked':
        request.idempotencyLock = lock
        return
      case 'mismatch':
        throw new ServiceError(
          'idempotency_mismatch',
          'This Idempotency-Key belongs to a request with other fields or photos. Use a new key for a new request.'
        )
      case 'running':
        throw new ServiceError(
          'idempotency_in_progress',
          'A request with this Idempotency-Key is still being worked on. Send it again in 1 s for its answer.',
          { headers: { 'retry-after': '1' } }
        )
      case 'answered':
        return reply
          .code(result.answer.status)
          .headers(result.answer.headers)
          .type('application/json; charset=utf-8')
          .header('idempotency-replayed', 'true')
          .send(shown(request, result.answer.body))
    }
  })

  app.addHook('onSend', async (request, { statusCode: status }, payload) => {
    const { idempotencyLock: lock } = request
    if (lock === null || lock.settled === payload) return
    const final = status < 500 && !TRANSIENT.has(status) && typeof payload === 'string'
    const { id, owner } = lock
    try {
      if (final) {
        await store.settleIdempotencyLock({ id, owner, answer: { status, body: Buffer.from(payload), headers: {} } })
      } else await store.releaseIdempotencyLock({ id, owner })
    } catch (error) {
      request.log.error({ err: error }, 'the answer could not be kept for a repetition of the request')
    }
  })
}

type FormValue = string | Photo | Photo[]

/**
 * The form and the parts of the path, without what a new attempt may change: the order of its fields, the boundary, and
 * the names of files.
 */
function fingerprintOf (form: Record<string, FormValue>): string {
  const hashed = (value: FormValue): unknown => {
    if (typeof value === 'string') return value
    return Array.isArray(value) ? value.map(hashed) : { photo: value.sha256 }
  }
  return sha256(JSON.stringify(Object.keys(form).sort().map(field => [field, hashed(form[field]!)])))
}

function sha256 (data: string): string {
  return createHash('sha256').update(data).digest('hex')
}

export const idempotency = fp(idempotencyPlugin, { name: 'idempotency', dependencies: ['audit', 'uploads'] })
