/** Holds every answer of an application under test against its own OpenAPI document. */
import addFormats from 'ajv-formats'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import type { FastifyInstance } from 'fastify'
import type { Test } from 'tap'

interface Operation {
  responses: Record<string, { content?: Record<string, { schema?: object }> }>
}

export interface OpenApiDocument {
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, object> }
}

/** Fails the test for every answer under /api whose status, error code or field the document does not name. */
export function checkAnswers (t: Test, app: FastifyInstance): void {
  let validators: Map<string, ValidateFunction> | undefined

  // Before serialisation, which would silently drop fields that are not in the schema.
  app.addHook('preSerialization', async (request, reply, payload) => {
    const { url } = request.routeOptions
    if (request.is404 || url?.startsWith('/api/') !== true || request.method === 'HEAD' || request.method === 'OPTIONS') { return payload }
    validators ??= answerValidators(app.swagger() as unknown as OpenApiDocument)
    const what = answerKey(request.method, documentPath(url), reply.statusCode)
    const validate = validators.get(what)
    if (validate === undefined) t.fail(`${what} is not documented: ${JSON.stringify(payload)}`)
    else if (!validate(JSON.parse(JSON.stringify(payload)))) {
      const problems = validate.errors!.map(
        ({ instancePath, message, params }) => `${instancePath || '/'} ${message} ${JSON.stringify(params)}`
      )
      t.fail(`${what} differs from its documentation`, { problems, payload })
    }
    return payload
  })
}

/** A validator for each documented answer, which also refuses fields that the document does not name. */
export function answerValidators (document: OpenApiDocument): Map<string, ValidateFunction> {
  const ajv = addFormats.default(new Ajv2020({ allErrors: true, strict: false }))
  const schemas = closed(document.components.schemas)
  return new Map(Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations).flatMap(([method, { responses }]) =>
      Object.entries(responses).flatMap(([status, { content }]) => {
        const schema = content?.['application/json']?.schema
        return schema === undefined
          ? []
          : [
              [
                answerKey(method, path, status),
                ajv.compile({ ...(closed(schema) as object), components: { schemas } })
              ] as const
            ]
      }))))
}

export function answerKey (method: string, path: string, status: string | number): string {
  return `${method.toUpperCase()} ${path} ${status}`
}

/** `/users/:name` as the document writes it: `/users/{name}`. */
export function documentPath (url: string): string {
  return url.replace(/:(\w+)/g, '{$1}')
}

/** The same schema, open to no other fields. */
function closed (schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed)
  if (typeof schema !== 'object' || schema === null) return schema
  const entries = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]))
  const { type, properties, additionalProperties } = schema as {
    type?: string
    properties?: object
    additionalProperties?: unknown
  }
  return type === 'object' && properties !== undefined && additionalProperties === undefined
    ? { ...entries, additionalProperties: false }
    : entries
}
