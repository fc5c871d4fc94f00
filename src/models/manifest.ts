/**
 * What `models/manifest.json` may say. A model is data: the file, where it comes from, its licence, and every number
 * that its preprocessing and decoding need. Code never guesses any of them.
 */
import { type Static, Type } from '@sinclair/typebox'

const Sha256 = Type.String({ pattern: '^[0-9a-f]{64}$' })

/** Where the bytes of a file can be had. `npm` names one file inside a published tarball. */
export const SourceSchema = Type.Union([
  Type.Object(
    { type: Type.Literal('npm'), package: Type.String(), version: Type.String(), path: Type.String() },
    { additionalProperties: false }
  ),
  Type.Object(
    {
      type: Type.Literal('https'),
      url: Type.String(),
      path: Type.Optional(Type.String({ description: 'path inside the zip, when the address is a zip' }))
    },
    { additionalProperties: false }
  )
])

/** A downloadable file: a path below its target folder, the exact size in bytes and hash, and where to get it. */
export const RemoteFileSchema = Type.Object({
  file: Type.String({ description: 'path below MODELS_DIR (or below the cache, for photos)' }),
  size: Type.Integer({ minimum: 1 }),
  sha256: Sha256,
  sources: Type.Array(SourceSchema)
})

export const LicenceSchema = Type.Object({
  name: Type.String({ description: 'SPDX identifier where there is one' }),
  commercial: Type.Boolean({ description: 'false: non-commercial research only; needs explicit acceptance' }),
  url: Type.Optional(Type.String())
}, { additionalProperties: false })

/** How pixels (0..255) become the network's input: (x - mean) / std in the given channel order, laid out as NCHW. */
export const PixelInputSchema = Type.Object({
  width: Type.Integer({ minimum: 1, description: 'pixels; the default when the model is dynamic' }),
  height: Type.Integer({ minimum: 1 }),
  channels: Type.Union([Type.Literal('RGB'), Type.Literal('BGR'), Type.Literal('GRAY')]),
  mean: Type.Number(),
  std: Type.Number({ exclusiveMinimum: 0 })
}, { additionalProperties: false })

/** A decision threshold never stands alone: `measured` says on what data, and with which error rates, it was chosen. */
export const ThresholdSchema = Type.Object({
  value: Type.Number(),
  measured: Type.String()
}, { additionalProperties: false })

/**
 * How far a face can be recognised: 1 / (1 + exp(-(intercept + length x ln(length of the output) + spoilt x c))), where
 * c is the highest cosine to a prototype. `npm run calibrate` measures it.
 */
export const FaceQualitySchema = Type.Object(
  {
    intercept: Type.Number(),
    length: Type.Number(),
    spoilt: Type.Number(),
    prototypes: Type.Array(
      Type.String({ description: 'direction of the faces that are spoilt in one way, as signed bytes in base64' }),
      { minItems: 1 }
    ),
    threshold: ThresholdSchema
  },
  { additionalProperties: false }
)

/** Probabilities, 0..1: a liveness score from `low` on and below `high` is uncertain. */
export const LivenessZoneSchema = Type.Object(
  { low: Type.Number({ minimum: 0, maximum: 1 }), high: Type.Number({ minimum: 0, maximum: 1 }) },
  { additionalProperties: false }
)

/** `value` where the photo alone decides; `uncertain` where something else can decide what the photo leaves open. */
export const LivenessThresholdSchema = Type.Object(
  { ...ThresholdSchema.properties, uncertain: Type.Optional(LivenessZoneSchema) },
  { additionalProperties: false }
)

const common = {
  title: Type.String(),
  file: Type.String(),
  size: Type.Integer({ minimum: 1 }),
  sha256: Sha256,
  licence: LicenceSchema,
  sources: Type.Array(SourceSchema),
  input: PixelInputSchema
}

export const FaceDetectorSchema = Type.Object({
  ...common,
  role: Type.Literal('face-detector'),
  format: Type.Union([Type.Literal('ultralight'), Type.Literal('scrfd')]),
  /** `stretch` ignores the aspect; `letterbox` keeps it, top left on black. */
  resize: Type.Union([Type.Literal('stretch'), Type.Literal('letterbox')]),
  scoreThreshold: Type.Number(),
  iouThreshold: Type.Number()
}, { additionalProperties: false })

/** Needed only beside a detector whose format gives boxes without the five points. */
export const FaceLandmarksSchema = Type.Object({
  ...common,
  role: Type.Literal('face-landmarks'),
  format: Type.Literal('points68')
}, { additionalProperties: false })

export const FaceEmbedderSchema = Type.Object({
  ...common,
  role: Type.Literal('face-embedder'),
  alignment: Type.Literal('arcface-112'),
  dimension: Type.Integer({ minimum: 1 }),
  /** Changes whenever the same photo would give another embedding; part of the embedding contract. */
  preprocessing: Type.String(),
  threshold: ThresholdSchema,
  /** Least similarity in a comparison with many people. */
  identification: Type.Optional(ThresholdSchema),
  /** For the photos of one enrolment among each other; absent: `threshold`. */
  agreement: Type.Optional(ThresholdSchema),
  /** Absent: every face counts as one that can be recognised. */
  quality: Type.Optional(FaceQualitySchema)
}, { additionalProperties: false })

export const LivenessSchema = Type.Object({
  ...common,
  role: Type.Literal('liveness'),
  /**
   * `silent-face`: rectangle shifted inside the frame (upstream `_get_new_box`); `square-reflect`: square, mirrored at
   * the rim.
   */
  crop: Type.Object({
    rule: Type.Union([Type.Literal('silent-face'), Type.Literal('square-reflect')]),
    scale: Type.Number({ exclusiveMinimum: 0, description: 'multiple of the face box' })
  }, { additionalProperties: false }),
  classes: Type.Integer({ minimum: 2 }),
  realClass: Type.Integer({ minimum: 0, description: 'index of the class that means a live person' }),
  threshold: LivenessThresholdSchema
}, { additionalProperties: false })

export const ObjectDetectorSchema = Type.Object(
  {
    ...common,
    role: Type.Literal('object-detector'),
    format: Type.Union([
      Type.Literal('yolov8'),
      Type.Literal('yolov5'),
      Type.Literal('yolox'),
      Type.Literal('end-to-end')
    ]),
    scoreThreshold: Type.Number(),
    iouThreshold: Type.Number(),
    /** Class names; absent: read from the ONNX metadata `names`. */
    labels: Type.Optional(Type.Array(Type.String()))
  },
  { additionalProperties: false }
)

export const ModelSchema = Type.Union([
  FaceDetectorSchema,
  FaceLandmarksSchema,
  FaceEmbedderSchema,
  LivenessSchema,
  ObjectDetectorSchema
])

/** Models that belong together. A pack may name only some roles; the others come from the default pack. */
export const PackSchema = Type.Object({
  title: Type.String(),
  faceDetector: Type.Optional(Type.String()),
  faceLandmarks: Type.Optional(Type.String()),
  faceEmbedder: Type.Optional(Type.String()),
  liveness: Type.Optional(Type.Array(Type.String(), { minItems: 1 })),
  objectDetector: Type.Optional(Type.String())
}, { additionalProperties: false })

/**
 * Liveness models whose log-odds are averaged: within each family, then over the families, where the models of one
 * family share one voice. A model that has a voice of its own is a family of one.
 */
export const EnsembleSchema = Type.Object({
  title: Type.String(),
  families: Type.Array(Type.Array(Type.String(), { minItems: 1 }), { minItems: 2 }),
  /** Of each family, relative to the others'; equal where absent. */
  weights: Type.Optional(Type.Array(Type.Number({ exclusiveMinimum: 0 }))),
  threshold: LivenessThresholdSchema
}, { additionalProperties: false })

export const ManifestSchema = Type.Object({
  models: Type.Record(Type.String(), ModelSchema),
  packs: Type.Record(Type.String(), PackSchema),
  ensembles: Type.Record(Type.String(), EnsembleSchema),
  /** What a licence that needs acceptance asks of users of the models, by the licence's name. */
  terms: Type.Record(Type.String(), Type.String()),
  /** Photos for `npm run demo` and the tests; kept in a cache outside git, never among the models. */
  photos: Type.Record(Type.String(), RemoteFileSchema)
}, { additionalProperties: false })

export type Source = Static<typeof SourceSchema>
export type RemoteFile = Static<typeof RemoteFileSchema>
export type Licence = Static<typeof LicenceSchema>
export type PixelInput = Static<typeof PixelInputSchema>
export type FaceDetectorModel = Static<typeof FaceDetectorSchema>
export type FaceLandmarksModel = Static<typeof FaceLandmarksSchema>
export type FaceEmbedderModel = Static<typeof FaceEmbedderSchema>
export type LivenessModel = Static<typeof LivenessSchema>
export type ObjectDetectorModel = Static<typeof ObjectDetectorSchema>
export type Model = Static<typeof ModelSchema>
export type Pack = Static<typeof PackSchema>
export type Ensemble = Static<typeof EnsembleSchema>
export type Threshold = Static<typeof ThresholdSchema>
export type LivenessZone = Static<typeof LivenessZoneSchema>
export type LivenessThreshold = Static<typeof LivenessThresholdSchema>
export type Manifest = Static<typeof ManifestSchema>
