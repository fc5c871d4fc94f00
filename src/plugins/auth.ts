/** Who calls (`request.caller`) and whether the route is open to them; each route names its scope in its config. */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import type { Access } from '../access/access.ts'
import { type Caller, hasScope, type Scope } from '../access/scopes.ts'
import { ServiceError } from '../errors/errors.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The scope a caller needs. `any`: every caller with a key. `open`: everybody, also without a key. */
    scope?: Scope | 'any' | 'open'
  }
  interface FastifyRequest {
    /** Null on open routes for those who may not call others. */
    caller: Caller | null
  }
}

async function authPlugin (app: FastifyInstance, { access }: { access: Access }) {
  app.decorateRequest('caller', null)

  // A forgotten scope stops the start instead of opening a hole.
  app.addHook('onRoute', ({ method, url, config }) => {
    if (url.startsWith('/api/') && config?.scope === undefined) { throw new Error(`The route ${method} ${url} must name its scope in config.scope.`) }
  })

  app.addHook('onRequest', async (request, reply) => {
    if (request.raw.httpVersion === '1.1' && request.headers.host === undefined) { throw new ServiceError('invalid_request', 'The header host is missing, which HTTP/1.1 demands.') }
    const answer = access.identify(secretOf(request), {
      socketAddress: request.socket.remoteAddress,
      clientAddress: request.ip,
      // The socket's own address is the first; more were added from a trusted proxy's header.
      forwarded: (request.ips?.length ?? 1) > 1,
      httpVersion: request.raw.httpVersion,
      headers: request.headers
    })
    if (!('code' in answer)) request.caller = answer
    else if (!isOpen(request)) {
      if (answer.code === 'unauthorized') reply.header('www-authenticate', 'Bearer')
      throw new ServiceError(answer.code, answer.message)
    }
  })
}

/** Refuses callers whose key does not have the route's scope; apart from `auth`, so that limits come in between. */
async function scopesPlugin (app: FastifyInstance) {
  app.addHook('onRequest', async ({ caller, routeOptions: { config: { scope } } }) => {
    if (scope === undefined || scope === 'open' || scope === 'any') return
    demandScope(caller, scope)
  })
}

/** @throws {ServiceError} `forbidden`, naming the missing scope */
export function demandScope (caller: Caller | null, scope: Scope, what = 'This call'): void {
  if (hasScope(caller, scope)) return
  throw new ServiceError(
    'forbidden',
    `${what} needs the scope ${scope}; the key ${caller?.key} has ${[...(caller?.scopes ?? [])].join(', ')}.`,
    { details: { scope } }
  )
}

/** Whatever names no scope is the page or nothing at all. */
function isOpen ({ is404, routeOptions: { config: { scope = 'open' } } }: FastifyRequest): boolean {
  return is404 || scope === 'open'
}

function secretOf ({ headers }: FastifyRequest): string | undefined {
  const { authorization, 'x-api-key': key } = headers
  if (authorization !== undefined) return /^Bearer +(\S+)$/i.exec(authorization)?.[1] ?? ''
  return typeof key === 'string' ? key : undefined
}

export const auth = fp(authPlugin, { name: 'auth' })
export const scopesOfRoutes = fp(scopesPlugin, { name: 'scopes', dependencies: ['auth'] })
