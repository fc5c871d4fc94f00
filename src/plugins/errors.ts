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

type ValidationProblem = NonNullable<FastifyError['validation']>[number]

/** Characters of what a client sent that are repeated to it. */
const LONGEST_ECHO = 40

async function errorsPlugin (app: FastifyInstance) {
  app.decorateRequest('errorCode', null)

  const routes: { path: RegExp, methods: string[] }[] = []
  app.addHook('onRoute', ({ url, method }) => {
    if (!url.includes('*')) { routes.push({ path: new RegExp(`^${url.replace(/:\w+/g, '[^/]+')}$`), methods: [method].flat() }) }
  })

  // Node.js would refuse what it does not know without a word; RFC 9110, section 10.1.1, lets a server go on.
  app.server.on('checkExpectation', (request, response) => app.server.emit('request', request, response))

  app.setErrorHandler<FastifyError>((error, request, reply) => {
    const known = error instanceof ServiceError ? error : translate(error, request)
    // A refusal under load is no fault, and must not fill the log.
    if (known.statusCode === 500 || error instanceof StoreError) request.log.error({ err: error }, known.message)
    // Refused access and load are the operator's business; other sentences are the client's and may name a user.
    else {
      request.log.info(
        { code: known.code },
        [401, 403, 503].includes(known.statusCode) ? known.message : 'request refused'
      )
    }
    return send(known, request, reply)
  })

  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?')[0]!
    const allowed = [...new Set(routes.filter(route => route.path.test(path)).flatMap(({ methods }) => methods))].sort()
    if (allowed.length > 0 && !allowed.includes(request.method)) {
      const allow = allowed.join(', ')
      return send(
        new ServiceError(
          'method_not_allowed',
          `${path} takes ${allow}; found ${request.method}. The API is described at /docs.`,
          { headers: { allow } }
        ),
        request,
        reply
      )
    }
    return send(
      new ServiceError('not_found', `There is nothing at ${request.method} ${path}. The API is described at /docs.`),
      request,
      reply
    )
  })
}

/** For requests that never reach a hook: Fastify's router could not read their path. */
export function answerUnroutable (error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  discardRest(request.raw)
  const known = new ServiceError('invalid_request', error.code === 'FST_ERR_MAX_PARAM_LENGTH'
    ? 'A part of the path is too long.'
    : 'The path cannot be read: a % must be followed by two hexadecimal digits, and what they encode must be UTF-8.')
  request.log.info({ code: known.code }, 'request refused')
  reply
    .code(known.statusCode)
    .headers({ 'x-request-id': request.id, 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' })
    .type('application/json; charset=utf-8')
    .send(JSON.stringify(errorBody(known, request.id)))
}

function send (error: ServiceError, request: FastifyRequest, reply: FastifyReply) {
  request.errorCode = error.code
  return reply.code(error.statusCode).headers(error.headers).send(errorBody(error, request.id))
}

/** Fastify's own errors in the codes of this service; whatever else was thrown stays inside. */
function translate (error: FastifyError, request: FastifyRequest): ServiceError {
  if (error.validation !== undefined) return invalid(error, request)
  if (error instanceof StoreError) {
    // The store's own sentence names files, hosts and keys, which are the operator's business.
    if (error.code === 'store_sealed') {
      return new ServiceError(
        'store_sealed',
        'What is stored cannot be decrypted with the template key of this instance; nothing was changed. Tell the operator, who has to correct TEMPLATE_KEY.',
        { cause: error }
      )
    }
    if (error.code === 'store_corrupt') {
      return new ServiceError(
        'store_corrupt',
        'What is stored is damaged; nothing was changed. Tell the operator, who has to restore a backup.',
        { cause: error }
      )
    }
    const fault =
      error.code === 'store_busy' ? 'The store is locked by another process' : 'The store cannot be reached for now'
    return new ServiceError('store_unavailable', `${fault}; nothing was stored. Send the request again in 5 s.`, {
      cause: error, headers: { 'retry-after': '5' }
    })
  }
  const status = error.statusCode ?? 500
  if (status >= 400 && status < 500) return new ServiceError('invalid_request', error.message)
  return new ServiceError('internal_error', 'The request failed because of an internal fault. Report the request id.', {
    cause: error
  })
}

/** Names the first field that does not fit its schema, what was expected there, and what was found. */
function invalid (error: FastifyError, request: FastifyRequest): ServiceError {
  const problems = error.validation!
  const [problem] = problems
  const sent = (
    error.validationContext === 'querystring'
      ? request.query
      : request[error.validationContext as 'body' | 'params' | 'headers']
  ) as Record<string, unknown> | undefined
  if (problem?.keyword === 'required') {
    const field = String(problem.params.missingProperty)
    return new ServiceError(
      'missing_field',
      `The field ${field} is missing${foundFields(sent, error.validationContext)}.`,
      { details: { field } }
    )
  }
  const field =
    problem?.instancePath.split('/')[1] ?? String(problem?.params.additionalProperty ?? error.validationContext)
  const choices = problems
    .filter(({ keyword, instancePath }) => keyword === 'const' && instancePath === problem?.instancePath)
    .map(({ params }) => String(params.allowedValue))
  const found = sent?.[field]
  return new ServiceError(
    'invalid_request',
    `The field ${field} ${choices.length > 0 ? `must be ${choices.join(' or ')}` : expectation(problem)}${foundValue(found)}.${found === '' ? ' Fill it in, or leave it out where it is optional.' : ''}`,
    { details: { field } }
  )
}

function expectation (problem: ValidationProblem | undefined): string {
  if (problem?.keyword === 'minLength') return 'must not be empty'
  if (problem?.keyword === 'maxLength') return `must have at most ${String(problem.params.limit)} characters`
  return problem?.message ?? 'does not fit'
}

/** `; found "ad"`. Long values and what is no text are not repeated. */
function foundValue (value: unknown): string {
  if (value === '') return '; found an empty text'
  return typeof value === 'string' && value.length <= LONGEST_ECHO ? `; found ${JSON.stringify(value)}` : ''
}

/** `; found task and file`: a misspelt field is seen at once. */
function foundFields (sent: Record<string, unknown> | undefined, context: string | undefined): string {
  if (context !== 'body') return ''
  const names = Object.keys(sent ?? {}).filter(name => name.length <= LONGEST_ECHO).slice(0, 10)
  return names.length === 0 ? '; found no field' : `; found ${names.join(', ')}`
}

export const errors = fp(errorsPlugin, { name: 'errors' })
