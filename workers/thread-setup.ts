/** What each thread is started with (workerData), and what it reports: types only, no code. */
import type { Histogram } from './activation-histogram.ts'
import type { Model } from '../src/models/manifest.ts'
import type { ModelSet, Resolved, SizedObjectDetector } from './types.ts'

/** What the thread of workers/compare-detectors.ts is started with. */
export interface CompareSetup {
  fp32: SizedObjectDetector
  int8: SizedObjectDetector
  /** The execution provider that is asked for. */
  provider: string
  /**
   * The model of src/model-tools/quantize/exactness.ts: an input of ones whose answer is the number of its channels.
   */
  exactness: { path: string, channels: number, side: number }
}

/** What was measured of one detector in both precisions. */
export interface Comparison {
  /** The execution provider that the service uses; times are the CPU's, and 0 with another one. */
  provider: string
  /** CPU milliseconds of a photo, median. */
  fp32Ms: number
  int8Ms: number
  /** False where this processor's sums of integers overflow, as those of AVX2 without VNNI do. */
  exact: boolean
}

/** What a worker is started with (workerData). */
export interface InferenceSetup {
  models: ModelSet
  /** onnxruntime execution provider, already chosen. */
  provider: string
  intraOpThreads: number
}

/** What the thread of workers/idle-detector.ts is started with. */
export interface IdleDetectorSetup {
  model: SizedObjectDetector
  provider: string
  threads: number
}

/** What a worker reports once its sessions are open and its self-test has passed. */
export interface WorkerReport {
  provider: string
  /** Why `auto` did not take a faster one, in words; null where nothing was given up. */
  providerReason: string | null
  /** Labels the object detector can name; empty without one. */
  labels: string[]
  /** The contract of the features that the object detector gives; null without one. */
  features: string | null
  /** Whether the models find 68 landmarks. */
  landmarks: boolean
  /** What the operator should know, in sentences. */
  warnings: string[]
}

/** What a thread that tests one model is started with (workerData). */
export type CheckSetup = Resolved<Model>

/** What a calibration thread is started with (workerData). */
export interface CalibrationSetup {
  /** The model of `role` is only described here; its file is `path`. */
  models: Pick<ModelSet, 'faceDetector' | 'faceLandmarks' | 'faceEmbedder' | 'objectDetector'>
  role: CalibratedRole
  /** The model with its activations as additional outputs, which have the names in `activations`. */
  path: string
  activations: string[]
  /** Paths of the photos. */
  photos: string[]
  maxPixels: number
}

export type CalibratedRole = 'face-detector' | 'face-embedder' | 'object-detector'

export interface CalibrationReport {
  /** By the name of the activation. */
  histograms: Map<string, Histogram>
  /** Photos that were seen, and files that are none. */
  seen: number
  unreadable: number
  /** Runs of the model: one a photo for an object detector, one a face for an embedder. */
  runs: number
}
