/** Listening, and why it cannot be done in one sentence. */
import type { FastifyInstance } from 'fastify'
import type { Config } from '../config/config.ts'

type Address = Pick<Config, 'HOST' | 'PORT'>

/** Why the service cannot listen; the code is the one of the operating system. */
export class StartError extends Error {
  override readonly name = 'StartError'
  readonly code: string

  constructor (code: string, message: string, cause: unknown) {
    super(message, { cause })
    this.code = code
  }
}

/**
 * @returns the address, like http://127.0.0.1:5000
 * @throws {StartError} when the port or the host cannot be had
 */
export async function listen (app: Pick<FastifyInstance, 'listen'>, { HOST, PORT }: Address): Promise<string> {
  try {
    return await app.listen({ host: HOST, port: PORT })
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException
    if (code === undefined || !['listen', 'bind', 'getaddrinfo'].includes(syscall ?? '')) throw error
    throw new StartError(code, listenProblem(code, { HOST, PORT }), error)
  }
}

/** @param code of the operating system */
export function listenProblem (code: string, { HOST, PORT }: Address): string {
  if (code === 'EADDRINUSE') return `${HOST}:${PORT} is used by another program. Stop it, or set PORT to another port.`
  if (code === 'EACCES') { return `This user may not listen on ${HOST}:${PORT}. Set PORT to one above 1023 and put a reverse proxy in front.` }
  return `HOST=${HOST} cannot be listened on (${code}). Set HOST to an address of this machine, or 0.0.0.0 for all of them.`
}
