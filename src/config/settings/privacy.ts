/** What is kept of people, and for how long. */
import { Type } from '@sinclair/typebox'

export const privacySettings = {
  KEEP_REVIEWED_DAYS: Type.Integer({
    default: 0,
    minimum: 0,
    maximum: 3650,
    description:
      'days for which the photo of a decided review of a proof is kept in the store, for `npm run tasks -- learn-from-reviews` and `npm run reviews -- export`; with REQUIRE_CONSENT=true only of users with consent; 0: it goes with the decision'
  }),
  REQUIRE_CONSENT: Type.Boolean({
    default: false,
    description: 'true demands the field consent, a reference to the consent of the person, at signup'
  }),
  KEEP_PHOTOS: Type.Union(
    ['none', 'enrol', 'proofs', 'all'].map(kind => Type.Literal(kind)),
    { default: 'none', description: 'photos that are stored in DATA_DIR/photos' }
  ),
  RETENTION_DAYS: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 36500,
      description: 'days after which kept photos and verification records are removed (default: never)'
    })
  ),
  IDEMPOTENCY_HOURS: Type.Integer({
    default: 24,
    minimum: 1,
    maximum: 720,
    description: 'hours that the answer to a request with the header Idempotency-Key is kept for its repetition'
  })
}
