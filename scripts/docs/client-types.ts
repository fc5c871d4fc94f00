/** The types of the TypeScript client, from the OpenAPI document. */
import openapiTS, { astToString } from 'openapi-typescript'
import type { OpenAPIV3_1 as OpenApi } from 'openapi-types'
import ts from 'typescript'

export async function clientTypes (document: OpenApi.Document): Promise<string> {
  const blob = ts.factory.createTypeReferenceNode('Blob')
  const nodes = await openapiTS(structuredClone(document) as unknown as Parameters<typeof openapiTS>[0], {
    transform: ({ format }) => format === 'binary' ? blob : undefined
  })
  return `// Generated from docs/openapi.json by npm run docs.\n${astToString(nodes)}`
}
