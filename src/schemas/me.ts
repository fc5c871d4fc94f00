import { type Static, Type } from '@sinclair/typebox'
import { scopes } from '../access/scopes.ts'

const Scope = Type.Union(scopes.map(scope => Type.Literal(scope)))

export const MeSchema = Type.Object(
  {
    key: Type.Union([Type.String(), Type.Null()], { description: 'name of the API key; null when none was needed' }),
    scopes: Type.Array(Scope, { description: '`admin` includes every other scope' }),
    scores: Type.Boolean({ description: 'true when answers to this caller carry scores' }),
    offers: Type.Object(
      {
        reviews: Type.Boolean({ description: 'true when what is uncertain is left to a person, see `REVIEW`' }),
        teaching: Type.Boolean({ description: 'true when tasks can be taught on the page, see `TEACHING`' })
      },
      { description: 'what the settings of the service switch on' }
    ),
    privacy: Type.Object(
      {
        consentRequired: Type.Boolean({ description: 'true when a signup needs the field `consent`' }),
        photos: Type.Object({
          enrol: Type.Boolean({ description: 'true when enrolment photos are kept' }),
          proofs: Type.Boolean({ description: 'true when proof photos are kept' })
        }),
        reviews: Type.Union(
          [
            Type.Object({
              openDays: Type.Integer({ description: 'days for which the photo of an open review is kept at most' }),
              keptDays: Type.Integer({
                description: 'days for which the photo of a reviewed proof is kept after the decision, for learning'
              })
            }),
            Type.Null()
          ],
          { description: 'photos that a person looks at; null: nobody does' }
        ),
        retentionDays: Type.Union([Type.Integer(), Type.Null()], {
          description: 'days after which kept photos and verification records are removed; null: never'
        })
      },
      { description: 'what the service stores about people, for apps that ask them for photos' }
    )
  },
  {
    examples: [
      {
        key: 'app',
        scopes: ['enrol', 'verify'],
        scores: false,
        offers: { reviews: false, teaching: false },
        privacy: {
          consentRequired: true,
          photos: { enrol: false, proofs: true },
          reviews: { openDays: 14, keptDays: 0 },
          retentionDays: 90
        }
      }
    ]
  }
)

export type Me = Static<typeof MeSchema>
