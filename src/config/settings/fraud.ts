/** What is done about recycled photos, duplicate people and verdicts that are not clear. */
import { Type } from '@sinclair/typebox'
import { path } from './path.ts'

export const fraudSettings = {
  REPLAY_CHECK: Type.Union(
    [Type.Literal('none'), Type.Literal('shots'), Type.Literal('bytes'), Type.Literal('similar'), Type.Literal('all')],
    {
      default: 'similar',
      description:
        '`shots` refuses a proof whose bytes are those of an enrolment photo, `bytes` (formerly `all`) also one that was approved for another user, `similar` rejects every photo of a picture that was approved or enrolled before, also when it was changed; programs on this machine that need no key are not refused'
    }
  ),
  SHARED_PROOFS: Type.Boolean({
    default: false,
    description: 'true lets several users prove one task with one photo, with REPLAY_CHECK=similar'
  }),
  DUPLICATE_PERSON: Type.Union([Type.Literal('off'), Type.Literal('flag'), Type.Literal('refuse')], {
    default: 'flag',
    description:
      '`flag` counts at signup the users whose face is the same, `refuse` answers with 409 when there is one, `off` looks for none'
  }),
  IDENTIFY: Type.Boolean({
    default: false,
    description:
      'true adds POST /api/identify for keys with the scope identify, which finds users by a face: identification under the law (GDPR Article 9, EU AI Act)'
  }),
  REVIEW: Type.Union([Type.Literal('off'), Type.Literal('uncertain')], {
    default: 'off',
    description:
      '`uncertain` leaves to a person what the machine cannot decide: uncertain liveness, recycled photos, possible duplicates, demonstration rules and appeals; the photo is kept until the decision, whatever KEEP_PHOTOS says'
  }),
  REVIEW_DAYS: Type.Integer({
    default: 14,
    minimum: 1,
    maximum: 365,
    description:
      'days after which a review that nobody decided is closed and its photo removed; the verdict of the machine stays'
  }),
  REVIEW_APPROVALS: Type.Integer({
    default: 1,
    minimum: 1,
    maximum: 2,
    description: 'reviewers with different keys that must approve; one rejects'
  }),
  SHADOW_POLICY: Type.String({
    ...path,
    default: '',
    description:
      'file of proposed liveness thresholds, as `npm run calibrate -- --from reviews --out FILE` writes it, whose verdicts are counted beside the current ones in `eco_shadow_verdicts_total` and change no answer; empty: none'
  }),
  REVIEW_WEBHOOK: Type.String({
    default: '',
    description:
      'address that decisions of reviews are posted to, signed, unless a job has a webhook of its own; its origin must be in WEBHOOK_ORIGINS; empty: none'
  })
}
