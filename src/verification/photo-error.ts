import type { PhotoProblem } from '../../workers/types.ts'
import type { ErrorCode } from '../errors/errors.ts'

const codes = {
  unsupported_type: 'unsupported_image_type',
  too_many_pixels: 'too_many_pixels',
  unreadable: 'unreadable_image'
} as const satisfies Record<PhotoProblem['code'], ErrorCode>

/** The error code of an answer that rests on this photo alone. */
export function photoErrorCode (problem: PhotoProblem['code']): ErrorCode {
  return codes[problem]
}

/** Why the bytes did not become a picture, and what to do, in words. */
export function photoProblemMessage (problem: PhotoProblem, maxPixels: number): string {
  switch (problem.code) {
    case 'unsupported_type':
      return `The photo is ${problem.found}; JPEG, PNG or WebP is expected. ${advice(problem.found)}`
    case 'too_many_pixels':
      return `The photo has ${problem.width} x ${problem.height} pixels; at most ${maxPixels / 1e6} megapixels are accepted. Scale it down.`
    case 'unreadable':
      return `The photo is damaged or incomplete and cannot be decoded (${problem.detail}). Send it again or take a new one.`
  }
}

function advice (found: string): string {
  if (/heic|heif|avif/i.test(found)) return 'Convert it, or set the camera to "most compatible" (JPEG).'
  if (/gif/i.test(found)) return 'Send a still photo.'
  return 'Send the photo itself, as the camera made it.'
}
