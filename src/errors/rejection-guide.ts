/**
 * What it means that a photo or a proof was turned down, and what to do: the source of docs/errors.md, as
 * error-guide.ts is.
 */
import type { PhotoRejectionCode } from '../schemas/signup.ts'
import type { FailureReason } from '../schemas/verdict.ts'
import type { Guide } from './guide/entry.ts'

/** Why an enrolment photo is turned down: `rejected[].code` of a signup. */
export const rejectionGuide: Record<PhotoRejectionCode, Guide> = {
  no_face: {
    cause: 'No face was found.',
    remedy: 'Look into the camera, with the face uncovered and lit from the front.'
  },
  multiple_faces: {
    cause: 'Several faces of similar size are in the photo, and more than one of them could be enrolled.',
    remedy: 'Take the photo alone, or move closer so that your face is clearly the largest.'
  },
  face_too_small: {
    cause: 'The face has fewer than 56 pixels on its shorter side.',
    remedy: 'Move closer or use a higher resolution.'
  },
  too_blurry: {
    cause: 'The face is out of focus or moved.',
    remedy: 'Hold the camera still, wipe the lens, add light.'
  },
  too_dark: { cause: 'The face is underexposed.', remedy: 'Turn towards the light; avoid a window behind you.' },
  too_bright: { cause: 'The face is overexposed.', remedy: 'Avoid direct sun and flash.' },
  extreme_pose: {
    cause: 'The face is turned too far away from the camera.',
    remedy: 'Look into the camera; a slight turn is fine and even helps.'
  },
  face_cut_off: { cause: 'Part of the face is outside the photo.', remedy: 'Move so that the whole face is visible.' },
  face_unclear: {
    cause:
      'The face cannot be distinguished from others: tipped, half, covered, blurred or in profile. Such faces match strangers.',
    remedy:
      'Take the photo upright and from the front, with the whole face in the picture, without mask, hand or sunglasses.'
  },
  not_live: {
    cause: 'The face looks like a print, a screen or a mask (only with `ENROL_LIVENESS=true`).',
    remedy: 'Take the photo directly with the camera, not of another picture.'
  },
  not_same_person: {
    cause: 'The face does not match the other photos or the enrolled user.',
    remedy: 'Send photos of one person only.'
  },
  duplicate: {
    cause: 'The same file was sent twice, or is already stored for this user. This is not an error.',
    remedy: 'Send another photo to improve the template.'
  },
  unreadable: { cause: 'The file is empty, cut off or damaged.', remedy: 'Send it again or take a new photo.' },
  unsupported_type: { cause: 'The file is not a JPEG, PNG or WebP.', remedy: 'Convert the photo.' },
  too_many_pixels: { cause: 'The photo has more pixels than `MAX_PHOTO_MEGAPIXELS`.', remedy: 'Scale it down.' }
}

/** Why a proof is rejected: `reasons` and `checks.*.reason` of a verdict. */
export const failureGuide: Record<FailureReason, Guide> = {
  recycled_photo: {
    cause:
      'The photo shows the same picture as an earlier approved proof or as an enrolment photo, perhaps cropped, mirrored, saved again or with bars around it.',
    remedy: "Take a new photo. `checks.originality.match` names the earlier verification when it is the user's own."
  },
  no_face: {
    cause: 'No face was found in the proof.',
    remedy: 'Take the photo so that the face is visible, uncovered and lit from the front.'
  },
  face_too_small: {
    cause: 'The matching face is smaller than 24 pixels.',
    remedy: 'Take the photo from closer or with a higher resolution.'
  },
  face_unclear: {
    cause:
      'No face of the photo can be recognised: they are tipped, half, covered, blurred or in profile. None was compared, and `checks.face.faces[].quality` lies below the threshold of the embedder. A photo that lies on its side is turned first (`photo.turned`).',
    remedy: 'Take the photo upright and from the front, sharp and well lit, with the whole face uncovered.'
  },
  face_mismatch: {
    cause: 'No face of the photo reaches the similarity that `checks.face.threshold` demands.',
    remedy:
      'Check that the right user is named. If it is the right person, add enrolment photos with other light and angle (see [troubleshooting](troubleshooting.md#low-similarity)).'
  },
  not_live: {
    cause: 'The face looks like a print, a screen or a mask.',
    remedy:
      'Take the photo directly with the camera. If it fails for everybody, see [troubleshooting](troubleshooting.md#liveness-always-fails).'
  },
  liveness_uncertain: {
    cause:
      'The photo alone does not show whether the person is live (`checks.liveness.uncertain` has the range of such scores). The answer has `next: "challenge"` where a challenge can decide.',
    remedy:
      'Let the person pass a challenge and send the proof again with its id, or take another photo with more light and more room around the face. See [liveness](liveness.md).'
  },
  challenge_required: {
    cause:
      'The service demands a passed challenge with every verification (`LIVENESS_MODE=challenge`), and the form names none.',
    remedy: 'Begin a challenge, let the person do it, and send its id in the field `challenge`.'
  },
  task_not_shown: {
    cause: 'The objects that prove the task were not detected.',
    remedy:
      'Show the object whole and large enough. `checks.task.detections` lists what was seen; see [troubleshooting](troubleshooting.md#the-object-detector-finds-nothing).'
  },
  task_not_by_subject: {
    cause: 'The task is shown, but not by the person whose face was compared.',
    remedy: 'Show yourself doing the task: your face and the object in one photo.'
  }
}
