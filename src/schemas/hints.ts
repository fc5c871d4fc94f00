import { type Static, Type } from '@sinclair/typebox'
import { PoseAnswerSchema, PoseFormSchema, poseHints } from './challenges.ts'

/** What a person can change so that a photo is good enough to enrol: of the pose, and of the view of the face. */
export const captureHints = [
  ...poseHints,
  'face_cut_off',
  'face_too_small',
  'too_dark',
  'too_bright',
  'too_blurry',
  'extreme_pose'
] as const

export const HintAnswerSchema = Type.Object(
  {
    hint: Type.Union(
      captureHints.map(hint => Type.Literal(hint)),
      { description: 'what to do next towards `step`; `hold`: a photo taken now is good enough' }
    ),
    ...Type.Omit(PoseAnswerSchema, ['pose', 'hint']).properties
  },
  {
    examples: [
      { hint: 'too_dark', yaw: 2.4, pitch: 3.1, box: [210, 110, 420, 390], photo: { width: 640, height: 480 } }
    ]
  }
)

export const HintFormSchema = PoseFormSchema

export type HintAnswer = Static<typeof HintAnswerSchema>
export type CaptureHint = typeof captureHints[number]
