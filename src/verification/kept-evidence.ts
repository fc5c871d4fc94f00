/** What of a verdict is kept with its record: some hundred bytes, enough to draw it over a kept photo again. */
import type { VerifyAnswer } from '../schemas/verdict.ts'
import type { KeptEvidence } from '../storage/subjects/verifications.ts'

export function keptEvidence ({ checks: { face, task }, photo }: Pick<VerifyAnswer, 'checks' | 'photo'>): KeptEvidence {
  const judged = face.faces.find(({ subject }) => subject)
  const whole = (box: readonly number[]) => box.map(Math.round) as [number, number, number, number]
  return {
    photo,
    face: judged === undefined
      ? null
      : { box: whole(judged.box), outcome: face.outcome, similarity: judged.similarity },
    detections: task.detections
      .filter(({ matched }) => matched)
      .map(({ label, score, box }) => ({ label, score, box: whole(box) })),
    ...(task.scene !== undefined && { scene: task.scene })
  }
}
