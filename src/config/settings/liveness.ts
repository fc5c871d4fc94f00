/** Liveness: models, thresholds and challenges. */
import { Type } from '@sinclair/typebox'

export const livenessSettings = {
  LIVENESS_ENABLED: Type.Boolean({ default: true, description: 'false skips the liveness check' }),
  LIVENESS_THRESHOLD: Type.Optional(
    Type.Number({
      minimum: 0,
      maximum: 1,
      description:
        'least probability of a live person that passes by itself (default: measured for the model or ensemble, in models/manifest.json)'
    })
  ),
  LIVENESS_UNCERTAIN: Type.String({
    default: '',
    description:
      'liveness scores that the photo alone does not decide, like `0.02..0.6`: below they fail, above they pass, between the verdict is `liveness_uncertain` until a challenge is passed; `off`: LIVENESS_THRESHOLD decides all (default: measured, in models/manifest.json, ending at LIVENESS_THRESHOLD where that is set; with LIVENESS_MODE=passive off)'
  }),
  LIVENESS_MODE: Type.Union([Type.Literal('passive'), Type.Literal('challenge'), Type.Literal('either')], {
    default: 'either',
    description:
      'what proves a live person: `passive` the photo alone, `challenge` a passed challenge with every verification, `either` the photo or, where it is not clear, a passed challenge'
  }),
  CHALLENGE_MINUTES: Type.Integer({
    default: 10,
    minimum: 1,
    maximum: 1440,
    description: 'minutes for which a passed challenge may be used by a verification'
  }),
  CHALLENGES_MAX: Type.Integer({
    default: 10,
    minimum: 0,
    description:
      'challenges of one user that may begin within CHALLENGE_MINUTES, from any caller; 0: no limit; programs on this machine that need no key are not limited'
  }),
  LIVENESS_MODEL_PTH: Type.String({
    default: '',
    description:
      '`ensemble`, or liveness model ids or file paths (.pth, .onnx), comma-separated, each with its crop scale if needed (`file.onnx@2.7`); the scores of several are averaged (default: the pack)'
  }),
  LIVENESS_IMG_SIZE: Type.Optional(
    Type.Integer({ minimum: 16, maximum: 1024, description: 'input side of a custom liveness model, pixels' })
  ),
  LIVENESS_NUM_CLASSES: Type.Optional(
    Type.Integer({ minimum: 2, maximum: 100, description: 'classes of a custom liveness model' })
  ),
  REAL_CLASS_INDEX: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 99,
      description: 'class that means a live person, for a custom liveness model'
    })
  ),
  LIVENESS_CROP_SCALE: Type.Optional(
    Type.Number({
      exclusiveMinimum: 0,
      maximum: 20,
      description:
        'side of the crop as a multiple of the face box, for a custom liveness model whose file name does not say it'
    })
  ),
  LIVENESS_CHANNELS: Type.Optional(
    Type.Union([Type.Literal('RGB'), Type.Literal('BGR')], {
      description: 'order of the channels of a custom liveness model'
    })
  ),
  LIVENESS_MEAN: Type.Optional(
    Type.Number({
      description: 'what is subtracted from the pixels (0 to 255) for a custom liveness model (default: 0)'
    })
  ),
  LIVENESS_STD: Type.Optional(
    Type.Number({
      exclusiveMinimum: 0,
      description: 'what the pixels (0 to 255) are divided by for a custom liveness model: 255 for an input of 0 to 1'
    })
  ),
  ENROL_LIVENESS: Type.Boolean({
    default: false,
    description:
      'true rejects enrolment photos that fail the liveness check (`not_live`); no score is uncertain there: LIVENESS_THRESHOLD, or the measured threshold, decides'
  })
}
