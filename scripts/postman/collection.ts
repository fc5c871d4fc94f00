/** The Postman collection (format 2.1) and environment, from the OpenAPI document and the scenarios. */
import { createHash } from 'node:crypto'
import type { OpenAPIV3_1 as OpenApi } from 'openapi-types'
import { folders } from './scenarios.ts'
import type { Scenario } from './scenario.ts'

type Operation = OpenApi.OperationObject & { method: string, path: string }

const SCHEMA = 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json'

export function postmanCollection (document: OpenApi.Document): object {
  const operations = operationsOf(document)
  return {
    info: {
      _postman_id: stableId('collection'),
      name: document.info.title,
      description: document.info.description,
      schema: SCHEMA
    },
    auth: {
      type: 'apikey',
      apikey: [
        { key: 'key', value: 'x-api-key' },
        { key: 'value', value: '{{apiKey}}' },
        { key: 'in', value: 'header' }
      ]
    },
    item: [
      ...folders.map(({ name, description, scenarios }) => ({
        name,
        description,
        item: scenarios.map(scenario => scenarioItem(scenario, operations))
      })),
      {
        name: 'Every call',
        description: 'One request for each call of the API, with its answers as examples.',
        item: [...operations.values()].map(operation => operationItem(operation, document))
      }
    ]
  }
}

export function postmanEnvironment (): object {
  const variables = {
    baseUrl: 'http://127.0.0.1:5000', apiKey: '', verifyKey: '', tenantKey: '', unknownKey: 'unknown', username: 'postman'
  }
  return {
    id: stableId('environment'),
    name: 'Eco-Connect Verification, local',
    values: Object.entries(variables).map(([key, value]) => ({
      key,
      value,
      type: /key$/i.test(key) ? 'secret' : 'default',
      enabled: true
    })),
    _postman_variable_scope: 'environment'
  }
}

function operationsOf (document: OpenApi.Document): Map<string, Operation> {
  return new Map(Object.entries(document.paths ?? {}).flatMap(([path, methods]) =>
    Object.entries(methods ?? {}).map(([method, operation]) => {
      const { operationId } = operation as OpenApi.OperationObject
      return [operationId!, { ...operation as OpenApi.OperationObject, method: method.toUpperCase(), path }] as const
    })))
}

function scenarioItem (scenario: Scenario, operations: Map<string, Operation>): object {
  const { operation, key } = scenario
  const known = typeof operation === 'string' ? operations.get(operation) : { method: operation[0], path: operation[1] }
  if (known === undefined) { throw new Error(`Scenario ${scenario.name}: the OpenAPI document has no operation ${String(operation)}`) }
  const headers = { ...scenario.headers, ...scenario.raw && { 'content-type': scenario.raw.type } }
  return {
    name: scenario.name,
    event: [{ listen: 'test', script: { type: 'text/javascript', exec: testScript(scenario) } }],
    request: {
      method: known.method,
      header: Object.entries(headers).map(([key, value]) => ({ key, value })),
      ...(key !== undefined && {
        auth: {
          type: 'apikey',
          apikey: [
            { key: 'key', value: 'x-api-key' },
            { key: 'value', value: `{{${key}}}` },
            { key: 'in', value: 'header' }
          ]
        }
      }),
      ...(scenario.form && {
        body: { mode: 'formdata', formdata: scenario.form.map(([field, value]) => formField(field, value)) }
      }),
      ...(scenario.raw && { body: { mode: 'raw', raw: scenario.raw.text } }),
      url: url(known.path, scenario.path ?? {}, scenario.query ?? {})
    }
  }
}

function operationItem (operation: Operation, document: OpenApi.Document): object {
  const parameters = (operation.parameters ?? []) as OpenApi.ParameterObject[]
  const form = (operation.requestBody as OpenApi.RequestBodyObject | undefined)?.content['multipart/form-data']
    ?.schema as OpenApi.SchemaObject | undefined
  const request = {
    method: operation.method,
    header: [],
    description: [operation.summary, operation.description].filter(Boolean).join('\n\n'),
    ...(form && {
      body: {
        mode: 'formdata',
        formdata: Object.entries(form.properties ?? {}).map(([field, schema]) =>
          describedField(field, schema as OpenApi.SchemaObject, form.required?.includes(field) === true)
        )
      }
    }),
    url: url(
      operation.path,
      Object.fromEntries(
        parameters.filter(({ in: place }) => place === 'path').map(({ name }) => [name, `{{${name}}}`])
      ),
      Object.fromEntries(
        parameters
          .filter(({ in: place }) => place === 'query')
          .map(({ name, schema }) => [name, String((schema as OpenApi.SchemaObject).default ?? '')])
      ),
      true
    )
  }
  return { name: operation.summary, request, response: savedAnswers(operation, request, document) }
}

/** The examples of the document, as Postman keeps them beside a request. */
function savedAnswers (operation: Operation, originalRequest: object, document: OpenApi.Document): object[] {
  return Object.entries(operation.responses ?? {}).flatMap(([status, response]) => {
    const media = (response as OpenApi.ResponseObject).content?.['application/json']
    const examples = Object.entries(media?.examples ?? {}).map(([name, example]) => {
      const value =
        '$ref' in example ? (document.components!.examples![name] as OpenApi.ExampleObject).value : example.value
      return { name, value }
    })
    if (media?.example !== undefined) examples.unshift({ name: 'answer', value: media.example })
    return examples.map(({ name, value }) => ({
      name,
      originalRequest,
      code: Number(status),
      header: [{ key: 'content-type', value: 'application/json' }],
      _postman_previewlanguage: 'json',
      body: JSON.stringify(value, null, 2)
    }))
  })
}

function describedField (field: string, schema: OpenApi.SchemaObject, required: boolean): object {
  const photo =
    schema.type === 'array' ? (schema.items as OpenApi.SchemaObject).format === 'binary' : schema.format === 'binary'
  return {
    key: field,
    description: schema.description,
    disabled: !required,
    ...(photo ? { type: 'file', src: [] } : { type: 'text', value: '' })
  }
}

function formField (key: string, value: string): object {
  return /\.(jpg|png|gif)$/.test(value) ? { key, type: 'file', src: value } : { key, type: 'text', value }
}

function url (
  path: string,
  variables: Record<string, string>,
  query: Record<string, string>,
  optional = false
): object {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => variables[name] ?? '')
  const search = new URLSearchParams(query).toString()
  return {
    raw: `{{baseUrl}}${filled}${search === '' || optional ? '' : `?${search}`}`,
    host: ['{{baseUrl}}'],
    path: filled.slice(1).split('/'),
    query: Object.entries(query).map(([key, value]) => ({ key, value, disabled: optional }))
  }
}

/** `reasons[CODE]` asks that the list holds CODE; any other path must have exactly the value. */
function testScript ({ status, expect, keep = {} }: Scenario): string[] {
  return [
    `pm.test('status ${status}', () => pm.response.to.have.status(${status}))`,
    ...Object.entries(keep).map(
      ([name, property]) => `pm.collectionVariables.set('${name}', pm.response.json().${property})`
    ),
    ...Object.entries(expect).map(([path, value]) => {
      const list = /^(\w+)\[([a-z]\w*)\]$/.exec(path)
      const assertion =
        list === null
          ? `pm.expect(pm.response.json()).to.have.nested.property('${path}', ${JSON.stringify(value)})`
          : `pm.expect(pm.response.json().${list[1]}).to.include(${JSON.stringify(value)})`
      return `pm.test('${path} is ${JSON.stringify(value).replaceAll("'", '')}', () => ${assertion})`
    })
  ]
}

/** An id in UUID form that does not change from one generation to the next. */
function stableId (name: string): string {
  const hex = createHash('sha256').update(`eco-connect-verification ${name}`).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
