/** Model sets for tests: the starter pack from the manifest, and the reference models of the shared test data. */
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type {
  FaceDetectorModel,
  FaceEmbedderModel,
  LivenessModel,
  Manifest,
  Model,
  ObjectDetectorModel
} from '../../src/models/manifest.ts'
import type { InferenceSetup } from '../../workers/thread-setup.ts'
import type { ModelSet, Resolved } from '../../workers/types.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Reference weights, photos and golden outputs lie beside the repository, never in it. */
export function shared (path: string): string {
  return `${root}../shared/${path}`
}

/** Option of a tap test that needs the shared test data: the reason to skip it, or false. */
export const withoutShared: string | false = existsSync(shared('golden/index.json'))
  ? false
  : 'the shared test data is not beside the repository'

const manifest = JSON.parse(readFileSync(`${root}models/manifest.json`, 'utf8')) as Manifest

/** The manifest entry with its id and path. */
export function known<R extends Model['role']> (id: string, role: R): Resolved<Extract<Model, { role: R }>> {
  const model = manifest.models[id]
  if (model?.role !== role) { throw new Error(`Expected ${id} in models/manifest.json to be a ${role}, found ${model?.role}.`) }
  return { ...model as Extract<Model, { role: R }>, id, path: `${root}models/${model.file}` }
}

/** The default pack, as `npm test` downloads it. */
export const starter: ModelSet = {
  faceDetector: known('fr_detect', 'face-detector'),
  faceLandmarks: known('fr_landmark', 'face-landmarks'),
  faceEmbedder: known('fr_feature', 'face-embedder'),
  liveness: [known('fr_liveness', 'liveness')],
  objectDetector: known('yolov8n', 'object-detector')
}

/** Option of a tap test that needs the starter pack. */
export const withoutStarter: string | false = [
  starter.faceDetector,
  starter.faceLandmarks!,
  starter.faceEmbedder,
  ...starter.liveness,
  starter.objectDetector!
].every(({ path }) => existsSync(path))
  ? false
  : 'the starter pack is not installed: npm test downloads it'

function reference<M extends Model> (
  path: string,
  entry: Omit<M, 'title' | 'file' | 'size' | 'sha256' | 'licence' | 'sources'>
): Resolved<M> {
  const file = shared(`models/${path}`)
  return {
    ...entry,
    id: path,
    path: file,
    title: path,
    file: path,
    size: 1,
    sha256: '0'.repeat(64),
    licence: { name: 'test only', commercial: false },
    sources: []
  } as unknown as Resolved<M>
}

/** SCRFD with a dynamic input, shown `side` x `side` pixels. */
export function scrfd (side: number): Resolved<FaceDetectorModel> {
  return {
    ...reference<FaceDetectorModel>('buffalo_sc/det_500m.onnx', scrfdEntry),
    input: { ...scrfdEntry.input, width: side, height: side }
  }
}

const scrfdEntry = {
  role: 'face-detector' as const,
  format: 'scrfd' as const,
  resize: 'letterbox' as const,
  input: { width: 640, height: 640, channels: 'RGB' as const, mean: 127.5, std: 128 },
  scoreThreshold: 0.5,
  iouThreshold: 0.4
}

/** Fixed input of 640 x 640, heads with a batch axis. */
export const scrfdFixed = reference<FaceDetectorModel>('scrfd/scrfd_2.5g_kps.onnx', scrfdEntry)

const arcfaceEntry = {
  role: 'face-embedder' as const,
  input: { width: 112, height: 112, channels: 'RGB' as const, mean: 127.5, std: 127.5 },
  alignment: 'arcface-112' as const,
  dimension: 512,
  preprocessing: 'test',
  threshold: { value: 0.4, measured: 'not measured: test only' }
}

export const arcface = reference<FaceEmbedderModel>('buffalo_sc/w600k_mbf_dequantized_fp32.onnx', arcfaceEntry)
export const arcfaceInt8 = reference<FaceEmbedderModel>('buffalo_sc/w600k_mbf_int8.onnx', arcfaceEntry)

function miniFasNet (path: string, scale: number): Resolved<LivenessModel> {
  return reference<LivenessModel>(`minifasnet/reference/${path}`, {
    role: 'liveness',
    input: { width: 80, height: 80, channels: 'BGR', mean: 0, std: 1 },
    crop: { rule: 'silent-face', scale },
    classes: 3,
    realClass: 1,
    threshold: { value: 0.55, measured: 'not measured: test only' }
  })
}

export const miniFasNetV2 = miniFasNet('2.7_80x80_MiniFASNetV2.onnx', 2.7)
export const miniFasNetV1SE = miniFasNet('4_0_0_80x80_MiniFASNetV1SE.onnx', 4)

export const facenox = reference<LivenessModel>('facenox/best_98.20.onnx', {
  role: 'liveness',
  input: { width: 128, height: 128, channels: 'RGB', mean: 0, std: 255 },
  crop: { rule: 'square-reflect', scale: 1.5 },
  classes: 2,
  realClass: 0,
  threshold: { value: 0.5, measured: 'not measured: test only' }
})

export const yoloInt8 = reference<ObjectDetectorModel>('yolo/yolov8n_int8.onnx', {
  role: 'object-detector',
  format: 'yolov8',
  input: { width: 640, height: 640, channels: 'RGB', mean: 0, std: 255 },
  scoreThreshold: 0.25,
  iouThreshold: 0.5
})

/** The original service's models. */
export const insightFace: ModelSet = {
  faceDetector: scrfd(640),
  faceLandmarks: null,
  faceEmbedder: arcface,
  liveness: [miniFasNetV2, miniFasNetV1SE],
  objectDetector: null
}

export function setupOf (models: ModelSet): InferenceSetup {
  return { models, provider: 'cpu', intraOpThreads: 1 }
}
