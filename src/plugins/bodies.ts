/**
 * The only readers of request bodies: forms (uploads.ts) and, where a route declares `config.json`, small JSON. They
 * read after route, key, limits and scope are known; any other body is discarded, within a bound, when the request is
 * answered.
 */
import type { IncomingMessage } from 'node:http'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { discardRest } from '../admission/discard.ts'
import { hasBody, isForm, refuseOtherBody } from '../admission/expected-body.ts'
import { ServiceError } from '../errors/errors.ts'
import { untilAborted } from '../observability/until-aborted.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /**
     * The route reads a JSON body of at most so many bytes; its schema validates it. With `uploads` it takes a form as
     * well.
     */
    json?: { maxBytes: number }
  }
}

/** A service that shuts down waits no longer for the rest of a refused body. Milliseconds. */
const CLOSING_TIME_MS = 1000

async function bodiesPlugin (app: FastifyInstance) {
  // Also refuses keys like __proto__.
  const parse = app.getDefaultJsonParser('error', 'error')
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, _payload, done) => done(null))
  app.addContentTypeParser(
    /^application\/(?:[\w.+-]+\+)?json(?:;|$)/,
    async (request: FastifyRequest, payload: IncomingMessage) => {
      const { json } = request.routeOptions.config
      if (json === undefined) return undefined
      const text = await untilAborted(readText(payload, json.maxBytes), request.deadline)
      return new Promise((resolve, reject) => {
        parse(request, text, (error, body) => (error === null ? resolve(body) : reject(notJson(error))))
      })
    }
  )

  app.addHook('onRequest', async ({ headers, routeOptions: { config: { json, uploads } } }) => {
    if (json === undefined || !hasBody(headers) || (uploads !== undefined && isForm(headers))) return
    refuseOtherBody(headers, {
      type: 'application/json',
      maxBytes: json.maxBytes,
      tooLarge: () => tooLarge(json.maxBytes)
    })
  })

  app.addHook('onSend', async ({ raw }) => {
    discardRest(raw, app.isClosing() ? { time: CLOSING_TIME_MS } : {})
  })
}

/** @throws {ServiceError} `body_too_large`, as soon as more than `maxBytes` have come */
async function readText (payload: IncomingMessage, maxBytes: number): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const chunks: Buffer[] = []
  let size = 0
  const take = (chunk: Buffer): void => {
    size += chunk.length
    if (size > maxBytes) reject(tooLarge(maxBytes))
    else chunks.push(chunk)
  }
  payload.on('data', take).once('end', () => resolve(Buffer.concat(chunks).toString())).once('error', reject)
  // Not `for await`, which would destroy the connection together with the answer.
  return promise.finally(() => payload.off('data', take))
}

function tooLarge (maxBytes: number): ServiceError {
  return new ServiceError(
    'body_too_large',
    `The JSON body is larger than ${maxBytes} bytes, the most that this call takes.`
  )
}

function notJson (cause: Error): ServiceError {
  return new ServiceError('invalid_request', 'The body is not JSON that can be read. Send one JSON object, in UTF-8.', {
    cause
  })
}

export const bodies = fp(bodiesPlugin, { name: 'bodies', dependencies: ['deadline', 'shutdown'] })
