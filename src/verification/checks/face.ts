import type { FaceOutcome } from '../../schemas/verdict.ts'
import { type Evidence, MIN_FACE_PX } from '../evidence.ts'

/** Is it this user? The subject's similarity to the template reaches the threshold. */
export function checkFace (evidence: Evidence, threshold: number): FaceOutcome {
  const faces = evidence.faces.map(({ box, score, quality }, index) => ({
    box,
    score,
    quality: quality.score,
    similarity: evidence.similarities[index] ?? null,
    subject: index === evidence.subject
  }))
  const subject = evidence.subject === null ? undefined : evidence.faces[evidence.subject]
  if (subject === undefined) {
    return {
      outcome: 'failed',
      score: null,
      threshold,
      reason: 'no_face',
      message: 'No face was found in the photo. Take it from closer, with the face uncovered and lit from the front.',
      faces
    }
  }
  const score = evidence.similarities[evidence.subject!] ?? null
  const known = { score, threshold, box: subject.box, faces }
  if (score === null && subject.quality.size >= MIN_FACE_PX) {
    return {
      ...known,
      outcome: 'failed',
      reason: 'face_unclear',
      message:
        'The face cannot be recognised. Take the photo upright and from the front, with the whole face in the picture, sharp, well lit, and without mask, hand or sunglasses.'
    }
  }
  if (score === null) {
    return {
      ...known,
      outcome: 'failed',
      reason: 'face_too_small',
      message: `The face is ${Math.round(subject.quality.size)} pixels wide; at least ${MIN_FACE_PX} are needed. Take the photo from closer or with a higher resolution.`
    }
  }
  if (score < threshold) {
    const others = faces.length > 1 ? `None of the ${faces.length} faces matches` : 'The face does not match'
    return {
      ...known,
      outcome: 'failed',
      reason: 'face_mismatch',
      message: `${others} the enrolled user: similarity ${score.toFixed(2)}, needed ${threshold.toFixed(2)}.`
    }
  }
  return {
    ...known,
    outcome: 'passed',
    message: `The face matches the enrolled user: similarity ${score.toFixed(2)}, needed ${threshold.toFixed(2)}.`
  }
}
