/** Security headers on every answer. */
import helmet from '@fastify/helmet'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'

/**
 * Everything the page loads is a file beside it. Photos and the camera are blobs; the person may type another API base.
 */
const policy = {
  defaultSrc: ["'self'"],
  imgSrc: ["'self'", 'blob:', 'data:'],
  mediaSrc: ["'self'", 'blob:'],
  connectSrc: ["'self'", 'http:', 'https:'],
  objectSrc: ["'none'"],
  baseUri: ["'none'"],
  formAction: ["'self'"],
  frameAncestors: ["'none'"]
}

async function headersPlugin (app: FastifyInstance) {
  await app.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: policy },
    frameguard: { action: 'deny' },
    referrerPolicy: { policy: 'no-referrer' },
    // The proxy that terminates TLS decides for how long and for which subdomains; over plain HTTP browsers ignore it.
    strictTransportSecurity: false
  })
  app.addHook('onRequest', async (request, reply) => {
    reply.header('permissions-policy', 'camera=(self), microphone=(), geolocation=()')
    // Answers are about people; no cache on the way may store them.
    if (request.url.startsWith('/api/')) reply.header('cache-control', 'no-store')
  })
}

export const headers = fp(headersPlugin, { name: 'headers' })
