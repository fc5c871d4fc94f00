import { type Static, Type } from '@sinclair/typebox'
import { BoxSchema, Timestamp, Username } from './common.ts'
import { PhotoFile } from './upload.ts'

/** Every reason for which a check fails, in reporting order. */
export const failureReasons = [
  'no_face', 'face_too_small', 'face_mismatch', 'not_live', 'task_not_shown', 'task_not_by_subject'
] as const

export type FailureReason = typeof failureReasons[number]

export const VerifyFormSchema = Type.Object({
  username: Username,
  task: Type.String({ minLength: 1, maxLength: 256, description: 'name or alias of a task' }),
  file: PhotoFile
})

const outcome = {
  outcome: Type.Union([Type.Literal('passed'), Type.Literal('failed'), Type.Literal('skipped')]),
  score: Type.Union([Type.Number(), Type.Null()]),
  threshold: Type.Union([Type.Number(), Type.Null()]),
  reason: Type.Optional(Type.String({ description: 'machine code of a failure, or why the check was skipped' })),
  message: Type.String({ description: 'the outcome in words' })
}

export const DetectionSchema = Type.Object({
  label: Type.String(),
  score: Type.Number(),
  box: BoxSchema,
  matched: Type.Boolean({ description: 'true when the detection took part in proving the task' })
})

export const FaceOutcomeSchema = Type.Object({
  ...outcome,
  box: Type.Optional(BoxSchema),
  faces: Type.Array(Type.Object({
    box: BoxSchema,
    score: Type.Number({ description: 'confidence of the detector' }),
    similarity: Type.Union([Type.Number(), Type.Null()]),
    subject: Type.Boolean({ description: 'true for the face that the verdict is about' })
  }), { description: 'every face of the photo, largest first' })
})

export const LivenessOutcomeSchema = Type.Object({
  ...outcome,
  models: Type.Array(Type.Object({ id: Type.String(), score: Type.Number() }))
})

export const TaskOutcomeSchema = Type.Object({
  ...outcome,
  rule: Type.Optional(Type.String({ description: 'the rule that proved the task' })),
  detections: Type.Array(DetectionSchema)
})

export const ChecksSchema = Type.Object({ face: FaceOutcomeSchema, liveness: LivenessOutcomeSchema, task: TaskOutcomeSchema })

const verdict = {
  id: Type.String(),
  user: Type.String(),
  task: Type.String({ description: 'name of the task, also when an alias was sent' }),
  similarity: Type.Union([Type.Number(), Type.Null()]),
  liveness_score: Type.Union([Type.Number(), Type.Null()]),
  timestamp: Timestamp,
  reasons: Type.Array(Type.Union(failureReasons.map(reason => Type.Literal(reason)))),
  checks: ChecksSchema,
  photo: Type.Object({ width: Type.Integer(), height: Type.Integer() }, { description: 'size of the upright photo, pixels' })
}

export const ApprovedSchema = Type.Object({ status: Type.Literal('approved'), ...verdict })
export const RejectedSchema = Type.Object({
  status: Type.Literal('rejected'),
  reason: Type.Union(['No face detected', 'Face mismatch', 'Liveness failed', 'Task not verified'].map(reason => Type.Literal(reason))),
  ...verdict
})
export const VerifyAnswerSchema = Type.Union([ApprovedSchema, RejectedSchema])

export type Checks = Static<typeof ChecksSchema>
export type FaceOutcome = Static<typeof FaceOutcomeSchema>
export type LivenessOutcome = Static<typeof LivenessOutcomeSchema>
export type TaskOutcome = Static<typeof TaskOutcomeSchema>
export type VerifyAnswer = Static<typeof VerifyAnswerSchema>
