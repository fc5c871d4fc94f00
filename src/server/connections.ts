/** What the HTTP server itself bounds (time, headers, idle connections), and its answer to what is no HTTP request. */
import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyServerOptions } from 'fastify'
import { isAnswered } from '../admission/discard.ts'
import type { Config } from '../config/config.ts'
import { errorBody, ServiceError } from '../errors/errors.ts'

/** Headers are small: who needs longer is no client of ours. Milliseconds. */
const HEADERS_TIMEOUT_MS = 10_000
/** Node looks for late connections this often, so a limit is exceeded by at most this much. Milliseconds. */
const CHECK_INTERVAL_MS = 1000
/**
 * Above the 60 s that nginx keeps its side open, so that nginx never writes to a connection that is just being closed.
 */
const KEEP_ALIVE_TIMEOUT_MS = 72_000
const MAX_HEADER_BYTES = 16 * 1024

export function connectionOptions (config: Pick<Config, 'UPLOAD_TIMEOUT' | 'REQUEST_TIMEOUT'>) {
  const uploadTimeout = config.UPLOAD_TIMEOUT * 1000
  return {
    requestTimeout: uploadTimeout,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    // A silent connection: longer than any request may take.
    connectionTimeout: (config.UPLOAD_TIMEOUT + config.REQUEST_TIMEOUT) * 1000 + 5000,
    http: {
      headersTimeout: Math.min(HEADERS_TIMEOUT_MS, uploadTimeout),
      connectionsCheckingInterval: CHECK_INTERVAL_MS,
      maxHeaderSize: MAX_HEADER_BYTES,
      // Refused by the auth plugin, with a body.
      requireHostHeader: false
    },
    forceCloseConnections: 'idle',
    clientErrorHandler: answerBrokenRequest
  } satisfies FastifyServerOptions & { http: object }
}

/** A client writes on before it looks for the answer: what still comes is discarded, so far and so long. */
const DISCARDED = { bytes: 16 * 2 ** 20, time: 2000 }

/** Bytes received when a connection was refused. */
const refused = new WeakMap<Socket, number>()

/** The socket is all there is: the request was too slow, too long or no HTTP, so no route ever sees it. */
function answerBrokenRequest (error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return
  const before = refused.get(socket)
  if (before !== undefined) {
    // The parser refuses each further piece.
    if (socket.bytesRead - before > DISCARDED.bytes) socket.destroy()
    return
  }
  if (isAnswered(socket)) {
    socket.destroy()
    return
  }
  const known = describe(error)
  const body = JSON.stringify(errorBody(known))
  if (!socket.writable) {
    socket.destroy(error)
    return
  }
  refused.set(socket, socket.bytesRead)
  const timer = setTimeout(() => socket.destroy(), DISCARDED.time)
  socket.once('end', () => socket.destroy()).once('close', () => clearTimeout(timer))
  socket.end([
    `HTTP/1.1 ${known.statusCode} ${STATUS_CODES[known.statusCode]}`,
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close', '', body
  ].join('\r\n'))
}

function describe (error: NodeJS.ErrnoException): ServiceError {
  if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return new ServiceError(
      'upload_too_slow',
      'The request took too long to arrive. Send smaller photos, or use a faster connection.'
    )
  }
  if (error.code === 'HPE_HEADER_OVERFLOW') {
    return new ServiceError(
      'headers_too_large',
      `The request headers are larger than ${MAX_HEADER_BYTES / 1024} KiB. Send fewer or shorter ones.`
    )
  }
  return new ServiceError('invalid_request', 'This is no HTTP request that the service can read.')
}
