/**
 * One photo from its bytes to upright pixels: where verification, enrolment, challenges and the debug route all begin.
 */
import type { Frame, PhotoFacts } from '../../workers/types.ts'
import { PhotoError } from './photo-error.ts'
import { photoCost } from './photo-cost.ts'
import type { InferencePool } from './pool.ts'
import type { Run } from './run.ts'

export interface PhotoBytes {
  bytes: Uint8Array
  /** Photos with more are refused before they are decoded. */
  maxPixels: number
  /** Of the form that held the photo, for the message of an error. */
  field?: string
  /** Aborted when nobody waits for the answer any more. */
  signal?: AbortSignal | undefined
  /** Who waits for it; see `Turn`. */
  client: string
}

export interface OpenedPhoto {
  /** Runs inference calls on the frame. */
  run: Run
  frame: Frame
  /** What the file says about the photo, besides its pixels. */
  facts: PhotoFacts
}

/**
 * Waits for the photo's turn, decodes it, and lets `work` look at the frame. The frame's memory is used for another
 * photo as soon as `work` has ended, so nothing may keep it.
 * @throws {PhotoError} `unsupported_image_type`, `too_many_pixels`, `unreadable_image`; and whatever `work` throws
 */
export function withFrame<T> (
  pool: InferencePool,
  { bytes, maxPixels, field, signal, client }: PhotoBytes,
  work: (photo: OpenedPhoto) => Promise<T>
): Promise<T> {
  return pool.onPhoto(
    async run => {
      const { frame, facts, problem } = await run('decode', { bytes, maxPixels })
      if (problem !== undefined) throw new PhotoError(problem, maxPixels, field)
      return work({ run, frame, facts })
    },
    { client, cost: photoCost(bytes, maxPixels), signal }
  )
}
