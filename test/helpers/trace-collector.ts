/** An OpenTelemetry collector that keeps the spans it is sent over OTLP/HTTP as JSON. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import type { Test } from 'tap'

interface Attribute {
  key: string
  value: { stringValue?: string, intValue?: number }
}

export interface Span {
  traceId: string
  spanId: string
  parentSpanId?: string
  name: string
  kind: number
  startTimeUnixNano: string
  endTimeUnixNano: string
  attributes: Attribute[]
  status: { code: number }
}

interface Export {
  resourceSpans: { resource: { attributes: Attribute[] }, scopeSpans: { spans: Span[] }[] }[]
}

export interface Collector {
  endpoint: string
  /** Whatever was sent, in the order of arrival. */
  exports: Export[]
  spans: () => Span[]
}

export async function startCollector (t: Test): Promise<Collector> {
  const exports: Export[] = []
  const server = createServer(async (request, response) => {
    if (request.url === '/v1/traces') exports.push(await json(request) as Export)
    response.writeHead(request.url === '/v1/traces' ? 200 : 404, { 'content-type': 'application/json' }).end('{}')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    exports,
    spans: () =>
      exports
        .flatMap(({ resourceSpans }) => resourceSpans)
        .flatMap(({ scopeSpans }) => scopeSpans)
        .flatMap(({ spans }) => spans)
  }
}

export function attributesOf (
  { attributes }: { attributes: Attribute[] }
): Record<string, string | number | undefined> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, value.stringValue ?? value.intValue]))
}
