/**
 * The OpenAPI 3.1 document, from the schemas that validate and serialise, at /api/openapi.json, and a page to read and
 * try it at /docs. Routes name the error codes of their own in `config.errors`; those that come with a route's other
 * settings are added here.
 */
import { readFileSync } from 'node:fs'
import { STATUS_CODES } from 'node:http'
import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import { Type } from '@sinclair/typebox'
import type { FastifyInstance, FastifySchema, RouteOptions } from 'fastify'
import fp from 'fastify-plugin'
import type { OpenAPIV3_1 as OpenApi } from 'openapi-types'
import { fromProject } from '../config/project-folder.ts'
import { errorGuide } from '../errors/error-guide.ts'
import { type ErrorCode, errorTable } from '../errors/errors.ts'
import { ErrorBodySchema } from '../schemas/error.ts'
import packageJson from '../../package.json' with { type: 'json' }

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Error codes that the route's own work can end with. */
    errors?: ErrorCode[]
  }
}

/** As for the page at `/`, but Swagger UI writes style attributes. */
const POLICY =
  "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

const icon = readFileSync(fromProject('static/favicon.svg'))
/** The name beside the logo, in the colours of the page. */
const BRAND = `.swagger-ui .topbar { background: #1f6b4a }
.swagger-ui .topbar .link::after { content: 'Eco-Connect Verification'; color: white; font: 600 18px system-ui, sans-serif; margin-inline-start: 12px }
.swagger-ui .topbar .link { display: flex; align-items: center }`

const description = `One call says whether a photo proves an eco task: is it this user, is it a live person, does it show the task.

A refused proof is a result (HTTP 200, \`"status": "rejected"\`), not an error. Every error has one shape, with a stable
machine code in \`error\`; cause and remedy of each code are listed with the answers below.

An API key may belong to a tenant: then every call works with the data of that tenant alone, and the same username in two
tenants is two people.`

/** Codes that come with what a route's settings switch on. */
const impliedErrors: [applies: (route: Pick<RouteOptions, 'config' | 'schema'>) => boolean, codes: ErrorCode[]][] = [
  [
    ({ config }) => config?.uploads !== undefined,
    [
      'missing_field',
      'repeated_field',
      'unexpected_field',
      'too_many_photos',
      'malformed_upload',
      'upload_too_slow',
      'body_too_large',
      'photo_too_large',
      'too_many_pixels',
      'unsupported_media_type',
      'unsupported_image_type',
      'unreadable_image'
    ]
  ],
  [({ config }) => config?.json !== undefined, ['missing_field', 'body_too_large', 'unsupported_media_type']],
  [
    ({ config }) => config?.idempotent === true,
    ['idempotency_in_progress', 'idempotency_mismatch', 'store_unavailable']
  ],
  [({ config }) => config?.errors?.includes('store_unavailable') === true, ['store_sealed', 'store_corrupt']],
  [
    ({ config }) => config?.scope !== undefined && config.scope !== 'open',
    ['unauthorized', 'forbidden', 'rate_limited']
  ],
  [
    ({ config }) => config?.heavy === true,
    ['overloaded', 'shutting_down', 'timed_out', 'client_gone', 'inference_failed']
  ],
  [() => true, ['invalid_request', 'internal_error']]
]

/** Every error code that a route can answer with, by status. */
export function errorsOf (route: Pick<RouteOptions, 'config' | 'schema'>): ErrorCode[] {
  const codes = [
    ...(route.config?.errors ?? []),
    ...impliedErrors.flatMap(([applies, codes]) => (applies(route) ? codes : []))
  ]
  return [...new Set(codes)].sort((a, b) => errorTable[a] - errorTable[b])
}

async function docsPlugin (app: FastifyInstance, { debugging, teaching }: { debugging: boolean, teaching: boolean }) {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Eco-Connect Verification',
        version: packageJson.version,
        description,
        license: { name: packageJson.license, identifier: packageJson.license }
      },
      tags: [
        { name: 'verification', description: 'Judge proofs' },
        { name: 'challenges', description: 'Prove a live person by moving the head' },
        { name: 'reviews', description: 'What a person decides because the machine cannot' },
        { name: 'users', description: 'Enrol, list and erase users' },
        { name: 'tasks', description: 'What can be claimed' },
        ...(debugging ? [{ name: 'debug', description: 'What the models see; never in production' }] : []),
        ...(teaching ? [{ name: 'teaching', description: 'Teach a task by example photos; never in production' }] : []),
        { name: 'system', description: 'Health, readiness and this document' }
      ],
      components: {
        schemas: { ErrorBody: ErrorBodySchema as unknown as OpenApi.SchemaObject },
        securitySchemes: {
          bearer: {
            type: 'http',
            scheme: 'bearer',
            description: 'an API key; none is needed on the same machine when the operator made none'
          },
          apiKey: { type: 'apiKey', in: 'header', name: 'x-api-key' }
        },
        examples: Object.fromEntries(
          codes.map(code => [code, { summary: errorGuide[code].cause, value: exampleBody(code) }])
        ),
        headers: {
          'x-request-id': { description: 'id of the request, as in the log', schema: { type: 'string' } },
          'retry-after': { description: 'seconds to wait before the request is sent again', schema: { type: 'string' } }
        }
      }
    },
    convertConstToEnum: false,
    transform: ({ schema, url, route }) => ({ url, schema: withErrors(schema, url, route) }),
    transformObject: documentObject =>
      'openapiObject' in documentObject
        ? (finish(documentObject.openapiObject as OpenApi.Document) as typeof documentObject.openapiObject)
        : documentObject.swaggerObject
  })

  app.get(
    '/api/openapi.json',
    {
      config: { scope: 'open' },
      schema: {
        operationId: 'getOpenApi',
        summary: 'This document',
        tags: ['system'],
        response: {
          200: Type.Unsafe<object>({ type: 'object', additionalProperties: true, examples: [{ openapi: '3.1.0' }] })
        }
      }
    },
    async () => app.swagger()
  )

  await app.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: POLICY,
    uiConfig: { docExpansion: 'list', displayRequestDuration: true, tryItOutEnabled: true },
    // Its files are named relative to a folder, so that they are found under a prefix.
    uiHooks: { onRequest: async ({ url }, reply) => /\/docs(?:\?|$)/.test(url) ? reply.redirect('docs/') : undefined },
    logo: { type: 'image/svg+xml', content: icon },
    theme: {
      title: 'Eco-Connect Verification API',
      favicon: [{ filename: 'favicon.svg', rel: 'icon', sizes: 'any', type: 'image/svg+xml', content: icon }],
      css: [{ filename: 'brand.css', content: BRAND }]
    }
  })
}

const codes = Object.keys(errorTable) as ErrorCode[]

/** The body of an error answer as the service sends it. */
function exampleBody (code: ErrorCode) {
  const { message, details } = errorGuide[code]
  return {
    status: 'error',
    code: errorTable[code],
    error: code,
    message,
    requestId: '2b1f7c1e-9d0a-4f6b-8a55-0f6f0f3f6f21',
    ...details
  }
}

/** Only the API is documented: not the page, nor this plugin's own files. */
function withErrors (schema: FastifySchema | undefined, url: string, route: RouteOptions): FastifySchema {
  if (!url.startsWith('/api/')) return { hide: true }
  const { scope = 'open' } = route.config ?? {}
  return {
    ...schema,
    'x-errors': errorsOf(route),
    ...scope !== 'open' && {
      description: scope === 'any' ? 'Any API key may call this.' : `Needs an API key with the scope \`${scope}\`.`,
      security: [{ bearer: [] }, { apiKey: [] }]
    }
  } as FastifySchema
}

/**
 * Turns each operation's `x-errors` into answers; gives every answer its headers, a description and a name for its
 * schema.
 */
function finish (generated: OpenApi.Document): OpenApi.Document {
  const document = readable(generated) as OpenApi.Document
  const schemas = document.components!.schemas!
  // Relative to this document's own address, which a proxy may have put under a prefix.
  document.servers = [{ url: '..', description: 'where this document comes from' }]
  for (const path of Object.values(document.paths ?? {})) {
    for (const operation of Object.values(path ?? {}) as (OpenApi.OperationObject & { 'x-errors'?: ErrorCode[] })[]) {
      for (const parameter of operation.parameters ?? []) omittable(parameter as OpenApi.ParameterObject)
      const responses = operation.responses as Record<string, OpenApi.ResponseObject>
      const byStatus = Object.groupBy(operation['x-errors'] ?? [], code => errorTable[code])
      delete operation['x-errors']
      const answer = responses[200]?.content?.['application/json']
      if (answer?.schema !== undefined && operation.operationId !== undefined) {
        const name = `${operation.operationId[0]!.toUpperCase()}${operation.operationId.slice(1)}Answer`
        schemas[name] = answer.schema as OpenApi.SchemaObject
        answer.schema = { $ref: `#/components/schemas/${name}` }
      }
      for (const [status, codes = []] of Object.entries(byStatus)) {
        responses[status] = errorAnswer(codes, responses[status])
      }
      for (const [status, response] of Object.entries(responses)) {
        if (response.description === 'Default Response') response.description = STATUS_CODES[status] ?? status
        response.headers = { 'x-request-id': { $ref: '#/components/headers/x-request-id' }, ...response.headers }
      }
    }
  }
  return document
}

/** A parameter with a default may be left out, though the checked query always has it. */
function omittable (parameter: OpenApi.ParameterObject): void {
  if (parameter.in === 'query' && (parameter.schema as OpenApi.SchemaObject).default !== undefined) {
    parameter.required = false
  }
}

/**
 * TypeBox's JSON Schema in the dialect of OpenAPI 3.1: photos become binary parts, tuples `prefixItems`, and unions of
 * constants enumerations.
 */
function readable (node: unknown): unknown {
  if (Array.isArray(node)) return node.map(readable)
  if (typeof node !== 'object' || node === null) return node
  const { isFile, anyOf, ...rest } = node as {
    isFile?: boolean
    anyOf?: { const?: unknown }[]
    items?: unknown
    additionalItems?: unknown
  }
  if (isFile === true) return { ...rest, type: 'string', format: 'binary' }
  const entries = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, readable(value)]))
  if (Array.isArray(rest.items)) {
    const { items: prefixItems, additionalItems: items, ...tuple } = entries
    return { ...tuple, prefixItems, items }
  }
  if (anyOf === undefined) return entries
  return anyOf.every(option => typeof option.const === 'string')
    ? { ...entries, type: 'string', enum: anyOf.map(option => option.const) }
    : { ...entries, anyOf: anyOf.map(readable) }
}

/** The answer of one status, beside the answer that the route itself gives with it, if any. */
function errorAnswer (codes: ErrorCode[], own?: OpenApi.ResponseObject): OpenApi.ResponseObject {
  const { schema, ...ownMedia } = own?.content?.['application/json'] ?? {}
  const error = {
    allOf: [{ $ref: '#/components/schemas/ErrorBody' }, { properties: { error: { enum: codes } } }]
  }
  return {
    description: codes
      .map(code => `**\`${code}\`**: ${errorGuide[code].cause} *${errorGuide[code].remedy}*`)
      .join('\n\n'),
    ...(codes.some(code => errorGuide[code].retryAfter) && {
      headers: { 'retry-after': { $ref: '#/components/headers/retry-after' } }
    }),
    content: {
      'application/json': {
        schema: schema === undefined ? error : ({ anyOf: [schema, error] } as OpenApi.SchemaObject),
        examples: {
          ...(ownMedia.example !== undefined && { answer: { value: ownMedia.example } }),
          ...ownMedia.examples,
          ...Object.fromEntries(codes.map(code => [code, { $ref: `#/components/examples/${code}` }]))
        }
      }
    }
  }
}

export const docs = fp(docsPlugin, { name: 'docs' })
