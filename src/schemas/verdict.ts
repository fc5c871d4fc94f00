import { type Static, Type } from '@sinclair/typebox'
import { LivenessZoneSchema } from '../models/manifest.ts'
import { BoxSchema, Timestamp, Username } from './common.ts'
import { ReviewStateSchema } from './review-state.ts'
import { PhotoFile } from './upload.ts'

/** Every reason for which a check fails, in reporting order. */
export const failureReasons = [
  'no_face',
  'face_too_small',
  'face_unclear',
  'face_mismatch',
  'not_live',
  'liveness_uncertain',
  'challenge_required',
  'task_not_shown',
  'task_not_by_subject',
  'recycled_photo'
] as const

export type FailureReason = typeof failureReasons[number]

export const VerifyFormSchema = Type.Object({
  username: Username,
  task: Type.String({ minLength: 1, maxLength: 256, description: 'name or alias of a task' }),
  challenge: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 64,
      description: 'id of a challenge that this user passed; an approved proof uses it up'
    })
  ),
  webhook: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 2000,
      description:
        'address that the outcome is posted to, signed as in Standard Webhooks; only with `Prefer: respond-async`, and only an origin that the operator listed in `WEBHOOK_ORIGINS`'
    })
  ),
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
  faces: Type.Array(
    Type.Object({
      box: BoxSchema,
      score: Type.Number({ description: 'confidence of the detector' }),
      quality: Type.Union([Type.Number(), Type.Null()], {
        description:
          'probability that the face can be recognised, 0..1; null for a face beyond `MAX_FACES` and for an embedder that was never calibrated'
      }),
      similarity: Type.Union([Type.Number(), Type.Null()], {
        description: 'null for a face that cannot be recognised'
      }),
      subject: Type.Boolean({ description: 'true for the face that the verdict is about' })
    }),
    { description: 'every face of the photo, largest first' }
  )
})

export const LivenessOutcomeSchema = Type.Object({
  ...outcome,
  outcome: Type.Union(
    ['passed', 'failed', 'uncertain', 'skipped'].map(outcome =>
      Type.Literal(outcome as 'passed' | 'failed' | 'uncertain' | 'skipped')
    ),
    { description: '`uncertain`: the photo alone does not decide, so that the proof is not approved by itself' }
  ),
  uncertain: Type.Optional(
    Type.Object(
      { ...LivenessZoneSchema.properties },
      { description: 'scores from `low` on and below `high` are uncertain; absent: `threshold` decides them all' }
    )
  ),
  models: Type.Array(Type.Object({ id: Type.String(), score: Type.Number() }))
})

export const TaskOutcomeSchema = Type.Object({
  ...outcome,
  rule: Type.Optional(Type.String({ description: 'the rule that proved the task' })),
  scene: Type.Optional(
    Type.Object(
      {
        name: Type.String(),
        score: Type.Number({
          minimum: 0,
          maximum: 1,
          description:
            'how much the photo looks like the example photos: the probability that it shows the task, if as many photos show it as do not'
        }),
        threshold: Type.Number({ description: 'least score that proves the task' })
      },
      { description: 'for a rule that was taught by example photos' }
    )
  ),
  demonstration: Type.Optional(
    Type.Boolean({ description: 'true when a rule proved the task that only shows the idea and proves little' })
  ),
  detections: Type.Array(DetectionSchema)
})

export const OriginalityOutcomeSchema = Type.Object({
  ...outcome,
  match: Type.Optional(
    Type.Object(
      {
        kind: Type.Union([Type.Literal('proof'), Type.Literal('shot')], {
          description: 'an approved proof, or an enrolment photo'
        }),
        own: Type.Boolean({ description: 'true for a photo of the same user' }),
        verification: Type.Optional(
          Type.String({ description: 'id of the verification that it proved, for a photo of the same user' })
        )
      },
      { description: 'the earlier photo of the same picture' }
    )
  )
})

export const ChecksSchema = Type.Object({
  face: FaceOutcomeSchema,
  liveness: LivenessOutcomeSchema,
  task: TaskOutcomeSchema,
  originality: OriginalityOutcomeSchema
})

const verdict = {
  id: Type.String(),
  user: Type.String(),
  task: Type.String({ description: 'name of the task, also when an alias was sent' }),
  similarity: Type.Union([Type.Number(), Type.Null()]),
  liveness_score: Type.Union([Type.Number(), Type.Null()]),
  timestamp: Timestamp,
  reasons: Type.Array(Type.Union(failureReasons.map(reason => Type.Literal(reason)))),
  checks: ChecksSchema,
  photo: Type.Object(
    {
      width: Type.Integer(),
      height: Type.Integer(),
      turned: Type.Integer({
        description:
          'degrees clockwise by which the photo was turned so that its face stands upright, beyond what the file says: 0, 90, 180 or 270'
      })
    },
    { description: 'size of the upright photo, pixels' }
  ),
  next: Type.Optional(
    Type.Literal('challenge', {
      description: 'what would decide: begin a challenge, and send the proof again with its id'
    })
  ),
  review: Type.Optional(ReviewStateSchema),
  repeat_of: Type.Optional(
    Type.String({
      description:
        'id of the first verification of this user with the very same photo: a retry, or one photo for several claims'
    })
  )
}

export const ApprovedSchema = Type.Object({ status: Type.Literal('approved'), ...verdict })
export const RejectedSchema = Type.Object({
  status: Type.Literal('rejected'),
  reason: Type.Union(
    [
      'No face detected',
      'Face not recognisable',
      'Face mismatch',
      'Liveness failed',
      'Liveness uncertain',
      'Task not verified',
      'Photo used before'
    ].map(reason => Type.Literal(reason))
  ),
  ...verdict
})

const example = {
  id: '7f0c2c3e-58a5-4d65-9a50-3f4f3f0b6a11',
  user: 'anna',
  task: 'waste',
  timestamp: '2026-05-04T09:32:40.000Z',
  photo: { width: 1920, height: 1350, turned: 0 }
}
const taskPassed = {
  outcome: 'passed',
  score: 0.86,
  threshold: 0.7,
  rule: 'waste-scene',
  scene: { name: 'waste', score: 0.86, threshold: 0.7 },
  message: 'The photo shows waste collection (a person who collects waste, by example photos): 0.86, needed 0.70.',
  detections: [
    { label: 'person', score: 0.93, box: [900, 150, 1500, 1340], matched: true },
    { label: 'cup', score: 0.8, box: [1120, 700, 1220, 830], matched: false }
  ]
}
const livenessPassed = {
  outcome: 'passed',
  score: 0.99,
  threshold: 0.7,
  uncertain: { low: 0.003, high: 0.7 },
  message: 'The face looks live: 0.99, needed 0.70.',
  models: [{ id: 'fr_liveness', score: 0.99 }]
}

const originalityPassed = { outcome: 'passed', score: null, threshold: null, message: 'The photo was not used before.' }

export const VerifyAnswerSchema = Type.Union([ApprovedSchema, RejectedSchema], {
  examples: [{
    status: 'approved',
    ...example,
    similarity: 0.72,
    liveness_score: 0.99,
    reasons: [],
    checks: {
      face: {
        outcome: 'passed',
        score: 0.72,
        threshold: 0.4,
        message: 'The face matches the enrolled user: similarity 0.72, needed 0.40.',
        box: [1077, 193, 1295, 506],
        faces: [{ box: [1077, 193, 1295, 506], score: 0.99, quality: 0.98, similarity: 0.72, subject: true }]
      },
      liveness: livenessPassed,
      task: taskPassed,
      originality: originalityPassed
    }
  }, {
    status: 'rejected',
    reason: 'Face mismatch',
    ...example,
    similarity: 0.13,
    liveness_score: 0.99,
    reasons: ['face_mismatch'],
    checks: {
      face: {
        outcome: 'failed',
        score: 0.13,
        threshold: 0.4,
        reason: 'face_mismatch',
        message: 'The face does not match the enrolled user: similarity 0.13, needed 0.40.',
        box: [1077, 193, 1295, 506],
        faces: [{ box: [1077, 193, 1295, 506], score: 0.99, quality: 0.98, similarity: 0.13, subject: true }]
      },
      liveness: livenessPassed,
      task: taskPassed,
      originality: originalityPassed
    }
  }]
})

export type OriginalityOutcome = Static<typeof OriginalityOutcomeSchema>
export type Checks = Static<typeof ChecksSchema>
export type FaceOutcome = Static<typeof FaceOutcomeSchema>
export type LivenessOutcome = Static<typeof LivenessOutcomeSchema>
export type TaskOutcome = Static<typeof TaskOutcomeSchema>
export type VerifyAnswer = Static<typeof VerifyAnswerSchema>
