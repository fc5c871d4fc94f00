/** HTTP by hand, for requests that no client library would send. */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'

export interface RawClient {
  socket: Socket
  /** Everything received so far. */
  received: () => string
  /** Waits for the first answer and gives its status and, where it is JSON, its body. */
  answer (): Promise<{ status: number, head: string, body: Record<string, unknown> }>
}

export async function listen (app: FastifyInstance): Promise<number> {
  await app.listen({ host: '127.0.0.1', port: 0 })
  return (app.server.address() as { port: number }).port
}

export async function rawClient (port: number, text = '', from = '127.0.0.1'): Promise<RawClient> {
  const socket = connect({ port, host: '127.0.0.1', localAddress: from })
  let received = ''
  socket.on('data', chunk => { received += chunk.toString() }).on('error', () => {})
  await once(socket, 'connect')
  if (text !== '') socket.write(text)
  return {
    socket,
    received: () => received,
    async answer () {
      for (let tries = 0; tries < 1000; tries++) {
        const [, status, length] = /^HTTP\/1\.1 (\d+)[^]*?\r\ncontent-length: (\d+)/i.exec(received) ?? []
        const end = received.indexOf('\r\n\r\n')
        if (end >= 0 && length !== undefined && Buffer.byteLength(received.slice(end + 4)) >= Number(length)) {
          const text = received.slice(end + 4, end + 4 + Number(length))
          return {
            status: Number(status),
            head: received.slice(0, end),
            body: text.startsWith('{') ? JSON.parse(text) : {}
          }
        }
        if (socket.destroyed) break
        await sleep(10)
      }
      throw new Error(`no whole answer came; received ${JSON.stringify(received)}`)
    }
  }
}

/** Writes `size` bytes in pieces, waiting for the receiver. @returns bytes written until the connection broke off */
export async function writeSlowly ({ socket }: RawClient, size: number, piece: Buffer): Promise<number> {
  let wake = (): void => {}
  const wakeUp = () => wake()
  socket.on('drain', wakeUp).on('close', wakeUp)
  let sent = 0
  while (sent < size && socket.writable) {
    const woken = new Promise<void>(resolve => { wake = resolve })
    if (!socket.write(piece)) await woken
    sent += piece.length
  }
  socket.off('drain', wakeUp).off('close', wakeUp)
  return sent
}

/** Resolves when the connection has ended, in whatever way. */
export async function closed ({ socket }: RawClient): Promise<void> {
  if (!socket.closed) await new Promise(resolve => socket.once('close', resolve))
}
