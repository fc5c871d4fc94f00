/** Photos that cannot be used. */
import type { ErrorGuide } from './entry.ts'

export const photoErrors = {
  too_many_photos: {
    cause: 'A signup carries more than five photos.',
    remedy: 'Send at most five photos; the five newest of a user are kept.',
    message: 'The field images takes at most 5 photos; found more.'
  },
  replayed_photo: {
    cause:
      'The bytes of the proof are those of an enrolment photo, or, with `REPLAY_CHECK=bytes`, of a proof that was approved for another user.',
    remedy: 'Take a new photo. Sending a proof again for the same user is no replay: the answer then has `repeat_of`.',
    message: 'The photo has already proved a task for another user; take a new one.'
  },
  photo_too_large: {
    cause: 'One photo is larger than `MAX_PHOTO_MB`.',
    remedy: 'Scale it down or compress it more.',
    message: 'The photo 1 of the field file is larger than 8 MiB. Scale it down or compress it more.'
  },
  too_many_pixels: {
    cause: 'The photo has more pixels than `MAX_PHOTO_MEGAPIXELS`; it was refused before decoding.',
    remedy: 'Scale it down.',
    message: 'The photo has 9000 x 9000 pixels; at most 50 megapixels are accepted. Scale it down. (field file)'
  },
  unsupported_image_type: {
    cause: 'The file is not a JPEG, PNG or WebP. Its content decides, not its name.',
    remedy:
      'Convert the photo. On an iPhone choose Settings, Camera, Formats, Most Compatible; the page at `/` converts by itself.',
    message:
      'The photo is HEIC; JPEG, PNG or WebP is expected. Convert it, or set the camera to "most compatible" (JPEG). (field file)'
  },
  unreadable_image: {
    cause: 'The file is empty, cut off or damaged.',
    remedy: 'Send it again; if it fails again, open it on your side and save it anew.',
    message:
      'The photo is damaged or incomplete and cannot be decoded (premature end of JPEG image). Send it again or take a new one. (field file)'
  },
  no_usable_face: {
    cause: 'No photo of the signup can be used; nothing was stored.',
    remedy: 'Take new photos; `rejected` says for each one why it was turned down. The reasons are explained below.',
    message: 'The face is blurred. Hold the camera still and wipe the lens.',
    details: {
      rejected: [
        {
          index: 0,
          filename: 'one.jpg',
          code: 'too_blurry',
          message: 'The face is blurred. Hold the camera still and wipe the lens.'
        }
      ]
    }
  }
} satisfies Record<string, ErrorGuide>
