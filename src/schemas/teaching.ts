import { Type } from '@sinclair/typebox'
import { PhotoFile } from './upload.ts'

const Class = Type.Union([Type.Literal('yes'), Type.Literal('no'), Type.Literal('near')], {
  description: 'what the photos show: the task, something else, or nearly the task'
})
const Rate = Type.Object({ rate: Type.Number(), low: Type.Number(), high: Type.Number(), photos: Type.Integer() })
const NullableText = Type.Union([Type.String(), Type.Null()])

export const LessonSchema = Type.Object({
  state: Type.Union(['collecting', 'teaching', 'taught', 'failed'].map(state =>
    Type.Literal(state as 'collecting' | 'teaching' | 'taught' | 'failed'))),
  photos: Type.Object({ yes: Type.Integer(), no: Type.Integer(), near: Type.Integer() }),
  missing: Type.Union([Type.String(), Type.Null()], { description: 'what is missing before it can begin' }),
  task: NullableText,
  progress: Type.Number({ minimum: 0, maximum: 1 }),
  problem: NullableText,
  result: Type.Union([
    Type.Object({
      scene: Type.String(),
      figures: Type.Object({
        auc: Type.Number(), proven: Rate, false: Rate, near: Type.Union([Rate, Type.Null()])
      }, { description: 'cross-validated by origin, each with its 95 % confidence interval' }),
      threshold: Type.Number(),
      taught: Type.Object({
        yes: Type.Integer(), no: Type.Integer(), near: Type.Integer(), refused: Type.Integer(), origins: Type.Integer()
      }),
      worst: Type.Array(
        Type.Object({ id: Type.Integer(), name: Type.String(), class: Class, score: Type.Number() }),
        { description: 'photos on the wrong side of the threshold, the worst first' }
      ),
      refused: Type.Array(Type.Object({ name: Type.String(), reason: Type.String() }))
    }),
    Type.Null()
  ])
}, {
  examples: [{
    state: 'collecting',
    photos: { yes: 12, no: 30, near: 0 },
    missing: null,
    task: null,
    progress: 0,
    problem: null,
    result: null
  }]
})

export const LessonPhotosSchema = Type.Object({
  class: Class,
  origin: Type.Optional(Type.String({
    maxLength: 256, description: 'camera or occasion of all these photos; left out, each is one by itself'
  })),
  photos: Type.Array(PhotoFile, { minItems: 1, maxItems: 20 })
})

export const BeginSchema = Type.Object(
  { task: Type.String({ minLength: 1, maxLength: 256, description: 'name of the task' }) },
  { additionalProperties: false }
)

export const LessonPhotoParamsSchema = Type.Object({ id: Type.Integer({ minimum: 0, maximum: 100_000 }) })

export const KeptLessonSchema = Type.Object({
  task: Type.String(),
  scene: Type.String(),
  rule: Type.Optional(Type.String({ description: 'a rule that the task still needs in the tasks file' })),
  restart: Type.Literal(true, { description: 'the service uses the scene from its next start on' })
}, { examples: [{ task: 'planting', scene: 'planting', restart: true }] })
