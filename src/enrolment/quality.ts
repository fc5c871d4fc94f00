/** When an enrolment photo is good enough. The limits are for a template that must serve for months. */
import type { Face } from '../../workers/types.ts'
import { isRecognisable } from '../inference/find-faces.ts'
import type { PhotoRejectionCode } from '../schemas/signup.ts'
import { boxArea } from '../verification/box-area.ts'

export interface Rejection {
  code: PhotoRejectionCode
  message: string
}

/*
 * The figures behind the limits come from `npm run evaluate`: the faces of 1,549 LFW photos (press photos of 250
 * pixels) with the starter models, and the 90 accepted portraits of 24 people, spoilt on purpose.
 */

/** Shorter side of the face box, pixels. The embedder's input has 112; half of that is the least that keeps detail. */
const MIN_SIZE_PX = 56
/**
 * Of a face: ordinary ones have 0.01 to 0.2 (1 % and 99 %), blurred by a face width / 30 at most 0.0095, by / 20 at
 * most 0.0035.
 */
const MIN_SHARPNESS = 0.0085
/** Mean grey level of the crop, 0..255. Ordinary faces have 47 to 183. */
const BRIGHTNESS = { min: 40, max: 200 }
/**
 * Degrees away from looking into the camera. Ordinary faces stay within 39, 48 and 13 (99 %); pitch is the roughest
 * estimate.
 */
const MAX_ANGLE = { yaw: 50, pitch: 55, roll: 60 }
/**
 * Share of the face inside the frame. Ordinary faces have 1, a selfie that fills the frame 0.83, one without a third
 * 0.78 (median).
 */
const MIN_INSIDE = 0.8
/** The largest face is taken when its area is at least this many times the next one's. */
export const DOMINANCE = 3

/**
 * Faces of an enrolment photo that get an embedding: that of the user, and those beside it that could be meant as well.
 */
export const ENROLMENT_FACES = 3

/**
 * Finds the one face that an enrolment photo is about. A second face is ignored when it could not be enrolled itself:
 * most of the large second faces in press photos are cut off by the rim, in profile or blurred.
 * @param faces sorted by area, the largest first
 * @param leastQuality of a face that can be recognised, 0..1
 */
export function enrolmentFace (
  faces: readonly Face[],
  leastQuality: number
): { face: Face } | { rejection: Rejection } {
  const [largest, ...others] = faces
  if (largest === undefined) {
    return reject('no_face', 'No face was found. Look into the camera, in good light, with the face uncovered.')
  }
  const rivals = others.filter(
    face =>
      boxArea(largest.box) < DOMINANCE * boxArea(face.box) &&
      (face.embedding === null || qualityProblem(face, leastQuality) === null)
  )
  if (rivals.length > 0) {
    return reject(
      'multiple_faces',
      `${faces.length} faces were found and none clearly dominates. Take the photo alone or move closer.`
    )
  }
  return { face: largest }
}

/**
 * The first quality rule that the face breaks; null when it is good enough.
 * @param leastQuality of a face that can be recognised, 0..1
 */
export function qualityProblem (face: Face, leastQuality: number): Rejection | null {
  const found = viewProblem(face)
  if (found !== null) return found
  // Last: a problem with a more exact name is reported by that name.
  if (!isRecognisable(face, leastQuality)) {
    return problem(
      'face_unclear',
      'The face cannot be recognised. Take the photo upright and from the front, with the whole face in the picture, without mask, hand or sunglasses.'
    )
  }
  return null
}

/** The first rule that the view of the face breaks, without an embedding; null when it is good enough. */
export function viewProblem ({ quality }: Pick<Face, 'quality'>): Rejection | null {
  const { size, sharpness, brightness, yaw, pitch, roll, inside } = quality
  if (inside < MIN_INSIDE) {
    return problem(
      'face_cut_off',
      `Only ${Math.round(inside * 100)} % of the face is inside the photo. Move so that the whole face is visible.`
    )
  }
  if (size < MIN_SIZE_PX) {
    return problem(
      'face_too_small',
      `The face is ${Math.round(size)} pixels wide; at least ${MIN_SIZE_PX} are needed. Move closer.`
    )
  }
  if (brightness < BRIGHTNESS.min) return problem('too_dark', 'The face is too dark. Turn towards the light.')
  if (brightness > BRIGHTNESS.max) {
    return problem('too_bright', 'The face is overexposed. Avoid direct light and flash.')
  }
  if (sharpness < MIN_SHARPNESS) {
    return problem('too_blurry', 'The face is blurred. Hold the camera still and wipe the lens.')
  }
  if (Math.abs(yaw) > MAX_ANGLE.yaw || Math.abs(pitch) > MAX_ANGLE.pitch || Math.abs(roll) > MAX_ANGLE.roll) {
    return problem('extreme_pose', 'The face is turned too far away. Look into the camera.')
  }
  return null
}

function problem (code: PhotoRejectionCode, message: string): Rejection {
  return { code, message }
}

function reject (code: PhotoRejectionCode, message: string): { rejection: Rejection } {
  return { rejection: { code, message } }
}
