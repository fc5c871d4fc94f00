/** Finds what is wrong with a body from its headers, before any of it is read. */
import type { IncomingHttpHeaders } from 'node:http'
import { ServiceError } from '../errors/errors.ts'

export interface ExpectedBody {
  type: 'multipart/form-data' | 'application/json'
  maxBytes: number
  /** The error for a larger one. */
  tooLarge: () => ServiceError
}

const patterns = {
  'multipart/form-data': /^multipart\/form-data\s*(?:;|$)/i,
  'application/json': /^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i
}

const advice = {
  'multipart/form-data': 'Photos are files of a form (curl -F, FormData), not base64 in JSON.',
  'application/json': 'Set the header content-type.'
}

/** @throws {ServiceError} `body_too_large` by the declared length, `unsupported_media_type` */
export function refuseOtherBody (headers: IncomingHttpHeaders, { type, maxBytes, tooLarge }: ExpectedBody): void {
  if (Number(headers['content-length'] ?? 0) > maxBytes) throw tooLarge()
  const { 'content-type': found = 'no content type', 'content-encoding': encoding = 'identity' } = headers
  if (!patterns[type].test(found)) {
    throw new ServiceError('unsupported_media_type', `Send the body as ${type}; found ${found}. ${advice[type]}`)
  }
  if (encoding !== 'identity') {
    throw new ServiceError(
      'unsupported_media_type',
      `Send the body as it is, without the header content-encoding; found content-encoding: ${encoding}.`
    )
  }
}

/** Whether a route that takes both is sent a form. */
export function isForm (headers: IncomingHttpHeaders): boolean {
  return patterns['multipart/form-data'].test(headers['content-type'] ?? '')
}

export function hasBody (headers: IncomingHttpHeaders): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
}
