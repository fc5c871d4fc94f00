import type { PhotoProblem } from '../../workers/types.ts'
import { type ErrorCode, ServiceError } from '../errors/errors.ts'

/** What the decoder says of a file without bytes. */
const EMPTY = 'the file is empty'

const codes = {
  unsupported_type: 'unsupported_image_type',
  too_many_pixels: 'too_many_pixels',
  unreadable: 'unreadable_image'
} as const satisfies Record<PhotoProblem['code'], ErrorCode>

/** Bytes that did not become a frame. */
export class PhotoError extends ServiceError {
  readonly problem: PhotoProblem

  /** @param field of the form that held the photo; absent where the answer names the photo itself */
  constructor (problem: PhotoProblem, maxPixels: number, field?: string) {
    super(
      photoErrorCode(problem.code),
      `${photoProblemMessage(problem, maxPixels)}${field === undefined ? '' : ` (field ${field})`}`
    )
    this.problem = problem
  }
}

/** The error code of an answer that rests on this photo alone. */
export function photoErrorCode (problem: PhotoProblem['code']): ErrorCode {
  return codes[problem]
}

/** Why the bytes did not become a picture, and what to do, in words. */
function photoProblemMessage (problem: PhotoProblem, maxPixels: number): string {
  switch (problem.code) {
    case 'unsupported_type':
      return `The photo is ${names[problem.found] ?? problem.found}; JPEG, PNG or WebP is expected. ${advice(problem.found)}`
    case 'too_many_pixels':
      return `The photo has ${problem.width} x ${problem.height} pixels; at most ${maxPixels / 1e6} megapixels are accepted. Scale it down.`
    case 'unreadable':
      if (problem.detail === EMPTY) { return 'The photo has no bytes; JPEG, PNG or WebP is expected. Choose a file, and check that your program reads it before it sends it.' }
      return `The photo is damaged or incomplete and cannot be decoded (${problem.detail}). Send it again or take a new one.`
  }
}

/** Kinds of files whose name alone says little. */
const names: Record<string, string> = { 'data-url': 'a data URL', base64: 'base64 text' }

function advice (found: string): string {
  if (found in names) return 'Decode it and send its bytes.'
  if (/heic|heif|avif/i.test(found)) return 'Convert it, or set the camera to "most compatible" (JPEG).'
  if (/gif/i.test(found)) return 'Send a still photo.'
  return 'Send the photo itself, as the camera made it.'
}
