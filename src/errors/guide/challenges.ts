/** Challenges. */
import type { ErrorGuide } from './entry.ts'

export const challengeErrors = {
  too_few_frames: {
    cause: 'A challenge was sent with fewer frames than it has steps.',
    remedy: 'Send 4 to 20 photos as `frames`, in order of time, with at least one for each step.',
    message: 'The field frames takes 4 to 20 photos; found 1. Send at least one for each step.'
  },
  challenge_not_found: {
    cause: 'There is no such challenge of this user or of this API key. Expired ones are removed after a day.',
    remedy: 'Begin a challenge with `POST /api/challenges` for the same user and with the same key.',
    message: 'There is no challenge 0d6c1f0e of anna. Begin one with POST /api/challenges.'
  },
  challenge_used: {
    cause: 'The frames of this challenge were sent before, or an approved verification has used it.',
    remedy: 'Begin another challenge: each is judged once and counts for one approved verification.',
    message: 'The challenge was used already; each counts once. Begin another one with POST /api/challenges.'
  },
  challenge_not_passed: {
    cause: 'A verification names a challenge that was not passed.',
    remedy: 'Send its frames first, or begin another one if it failed.',
    message:
      'The challenge is failed, not passed. Send its frames to POST /api/challenges/0d6c1f0e/frames first, or begin another one.'
  },
  challenge_expired: {
    cause:
      'The frames came more than 2 minutes after the challenge began, or the verification more than `CHALLENGE_MINUTES` after it was passed.',
    remedy: 'Begin another challenge.',
    message: 'The challenge expired at 2026-05-04T09:34:40.000Z. Begin another one with POST /api/challenges.'
  },
  frame_sizes_differ: {
    cause: 'The frames of a challenge have different sizes, so that they are not those of one camera.',
    remedy: 'Send the pictures of one camera as they are, without cropping or scaling some of them.',
    message:
      'All frames must have one size, as one camera takes them; photo 1 has 640 x 480 pixels, photo 3 has 320 x 240. Send the pictures of one camera unchanged.'
  },
  challenges_unavailable: {
    cause: 'The active face detector finds five points of a face; a challenge needs 68.',
    remedy:
      'Use a pack with a landmark model, such as `starter`, or go on without challenges (`LIVENESS_MODE=passive`).',
    message:
      'Challenges need a model that finds 68 face landmarks, and the active face detector finds five points only. Use the pack starter, or LIVENESS_MODE=passive.'
  }
} satisfies Record<string, ErrorGuide>
