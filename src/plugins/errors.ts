/** Every error leaves the service in one shape: `{status, code, error, message, requestId}`. */
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { discardRest } from '../admission/discard.ts'
import { errorBody, type ErrorCode, ServiceError } from '../errors/errors.ts'
import { StoreError } from '../storage/store-error.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The code of the error that the request was answered with. */
    errorCode: ErrorCode | null
  }
}

async function errorsPlugin (app: FastifyInstance) {
  app.decorateRequest('errorCode', null)

  const routes: { path: RegExp, methods: string[] }[] = []
  app.addHook('onRoute', ({ url, method }) => {
    if (!url.includes('*')) routes.push({ path: new RegExp(`^${url.replace(/:\w+/g, '[^/]+')}$`), methods: [method].flat() })
  })

  // Node.js would refuse what it does not know without a word; RFC 9110, section 10.1.1, lets a server go on.
  app.server.on('checkExpectation', (request, response) => app.server.emit('request', request, response))

  app.setErrorHandler<FastifyError>((error, request, reply) => {
    const known = error instanceof ServiceError ? error : translate(error)
    // A refusal under load is no fault, and must not fill the log.
    if (known.statusCode === 500 || error instanceof StoreError) request.log.error({ err: error }, known.message)
    // Refused access and load are the operator's business; other sentences are the client's and may name a user.
    else request.log.info({ code: known.code }, [401, 403, 503].includes(known.statusCode) ? known.message : 'request refused')
    return send(known, request, reply)
  })

  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?')[0]!
    const allowed = [...new Set(routes.filter(route => route.path.test(path)).flatMap(({ methods }) => methods))].sort()
    if (allowed.length > 0 && !allowed.includes(request.method)) {
      const allow = allowed.join(', ')
      return send(new ServiceError('method_not_allowed', `${path} takes ${allow}; found ${request.method}. The API is described at /docs.`, { headers: { allow } }), request, reply)
    }
    return send(new ServiceError('not_found', `There is nothing at ${request.method} ${path}. The API is described at /docs.`), request, reply)
  })
}

/** For requests that never reach a hook: Fastify's router could not read their path. */
export function answerUnroutable (error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  discardRest(request.raw)
  const known = new ServiceError('invalid_request', error.code === 'FST_ERR_MAX_PARAM_LENGTH'
    ? 'A part of the path is too long.'
    : 'The path cannot be read: a % must be followed by two hexadecimal digits, and what they encode must be UTF-8.')
  request.log.info({ code: known.code }, 'request refused')
  reply.code(known.statusCode).headers({ 'x-request-id': request.id, 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' })
    .type('application/json; charset=utf-8').send(JSON.stringify(errorBody(known, request.id)))
}

function send (error: ServiceError, request: FastifyRequest, reply: FastifyReply) {
  request.errorCode = error.code
  return reply.code(error.statusCode).headers(error.headers).send(errorBody(error, request.id))
}

/** Fastify's own errors in the codes of this service; whatever else was thrown stays inside. */
function translate (error: FastifyError): ServiceError {
  if (error.validation !== undefined) return invalid(error)
  if (error instanceof StoreError) {
    // The store's own sentence names files, hosts and keys, which are the operator's business.
    if (error.code === 'store_sealed') return new ServiceError('store_sealed', 'What is stored cannot be decrypted with the template key of this instance; nothing was changed. Tell the operator, who has to correct TEMPLATE_KEY.', { cause: error })
    if (error.code === 'store_corrupt') return new ServiceError('store_corrupt', 'What is stored is damaged; nothing was changed. Tell the operator, who has to restore a backup.', { cause: error })
    const fault = error.code === 'store_busy' ? 'The store is locked by another process' : 'The store cannot be reached for now'
    return new ServiceError('store_unavailable', `${fault}; nothing was stored. Send the request again in 5 s.`, {
      cause: error, headers: { 'retry-after': '5' }
    })
  }
  const status = error.statusCode ?? 500
  if (status >= 400 && status < 500) return new ServiceError('invalid_request', error.message)
  return new ServiceError('internal_error', 'The request failed because of an internal fault. Report the request id.', { cause: error })
}

/** Names the first field that does not fit its schema. */
function invalid (error: FastifyError): ServiceError {
  const [problem] = error.validation!
  const missing = problem?.keyword === 'required'
  const field = missing
    ? String(problem.params.missingProperty)
    : problem?.instancePath.split('/')[1] ?? String(problem?.params.additionalProperty ?? error.validationContext)
  const code: ErrorCode = missing ? 'missing_field' : 'invalid_request'
  return new ServiceError(code, missing ? `The field ${field} is missing.` : `The field ${field} ${problem?.message}.`, { details: { field } })
}

export const errors = fp(errorsPlugin, { name: 'errors' })
