import { Type } from '@sinclair/typebox'
import { BoxSchema } from './common.ts'
import { PhotoFile } from './upload.ts'

export const DebugFormSchema = Type.Object({ file: PhotoFile })

export const EvidenceSchema = Type.Object({
  width: Type.Integer(),
  height: Type.Integer(),
  turned: Type.Integer({
    description: 'degrees clockwise by which the photo was turned so that its face stands upright'
  }),
  orientation: Type.Integer({ description: 'from the file, as EXIF numbers them; already applied' }),
  takenAt: Type.Union([Type.String(), Type.Null()], { description: 'from the file, by the clock of the camera' }),
  faces: Type.Array(
    Type.Object({
      box: BoxSchema,
      score: Type.Number({ description: 'confidence of the detector' }),
      points: Type.Array(Type.Array(Type.Number()), { description: 'eyes, nose tip, mouth corners as x, y' }),
      quality: Type.Object({
        size: Type.Number({ description: 'shorter side of the box, pixels' }),
        sharpness: Type.Number({ description: 'variance of the Laplacian of the aligned crop' }),
        brightness: Type.Number({ description: 'mean grey level, 0..255' }),
        yaw: Type.Number({ description: 'degrees, as are pitch and roll' }),
        pitch: Type.Number(),
        roll: Type.Number(),
        inside: Type.Number({ description: 'share of the box inside the photo' }),
        length: Type.Union([Type.Number(), Type.Null()], {
          description: 'of the embedding before it was made a unit vector'
        }),
        score: Type.Union([Type.Number(), Type.Null()], {
          description: 'probability that the face can be recognised, 0..1'
        })
      }),
      problem: Type.Union([Type.String(), Type.Null()], { description: 'why enrolment would turn the face down' }),
      liveness: Type.Union([
        Type.Object({
          score: Type.Number(),
          models: Type.Array(Type.Object({ id: Type.String(), score: Type.Number() }))
        }),
        Type.Null()
      ])
    }),
    { description: 'largest first' }
  ),
  similarities: Type.Array(Type.Array(Type.Union([Type.Number(), Type.Null()])), {
    description: 'cosine similarity of each face to each other'
  }),
  detections: Type.Array(Type.Object({ label: Type.String(), score: Type.Number(), box: BoxSchema })),
  scenes: Type.Optional(
    Type.Array(
      Type.Object({
        rule: Type.String(),
        name: Type.String(),
        threshold: Type.Number(),
        scores: Type.Array(Type.Number(), {
          description: 'with each face as the subject; one score for the whole photo where there is no face'
        })
      }),
      { description: 'what the tasks that were taught by example photos make of the photo' }
    )
  )
})
