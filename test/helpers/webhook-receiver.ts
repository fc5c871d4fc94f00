/** A server on this machine that takes webhooks and keeps them. */
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { Test } from 'tap'

export interface Delivery {
  path: string
  headers: IncomingHttpHeaders
  body: string
}

export interface Receiver {
  origin: string
  received: Delivery[]
  /** Resolves once so many have come. */
  got (count: number): Promise<void>
  close (): Promise<void>
}

/** @param answer decides each answer; by default 204 */
export async function startReceiver (
  t: Test,
  answer: (response: ServerResponse, count: number) => void = response => {
    response.writeHead(204).end()
  },
  port = 0
): Promise<Receiver> {
  const received: Delivery[] = []
  const server = createServer(async (request, response) => {
    received.push({ path: request.url ?? '', headers: request.headers, body: await text(request) })
    answer(response, received.length)
    server.emit('delivery')
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const close = async (): Promise<void> => {
    if (!server.listening) return
    server.close()
    server.closeAllConnections()
    await once(server, 'close')
  }
  t.teardown(close)
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    async got (count) {
      while (received.length < count) await once(server, 'delivery')
    },
    close
  }
}
