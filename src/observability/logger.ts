import { type DestinationStream, type Logger, pino } from 'pino'
import pretty from 'pino-pretty'
import type { Config } from '../config/config.ts'

/** Readable lines on a terminal, JSON otherwise. Headers that carry secrets never reach a line. */
export function createLogger (
  config: Pick<Config, 'LOG_LEVEL' | 'ENV'>,
  output: DestinationStream & { isTTY?: boolean } = process.stdout
): Logger {
  const options = {
    level: config.LOG_LEVEL,
    // @fastify/multipart writes all headers at the level trace.
    redact: ['busboyOptions.headers', 'req.headers.authorization', 'req.headers["x-api-key"]', 'req.headers.cookie']
  }
  return output.isTTY && config.ENV !== 'production'
    ? pino(options, pretty({ destination: output, ignore: 'pid,hostname', translateTime: 'HH:MM:ss' }))
    : pino(options, output)
}
