import { type Static, Type } from '@sinclair/typebox'
import { BoxSchema, Username } from './common.ts'
import { PhotoFile } from './upload.ts'

/** Every reason for which an enrolment photo is turned down. */
export const photoRejections = [
  'no_face',
  'multiple_faces',
  'face_too_small',
  'too_blurry',
  'too_dark',
  'too_bright',
  'extreme_pose',
  'face_cut_off',
  'face_unclear',
  'not_live',
  'not_same_person',
  'duplicate',
  'unreadable',
  'unsupported_type',
  'too_many_pixels'
] as const

export type PhotoRejectionCode = typeof photoRejections[number]

export const SignupFormSchema = Type.Object({
  username: Username,
  images: Type.Optional(
    Type.Array(PhotoFile, { minItems: 1, maxItems: 5, description: '1 to 5 photos (`images` or `images[]`)' })
  ),
  image: Type.Optional(PhotoFile),
  mode: Type.Optional(
    Type.Union([Type.Literal('add'), Type.Literal('replace')], {
      description:
        '`add` (default): the photos must show the enrolled person. `replace`: they become the whole template, whatever was stored; needs the scope admin'
    })
  ),
  twin: Type.Optional(
    Type.Unsafe<string>({
      ...Username,
      description: 'an enrolled user who has the same face, a twin for example; needs the scope admin'
    })
  ),
  partial: Type.Optional(
    Type.Boolean({
      description:
        '`true`: photos of a first enrolment or a replacement that do not match the others are left out, as long as the others are more; without it all are refused (409)'
    })
  ),
  consent: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 256,
      description: 'reference to the consent of the person, for example a form number'
    })
  )
})

export const AcceptedPhotoSchema = Type.Object({
  index: Type.Integer({ description: 'position in the request, from 0' }),
  filename: Type.String(),
  face: BoxSchema
})

export const RejectedPhotoSchema = Type.Object({
  index: Type.Integer({ description: 'position in the request, from 0' }),
  filename: Type.String(),
  code: Type.Union(photoRejections.map(code => Type.Literal(code))),
  message: Type.String()
})

export const SignupAnswerSchema = Type.Object(
  {
    status: Type.Literal(true),
    message: Type.String({ examples: ['User enrolled. shots=3'] }),
    user: Type.String(),
    shots: Type.Integer({ description: 'photos that now make up the template' }),
    accepted: Type.Array(AcceptedPhotoSchema),
    rejected: Type.Array(RejectedPhotoSchema),
    possible_duplicates: Type.Optional(
      Type.Integer({ description: 'other users whose face is the same; left out with `DUPLICATE_PERSON=off`' })
    ),
    duplicates: Type.Optional(
      Type.Array(Type.String(), { description: 'their names, for a key with the scope identify' })
    )
  },
  {
    examples: [
      {
        status: true,
        message: 'User enrolled. shots=2',
        user: 'anna',
        shots: 2,
        accepted: [
          { index: 0, filename: 'one.jpg', face: [98, 61, 292, 338] },
          { index: 1, filename: 'two.jpg', face: [120, 74, 330, 371] }
        ],
        rejected: [
          {
            index: 2,
            filename: 'three.jpg',
            code: 'too_blurry',
            message: 'The face is blurred. Hold the camera still and wipe the lens.'
          }
        ],
        possible_duplicates: 0
      }
    ]
  }
)

export type AcceptedPhoto = Static<typeof AcceptedPhotoSchema>
export type RejectedPhoto = Static<typeof RejectedPhotoSchema>
export type SignupAnswer = Static<typeof SignupAnswerSchema>
