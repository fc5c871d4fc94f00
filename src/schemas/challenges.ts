import { type Static, Type } from '@sinclair/typebox'
import { BoxSchema, Timestamp, Username } from './common.ts'
import { PhotoFile } from './upload.ts'

/** Every reason for which a challenge fails, in reporting order. */
export const challengeReasons = [
  'no_face',
  'pose_missed',
  'several_faces',
  'face_mismatch',
  'flat_face',
  'not_live',
  'frames_repeated',
  'scene_changed'
] as const

export type ChallengeReason = typeof challengeReasons[number]

/** What a person can change so that the pose is seen. */
export const poseHints = [
  'no_face',
  'several_faces',
  'closer',
  'farther',
  'centre_face',
  'turn_left',
  'turn_right',
  'look_up',
  'look_down',
  'look_straight',
  'turn_less',
  'hold'
] as const

export const MIN_FRAMES = 4
export const MAX_FRAMES = 20

const Pose = Type.Union(
  [Type.Literal('left'), Type.Literal('right'), Type.Literal('up'), Type.Literal('down'), Type.Literal('centre')],
  {
    description: "left and right are the person's own: left is the right side of a picture that is not mirrored"
  }
)

export const BeginChallengeSchema = Type.Object({ username: Username })

export const ChallengeParamsSchema = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) })

export const FramesFormSchema = Type.Object({
  frames: Type.Array(PhotoFile, {
    minItems: 1,
    maxItems: MAX_FRAMES,
    description: `${MIN_FRAMES} to ${MAX_FRAMES} photos of one size, in order of time`
  })
})

export const PoseFormSchema = Type.Object({
  frame: PhotoFile,
  step: Type.Optional(Pose),
  neutral: Type.Optional(
    Type.Number({
      minimum: -90,
      maximum: 90,
      description: '`pitch` of an earlier answer in which the head looked straight; up and down are measured against it'
    })
  )
})

export const ChallengeCheckSchema = Type.Object({
  outcome: Type.Union([Type.Literal('passed'), Type.Literal('failed'), Type.Literal('skipped')]),
  score: Type.Union([Type.Number(), Type.Null()]),
  threshold: Type.Union([Type.Number(), Type.Null()]),
  reason: Type.Optional(Type.String({ description: 'machine code of a failure' })),
  message: Type.String({ description: 'the outcome in words' })
})

export const ChallengeChecksSchema = Type.Object(
  {
    poses: ChallengeCheckSchema,
    identity: ChallengeCheckSchema,
    parallax: ChallengeCheckSchema,
    liveness: ChallengeCheckSchema,
    continuity: ChallengeCheckSchema
  },
  {
    description:
      'poses: steps shown in their order; identity: least similarity to the user; parallax: 0..1, what a flat picture does not show; liveness: median of the passive scores; continuity: least likeness of the scene, 0..1'
  }
)

const passedCheck = { outcome: 'passed', score: 4, threshold: 4, message: 'All 4 poses were shown in the order asked.' }
const exampleChecks = {
  poses: passedCheck,
  identity: { outcome: 'passed', score: 0.58, threshold: 0.41, message: 'All frames show the claimed user.' },
  parallax: {
    outcome: 'passed',
    score: 0.34,
    threshold: 0.22,
    message: 'Nose, eyes and outline move against each other as those of a head do.'
  },
  liveness: {
    outcome: 'passed',
    score: 0.62,
    threshold: 0.02,
    message: 'The frames look like those of a live person.'
  },
  continuity: { outcome: 'passed', score: 0.88, threshold: 0.6, message: 'All frames come from one place.' }
}
const exampleId = '0d6c1f0e-3b52-4f7e-9d7f-5a0f6f1f1c11'

const begun = {
  id: Type.String(),
  user: Type.String(),
  steps: Type.Array(Type.Object({ pose: Pose }), { description: 'poses to show, in this order' }),
  expires: Timestamp
}

export const BegunChallengeSchema = Type.Object(begun, {
  examples: [
    {
      id: exampleId,
      user: 'anna',
      steps: [{ pose: 'right' }, { pose: 'centre' }, { pose: 'up' }, { pose: 'left' }],
      expires: '2026-05-04T09:34:40.000Z'
    }
  ]
})

const reasons = Type.Array(Type.Union(challengeReasons.map(reason => Type.Literal(reason))))

export const JudgedChallengeSchema = Type.Object(
  {
    id: Type.String(),
    user: Type.String(),
    status: Type.Union([Type.Literal('passed'), Type.Literal('failed')]),
    reasons,
    checks: ChallengeChecksSchema,
    expires: Type.Union([Timestamp, Type.Null()], {
      description: 'until when a passed challenge counts for a verification'
    })
  },
  {
    examples: [
      {
        id: exampleId,
        user: 'anna',
        status: 'passed',
        reasons: [],
        checks: exampleChecks,
        expires: '2026-05-04T09:44:40.000Z'
      }
    ]
  }
)

export const ChallengeStateSchema = Type.Object(
  {
    ...begun,
    status: Type.Union(
      ['pending', 'judging', 'passed', 'failed', 'used', 'expired'].map(status => Type.Literal(status))
    ),
    reasons: Type.Optional(reasons),
    checks: Type.Optional(ChallengeChecksSchema)
  },
  {
    examples: [
      {
        id: exampleId,
        user: 'anna',
        steps: [{ pose: 'right' }, { pose: 'centre' }, { pose: 'up' }, { pose: 'left' }],
        expires: '2026-05-04T09:34:40.000Z',
        status: 'pending'
      }
    ]
  }
)

export const PoseAnswerSchema = Type.Object(
  {
    pose: Type.Union([Pose, Type.Null()], {
      description: 'what the head shows; null: none of the poses, or no single face'
    }),
    hint: Type.Union(
      poseHints.map(hint => Type.Literal(hint)),
      { description: 'what to do next towards `step`; `hold`: it is shown' }
    ),
    yaw: Type.Union([Type.Number(), Type.Null()], { description: "degrees; grows towards the person's left" }),
    pitch: Type.Union([Type.Number(), Type.Null()], { description: 'degrees; grows as the head goes down' }),
    box: Type.Union([BoxSchema, Type.Null()]),
    photo: Type.Object({ width: Type.Integer(), height: Type.Integer() })
  },
  {
    examples: [
      {
        pose: 'left',
        hint: 'hold',
        yaw: 22.4,
        pitch: 3.1,
        box: [210, 110, 420, 390],
        photo: { width: 640, height: 480 }
      }
    ]
  }
)

export type ChallengeCheck = Static<typeof ChallengeCheckSchema>
export type ChallengeChecks = Static<typeof ChallengeChecksSchema>
export type BegunChallenge = Static<typeof BegunChallengeSchema>
export type JudgedChallenge = Static<typeof JudgedChallengeSchema>
export type ChallengeState = Static<typeof ChallengeStateSchema>
export type PoseAnswer = Static<typeof PoseAnswerSchema>
export type PoseHint = typeof poseHints[number]
