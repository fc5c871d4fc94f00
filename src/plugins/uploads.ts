/**
 * Multipart uploads, held in memory and bounded: routes that name their file fields in `config.uploads` get a body of
 * texts and photos, which their schema then validates like any other.
 */
import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import multipart from '@fastify/multipart'
import type { FastifyError, FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { discardRest } from '../admission/discard.ts'
import { isForm, refuseOtherBody } from '../admission/expected-body.ts'
import { ServiceError } from '../errors/errors.ts'
import type { Photo } from '../schemas/upload.ts'
import { stage } from '../observability/stages.ts'
import { untilAborted } from '../observability/until-aborted.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** File fields of a multipart route and how many photos each may carry. `NAME[]` counts as NAME. */
    uploads?: Record<string, number>
  }
}

export interface UploadLimits {
  /** Bytes of the whole body. */
  maxBody: number
  /** Bytes of one photo. */
  maxPhoto: number
}

/** More text fields than any form of ours has, yet few enough to bound the work. */
const MAX_TEXT_FIELDS = 20
const MAX_TEXT_BYTES = 4096

/** Ajv keyword of the PhotoFile schema. */
export const photoKeyword = {
  keyword: 'isFile',
  validate: (_: unknown, value: Partial<Photo> | undefined) => value?.bytes instanceof Uint8Array,
  error: { message: 'must be an uploaded file' }
}

async function uploadsPlugin (app: FastifyInstance, limits: UploadLimits) {
  await app.register(multipart, { throwFileSizeLimit: false })

  app.addHook('onRequest', async ({ headers, routeOptions: { config } }) => {
    if (config.uploads === undefined || (config.json !== undefined && !isForm(headers))) return
    refuseOtherBody(headers, {
      type: 'multipart/form-data',
      maxBytes: limits.maxBody,
      tooLarge: () => bodyTooLarge(limits)
    })
  })

  app.addHook('preValidation', async request => {
    const { uploads: files, json } = request.routeOptions.config
    if (files === undefined || (json !== undefined && !isForm(request.headers))) return
    const { signal, end } = watchSize(request.raw, limits)
    try {
      request.body = await stage('upload', () =>
        untilAborted(
          readForm(request, files, limits),
          AbortSignal.any([signal, ...(request.arrival === null ? [] : [request.arrival.signal])])
        )
      )
    } catch (error) {
      discardRest(request.raw)
      if (!request.raw.destroyed && request.arrival?.signal.aborted !== true) request.arrival?.refused()
      throw translate(error as FastifyError)
    } finally {
      end()
    }
  })
}

/** Counts what really comes, since a chunked body declares no length; `signal` is aborted beyond the limit. */
function watchSize (raw: IncomingMessage, limits: UploadLimits): { signal: AbortSignal, end: () => void } {
  const controller = new AbortController()
  let size = 0
  const count = ({ length }: Buffer): void => {
    size += length
    if (size <= limits.maxBody || controller.signal.aborted) return
    raw.unpipe()
    controller.abort(bodyTooLarge(limits))
  }
  raw.on('data', count)
  return { signal: controller.signal, end: () => raw.off('data', count) }
}

/** The photos of a form that was read. */
export function photosIn (form: unknown): Photo[] {
  return Object.values(form ?? {}).flat().filter((value: Partial<Photo> | null) => value?.bytes instanceof Uint8Array)
}

async function readForm (
  request: FastifyRequest,
  files: Record<string, number>,
  limits: UploadLimits
): Promise<Record<string, string | Photo | Photo[]>> {
  const texts = new Map<string, string>()
  const photos = new Map<string, Photo[]>()
  const names = Object.keys(files)

  const parts = request.parts({
    limits: {
      fields: MAX_TEXT_FIELDS,
      fieldSize: MAX_TEXT_BYTES,
      files: Object.values(files).reduce((sum, count) => sum + count, 1),
      fileSize: limits.maxPhoto,
      headerPairs: 50
    }
  })
  for await (const part of parts) {
    const field = part.fieldname.replace(/\[\]$/, '')
    if (part.type === 'field') {
      if (names.includes(field)) throw new ServiceError('invalid_request', textForPhoto(field, String(part.value)))
      if (typeof part.value === 'object' && part.value !== null) {
        throw new ServiceError(
          'invalid_request',
          `The field ${field} must be a text; found a JSON ${Array.isArray(part.value) ? 'list' : 'object'}. Send the text alone.`
        )
      }
      if (texts.has(field)) { throw new ServiceError('repeated_field', `The field ${field} was sent more than once; send it once.`) }
      if (part.valueTruncated === true) { throw new ServiceError('invalid_request', `The field ${field} is longer than ${MAX_TEXT_BYTES} bytes.`) }
      texts.set(field, String(part.value))
      continue
    }
    const allowed = files[field]
    if (!names.includes(field) || allowed === undefined) {
      if (isTextField(request, field)) {
        throw new ServiceError(
          'unexpected_field',
          `The field ${field} must be a text; found a file. Send it without a file name.`
        )
      }
      throw new ServiceError(
        'unexpected_field',
        `The file field ${field} is not expected; send the photo as ${names.join(' or ')}.`
      )
    }
    const sent = photos.get(field) ?? []
    if (sent.length === allowed) {
      throw allowed === 1
        ? new ServiceError('repeated_field', `The field ${field} takes one photo; found more.`)
        : new ServiceError('too_many_photos', `The field ${field} takes at most ${allowed} photos; found more.`)
    }
    if (/^(?:base64|quoted-printable)$/i.test(part.encoding)) {
      throw new ServiceError(
        'malformed_upload',
        `The photo of the field ${field} must be sent as its bytes; found content-transfer-encoding: ${part.encoding.toLowerCase()}. Decode it first, and leave that header out.`
      )
    }
    const { bytes, sha256 } = await readPhoto(part.file)
    // What a browser sends for an input in which nothing was chosen.
    if (bytes.length === 0 && (part.filename ?? '') === '') continue
    if (part.file.truncated) {
      throw new ServiceError(
        'photo_too_large',
        `The photo ${sent.length + 1} of the field ${field} is larger than ${megabytes(limits.maxPhoto)} MiB. Scale it down or compress it more.`
      )
    }
    photos.set(field, [...sent, { field, filename: part.filename ?? '', bytes, sha256 }])
  }
  return Object.fromEntries([
    ...texts,
    ...[...photos].map(([field, list]): [string, Photo | Photo[]] => [field, files[field] === 1 ? list[0]! : list])
  ])
}

function textForPhoto (field: string, text: string): string {
  return text.startsWith('data:')
    ? `The field ${field} must be a file; found a data URL. Send the bytes that it encodes, in JavaScript as the Blob of (await fetch(url)).blob().`
    : `The field ${field} must be a file; found a text. Send it with a file name.`
}

function isTextField ({ routeOptions }: FastifyRequest, field: string): boolean {
  const { properties = {} } = (routeOptions.schema?.body ?? {}) as { properties?: Record<string, unknown> }
  return Object.hasOwn(properties, field)
}

/** Reads a part into shared memory, so that the workers see the bytes without a copy; hashes each piece as it comes. */
async function readPhoto (stream: Readable): Promise<Pick<Photo, 'bytes' | 'sha256'>> {
  const hash = createHash('sha256')
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    size += chunk.length
    hash.update(chunk)
    chunks.push(chunk)
  }
  const bytes = new Uint8Array(new SharedArrayBuffer(size))
  let offset = 0
  for (const chunk of chunks) {
    bytes.set(chunk, offset)
    offset += chunk.length
  }
  return { bytes, sha256: hash.digest('hex') }
}

function bodyTooLarge ({ maxBody }: UploadLimits): ServiceError {
  return new ServiceError(
    'body_too_large',
    `The request is larger than ${megabytes(maxBody)} MiB. Send fewer or smaller photos.`
  )
}

function megabytes (bytes: number): number {
  return Math.round(bytes / 1024 / 1024 * 100) / 100
}

/** What the multipart parser throws, in the words of this service. */
function translate (error: FastifyError): Error {
  switch (error.code) {
    case 'FST_FILES_LIMIT':
      return new ServiceError('too_many_photos', 'The request carries more photos than the form takes.', {
        cause: error
      })
    case 'FST_FIELDS_LIMIT':
    case 'FST_PARTS_LIMIT':
      return new ServiceError('malformed_upload', `The form has more than ${MAX_TEXT_FIELDS} text fields.`, {
        cause: error
      })
    case 'FST_PROTO_VIOLATION':
      return new ServiceError('unexpected_field', 'A field has a name that no form of this service has.', {
        cause: error
      })
  }
  if (error instanceof ServiceError) return error
  if (error.code === 'FST_INVALID_JSON_FIELD_ERROR') {
    return new ServiceError(
      'malformed_upload',
      'A text field has the content type application/json and is no JSON. Send texts without a content type, or as text/plain.',
      { cause: error }
    )
  }
  if (/boundary not found/i.test(error.message)) {
    return new ServiceError(
      'malformed_upload',
      'The header content-type has no boundary. Do not write this header yourself: the HTTP client writes it together with the form.',
      { cause: error }
    )
  }
  return new ServiceError(
    'malformed_upload',
    `The multipart body cannot be read: ${error.message}. Check the boundary and that the whole body was sent.`,
    { cause: error }
  )
}

export const uploads = fp(uploadsPlugin, { name: 'uploads' })
