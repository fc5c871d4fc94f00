import { type Static, Type } from '@sinclair/typebox'
import { BoxSchema } from './common.ts'
import { PhotoFile } from './upload.ts'

export const IdentifyFormSchema = Type.Object({ file: PhotoFile })

export const IdentifyAnswerSchema = Type.Object({
  faces: Type.Array(Type.Object({
    box: BoxSchema,
    users: Type.Array(Type.Object({
      user: Type.String(),
      similarity: Type.Number({ description: 'cosine similarity to the template of the user' })
    }), { description: 'the most similar first, at most 10' })
  }), { description: 'the faces of the photo that can be compared, largest first' }),
  threshold: Type.Number({ description: 'least similarity' })
}, {
  examples: [{ faces: [{ box: [98, 61, 292, 338], users: [{ user: 'anna', similarity: 0.7342 }] }], threshold: 0.5 }]
})

export type IdentifyAnswer = Static<typeof IdentifyAnswerSchema>
