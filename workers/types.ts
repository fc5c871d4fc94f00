/**
 * What crosses between the main thread and the workers: types only, no code. Coordinates are pixels of the upright
 * frame.
 */
import type {
  FaceDetectorModel, FaceEmbedderModel, FaceLandmarksModel, LivenessModel, LivenessThreshold, ObjectDetectorModel
} from '../src/models/manifest.ts'

/** Decoded upright 8-bit RGB pixels, row by row, in memory that all threads share. */
export interface Frame {
  width: number
  height: number
  /** At least width * height * 3 bytes; what follows is left from another photo. */
  pixels: SharedArrayBuffer
}

/** [x1, y1, x2, y2]; may reach beyond the frame for a face that is cut off. */
export type Box = [x1: number, y1: number, x2: number, y2: number]
export type Point = [x: number, y: number]
/** Eye on the left side of the picture, eye on the right side, nose tip, left and right mouth corner. */
export type FivePoints = [Point, Point, Point, Point, Point]

export interface FaceQuality {
  /** Shorter side of the box, pixels. */
  size: number
  /**
   * Variance of the Laplacian over the variance of the grey aligned crop: the higher the sharper, whatever the light.
   */
  sharpness: number
  /** Mean grey level of the aligned crop, 0..255. */
  brightness: number
  /** Rough head pose from the five points, degrees; 0 looks into the camera. */
  yaw: number
  pitch: number
  roll: number
  /** Share of the face that lies inside the frame, 0..1. */
  inside: number
  /** Of the embedding before it was made a unit vector; null without an embedding. */
  length: number | null
  /**
   * Probability that the face can be recognised, 0..1; null without an embedding, and where the embedder was never
   * calibrated.
   */
  score: number | null
}

/** Degrees clockwise. */
export type Rotation = 0 | 90 | 180 | 270

export interface Face {
  box: Box
  /** Detector's confidence, 0..1. */
  score: number
  points: FivePoints
  quality: FaceQuality
  /** Unit vector; null for faces beyond the embedding limit (they are the smallest ones). */
  embedding: Float32Array | null
  /** x and y of the 68 iBUG points; only when they are asked for and the models find them. */
  landmarks?: Float32Array
}

/** A face before its embedding. */
export type LocatedFace = Required<Pick<Face, 'box' | 'score' | 'landmarks'>> &
  Pick<FaceQuality, 'yaw' | 'pitch' | 'roll'>

/** What surrounds a face in a frame, as a grid of colours. */
export interface Surroundings {
  width: number
  height: number
  /** Red, green and blue of each cell, row by row. */
  colours: Uint8Array
  /** 1 for a cell beside the person, 0 for one on them. */
  background: Uint8Array
}

export interface Detection {
  label: string
  score: number
  box: Box
}

/** What an object detector computes on its way to the labels, pooled over the picture. */
export interface ImageFeatures {
  /** Which numbers these are: detector, input size and pooling. Compare vectors under one contract only. */
  contract: string
  /** The mean of every channel of every map; empty where the detector has no maps that can be read. */
  mean: Float32Array
  /** The maximum of every channel; without maps the best score of every label, 0..1. */
  max: Float32Array
  /** The means again, for what each of the largest detections shows and surrounds; none where there are no maps. */
  regions: { box: Box, mean: Float32Array }[]
}

export interface SeenObjects {
  /** Sorted by score. */
  detections: Detection[]
  /** Null without an object detector. */
  features: ImageFeatures | null
}

/** Names of the outputs that hold one pooled map: the mean of every cell, and the maximum. */
export interface FeatureOutputs { cells: string, max: string }

export interface Liveness {
  /** Probability that the face is live, 0..1: of the weighted mean of the models' log-odds. */
  score: number
  models: { id: string, score: number }[]
}

/**
 * Why bytes did not become a frame. Expected outcomes cross as data, since errors lose class and code across threads.
 */
export type PhotoProblem =
  | { code: 'unsupported_type', found: string }
  | { code: 'too_many_pixels', width: number, height: number }
  | { code: 'unreadable', detail: string }

/** What the file says about the photo, besides its pixels. */
export interface PhotoFacts {
  /** As EXIF numbers them, 1..8; already applied to the pixels. 1 when the file says nothing. */
  orientation: 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8
  /**
   * By the camera's clock, `2026-05-04T09:32:40`, with `+02:00` where the camera knew its zone; null when the file says
   * nothing.
   */
  takenAt: string | null
}

export type Decoded = { frame: Frame, facts: PhotoFacts, problem?: undefined } | {
  frame?: undefined,
  facts?: undefined,
  problem: PhotoProblem
}

/** What a photo looks like, in bits; see photo-hash.ts. */
export interface PhotoHashes {
  /**
   * 64 bytes each: the whole photo first, then the inner parts of it that a crop may leave; none when there is nothing
   * to see.
   */
  windows: Uint8Array[]
  /** The whole photo, mirrored. */
  mirrored: Uint8Array[]
  /** For the second look, see photo-outline.ts; null when there is nothing to see. */
  outline: Uint8Array | null
  /**
   * What the outlines of earlier photos are laid on: grey levels without bars, longer side 128; null without an
   * outline.
   */
  grey: { width: number, height: number, data: Float32Array } | null
}

export interface InferenceCalls {
  /**
   * `bytes` may be backed by a SharedArrayBuffer. `memory` takes the pixels when it is large enough; a photo's memory
   * may be used again once its calls have ended.
   */
  decode: { input: { bytes: Uint8Array, maxPixels: number, memory?: SharedArrayBuffer | undefined }, output: Decoded }
  /** All faces, the largest first; the first `embedLimit` of them with an embedding. */
  faces: { input: { frame: Frame, embedLimit: number, landmarks?: boolean }, output: Face[] }
  /**
   * The frame turned by a right angle so that a face of the least quality (0..1) stands upright in it, with its faces
   * as `faces` gives them; null when no turn shows one. The other orientations are searched with the detector first.
   */
  upright: {
    input: { frame: Frame, embedLimit: number, quality: number }
    output: { turned: Exclude<Rotation, 0>, frame: Frame, faces: Face[] } | null
  }
  /**
   * All faces, the largest first, without embeddings, which makes it cheap; null when the models find no 68 landmarks.
   */
  landmarks: { input: { frame: Frame }, output: LocatedFace[] | null }
  liveness: { input: { frame: Frame, box: Box }, output: Liveness }
  hashes: { input: { frame: Frame }, output: PhotoHashes }
  /** How well each outline agrees with the photo, at the best place. */
  outlines: { input: { grey: NonNullable<PhotoHashes['grey']>, outlines: Uint8Array[] }, output: number[] }
  /** `box`: of the face. */
  surroundings: { input: { frame: Frame, box: Box }, output: Surroundings }
  objects: { input: { frame: Frame }, output: SeenObjects }
}

export type InferenceCallName = keyof InferenceCalls

/**
 * A manifest entry with its id and the absolute path of the file to open. `accepted` is when the operator accepted the
 * licence's terms (ISO 8601), for a licence that needs it.
 */
export type Resolved<M> = M & { id: string, path: string, accepted?: string }

export interface ModelSet {
  faceDetector: Resolved<FaceDetectorModel>
  faceLandmarks: Resolved<FaceLandmarksModel> | null
  faceEmbedder: Resolved<FaceEmbedderModel>
  /** Empty: liveness is switched off. */
  liveness: (Resolved<LivenessModel> & {
    /** Share in the fused score, relative to the others'; 1 where absent. */
    weight?: number
  })[]
  /** Measured for exactly these liveness models and weights; absent for any other choice. */
  ensembleThreshold?: LivenessThreshold
  objectDetector: SizedObjectDetector | null
}

/**
 * Its `input` is the largest one for a file that takes any size. `features`: the outputs that hold its pooled maps.
 * `published`: the original file, for when the one that was made of it fails its self-test.
 */
export type SizedObjectDetector = Resolved<ObjectDetectorModel> & {
  features?: FeatureOutputs[]
  published?: Resolved<ObjectDetectorModel>
  /**
   * How the file was rounded to 8-bit integers, `int8-1`; its features are others than fp32's. Absent: the weights as
   * published.
   */
  int8?: string
  /** Why the file computes with these numbers. */
  precision?: Precision
}

/** The numbers that a model computes with, and why, in words. */
export interface Precision { type: 'fp32' | 'int8', reason: string }
