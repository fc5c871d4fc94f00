/** The same answer, pass or fail only: no number in it shows how near a photo came. */
import { withoutScores as withoutChallengeScores } from '../challenge/without-scores.ts'
import type { ChallengeChecks } from '../schemas/challenges.ts'
import type { Checks, VerifyAnswer } from '../schemas/verdict.ts'

const sentences: Record<string, string> = {
  passed: 'The check passed.',
  disabled: 'The check is switched off.',
  no_face: 'No face was found in the photo. Take it from closer, with the face uncovered and lit from the front.',
  face_too_small: 'The face is too small. Take the photo from closer or with a higher resolution.',
  face_unclear:
    'The face cannot be recognised. Take the photo upright, from the front, sharp, with the whole face uncovered and well lit.',
  face_mismatch: 'The face does not match the enrolled user.',
  not_live:
    'The face looks like a print, a screen or a mask. Take the photo directly with the camera, not of another picture.',
  liveness_uncertain:
    'The photo alone does not show whether the person is live. Pass a challenge, or take another photo with more light and more room around the face.',
  challenge_required: 'Every verification needs a passed challenge. Begin one, and send its id in the field challenge.',
  task_not_shown: 'The photo does not show the task.',
  task_not_by_subject: 'The task is shown, but not by the person whose face was compared.',
  recycled_photo: 'The photo was used before. Take a new one.'
}

export function withoutScores (answer: VerifyAnswer): VerifyAnswer {
  return { ...answer, similarity: null, liveness_score: null, checks: plain(answer.checks) }
}

/** Any answer that was kept: without scores when it is a verdict or a judged challenge, else as it is. */
export function keptWithoutScores<T> (answer: T): T {
  const { checks } = Object(answer) as { checks?: object | null }
  if (checks === undefined || checks === null) return answer
  if ('parallax' in checks) return { ...answer, checks: withoutChallengeScores(checks as ChallengeChecks) }
  return withoutScores(answer as unknown as VerifyAnswer) as T
}

/** Boxes go too: which face came nearest, or which detection counted, is a hint as well. */
function plain ({ face, liveness, task, originality }: Checks): Checks {
  return {
    face: { ...bare(face), faces: [] },
    liveness: { ...bare(liveness), models: [] },
    task: { ...bare(task), detections: [] },
    originality: bare(originality)
  }
}

function bare<Outcome extends string> ({ outcome, reason }: { outcome: Outcome, reason?: string }) {
  return {
    outcome,
    score: null,
    threshold: null,
    ...(reason !== undefined && { reason }),
    message: sentences[outcome === 'passed' ? 'passed' : reason ?? ''] ?? 'The check did not pass.'
  }
}
