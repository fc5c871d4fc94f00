/**
 * The rest of a body that nobody reads. Clients write it before they look for the answer: a connection that closes
 * before that loses the answer with it (RFC 9112, section 9.6), and one that stays open reads it for ever. So it is
 * discarded up to a bound, and the connection closes only then.
 */
import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'

export interface DiscardBounds {
  bytes: number
  /** Milliseconds until the whole rest must have come. */
  time: number
}

/** More than a client sends by mistake, less than is worth an attack. */
const BOUNDS: DiscardBounds = { bytes: 64 * 2 ** 20, time: 10_000 }

const answered = new WeakSet<Socket>()

/** True once the request that still arrives on this connection has got its answer. */
export function isAnswered (socket: Socket): boolean {
  return answered.has(socket)
}

/** Call it before the answer is written, and as soon as reading has stopped; returns at once. */
export function discardRest (request: IncomingMessage, bounds: Partial<DiscardBounds> = {}): void {
  const { bytes, time } = { ...BOUNDS, ...bounds }
  const { socket } = request
  // An injected request has no connection, and is never incomplete.
  if (request.complete !== false || answered.has(socket) || socket.destroyed) return
  answered.add(socket)
  const close = holdClose(socket)
  const cut = (): void => { socket.destroy() }
  const timer = setTimeout(cut, time)
  let left = bytes
  const count = ({ length }: Buffer): void => {
    left -= length
    if (left < 0) cut()
  }
  const over = (): void => {
    clearTimeout(timer)
    answered.delete(socket)
    request.off('data', count)
    socket.off('close', over)
    close()
  }
  request.once('end', over)
  socket.once('close', over)
  request.unpipe()
  request.on('data', count).resume()
}

/** Keeps the server from closing the connection with its answer, until the returned function is called. */
function holdClose (socket: Socket): () => void {
  const closeSocket = socket.destroySoon
  let wanted = false
  socket.destroySoon = () => { wanted = true }
  return () => {
    socket.destroySoon = closeSocket
    if (wanted) socket.destroySoon()
  }
}
