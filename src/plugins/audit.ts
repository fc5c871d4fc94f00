/**
 * Rows for what leaves no row by itself: refused calls of audited routes, and every other use of a key. What succeeds
 * on an audited route is recorded by its handler, in one transaction with the change.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import type { Actor } from '../audit/entry.ts'
import { ServiceError } from '../errors/errors.ts'
import type { AuditEvent } from '../storage/audit-chain.ts'
import type { Store } from '../storage/store.ts'
import { photosIn } from './uploads.ts'
import { findName } from '../users/find-name.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /**
     * The event that a call of this route is. Default: a key's use. `false`: no row, for what is asked all the time.
     */
    audit?: AuditEvent | false
  }
  interface FastifyRequest {
    /** True once the request passed every gate, so that a flood at the gates does not flood the audit. */
    admitted: boolean
  }
}

async function auditPlugin (app: FastifyInstance, { store }: { store: Store }) {
  app.decorateRequest('admitted', false)
  app.addHook('preHandler', async request => { request.admitted = true })

  app.addHook('onResponse', async (request, reply) => {
    const { audit, scope } = request.routeOptions.config
    const { key } = actorOf(request)
    const forbidden = reply.statusCode === 403 && key !== null
    if (audit === false || scope === undefined || scope === 'open' || !(request.admitted || forbidden)) return
    if (audit === undefined ? key === null : reply.statusCode < 400) return
    try {
      await store.appendAudit({
        event: audit ?? 'key_use',
        ...actorOf(request),
        username: await userIn(store, request),
        photos: photosIn(request.body).map(({ sha256 }) => sha256),
        consent: null,
        details: {
          method: request.method,
          route: request.routeOptions.url,
          status: reply.statusCode,
          error: request.errorCode
        }
      })
    } catch (error) {
      request.log.error({ err: error }, 'the audit row could not be written')
    }
  })
}

/** Whom the audit names for a request. */
export function actorOf ({ id, caller }: FastifyRequest): Actor {
  return { requestId: id, key: caller?.key ?? null }
}

/** The user whom the form or the path names, in the stored spelling, if it is a possible name. */
export async function userIn (
  store: Pick<Store, 'spellings'>,
  { body, params }: FastifyRequest
): Promise<string | null> {
  const { username } = { ...(body as object), ...(params as object) } as { username?: unknown }
  if (typeof username !== 'string') return null
  try {
    return await findName(store, username)
  } catch (error) {
    if (error instanceof ServiceError) return null
    throw error
  }
}

export const audit = fp(auditPlugin, { name: 'audit', dependencies: ['auth'] })
