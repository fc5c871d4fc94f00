/** Serves files over HTTP with byte ranges, and breaks connections where a test asks for it. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Test } from 'tap'

export interface FileServer {
  url: string
  /** `GET /path` or `GET /path bytes=5-`, in order. */
  requests: string[]
}

/** Answers in its own way; returns false to have the file sent as usual. */
export type Answer = (request: IncomingMessage, response: ServerResponse, bytes: Buffer, attempt: number) => boolean

export async function startFileServer (
  t: Test,
  files: Record<string, Buffer>,
  answer: Answer = () => false
): Promise<FileServer> {
  const requests: string[] = []
  const server = createServer((request, response) => {
    const { range } = request.headers
    requests.push(`GET ${request.url}${range === undefined ? '' : ` ${range}`}`)
    const bytes = files[request.url!.slice(1)]
    if (bytes === undefined) return response.writeHead(404).end()
    if (answer(request, response, bytes, requests.length)) return
    const from = Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0)
    if (from >= bytes.length) return response.writeHead(416, { 'content-range': `bytes */${bytes.length}` }).end()
    const part = bytes.subarray(from)
    response.writeHead(from > 0 ? 206 : 200, {
      'content-length': part.length,
      ...(from > 0 && { 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` })
    })
    response.end(part)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests }
}

/** Sends the bytes from `from` on, then breaks the connection before `to`. */
export function cut (response: ServerResponse, bytes: Buffer, from: number, to: number): void {
  response.writeHead(from > 0 ? 206 : 200, {
    'content-length': bytes.length - from,
    ...(from > 0 && { 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` })
  })
  response.write(bytes.subarray(from, to), () => setTimeout(() => response.destroy(), 20))
}
