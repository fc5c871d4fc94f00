/** Model files that only an evaluation uses: derived from published weights by hand, so nobody can download them. */
import type { FaceEmbedderModel, LivenessModel, Manifest, Model } from '../../src/models/manifest.ts'

const insightFace = { name: 'InsightFace models: non-commercial research only', commercial: false }
const apache = { name: 'Apache-2.0', commercial: true }

const miniFasNetMeasured =
  'npm run evaluate, 12 attacks and 9 live photos, mean of MiniFASNetV2 and V1SE with det_500m at 416: APCER 0 of 4 prints, 0 of 5 screens, 2 of 2 paper masks, 1 of 1 3D mask; BPCER 0 of 9. ' +
  'Of photos taken to be live it refuses 3 of 11 faces in task photos, 18 % of 96 portraits and 14 % of 1,549 LFW press photos. Each model alone lets 4 attacks pass. Too few attacks for an error rate.'

function arcFace (file: string, size: number, sha256: string): FaceEmbedderModel {
  return {
    role: 'face-embedder',
    title: `Stand-in for w600k_mbf: ${file}`,
    file,
    size,
    sha256,
    licence: insightFace,
    sources: [],
    input: { width: 112, height: 112, channels: 'RGB', mean: 127.5, std: 127.5 },
    alignment: 'arcface-112',
    dimension: 512,
    preprocessing: 'arcface-112/rgb/127.5/127.5/1',
    threshold: { value: 0.3, measured: 'see w600k_mbf in models/manifest.json' }
  }
}

function miniFasNet (file: string, size: number, sha256: string, scale: number): LivenessModel {
  return {
    role: 'liveness',
    title: `Reference export of ${file}`,
    file,
    size,
    sha256,
    licence: apache,
    sources: [],
    input: { width: 80, height: 80, channels: 'BGR', mean: 0, std: 1 },
    crop: { rule: 'silent-face', scale },
    classes: 3,
    realClass: 1,
    threshold: { value: 0.6, measured: miniFasNetMeasured }
  }
}

/** By id, as in the manifest; a setting names them by path. */
export const referenceModels: Record<string, Model> = {
  'w600k_mbf stand-in': arcFace(
    'w600k_mbf_dequantized_fp32.onnx',
    13624892,
    'b9bdee5a816100728d770706ae9ca09567118428c7295f96e80315710bb9ae6f'
  ),
  'w600k_mbf int8': arcFace(
    'w600k_mbf_int8.onnx',
    3514509,
    '7caa7fb0ad6c37b33e6c59f6411084b487aaabd596bba645d2cce391a5871120'
  ),
  'MiniFASNetV2 reference': miniFasNet(
    '2.7_80x80_MiniFASNetV2.onnx',
    1744233,
    'be35fcbd9c127b8d34ac210d2bd90252e1def415af5021a91ddfc00c25f5e5ef',
    2.7
  ),
  'MiniFASNetV1SE reference': miniFasNet(
    '4_0_0_80x80_MiniFASNetV1SE.onnx',
    1743401,
    '34f5abc0cea2dbbfbb29d91f40fa72e77f6b81711cbfd8de300897d33022a801',
    4
  ),
  'SCRFD-2.5G, 640 x 640': {
    role: 'face-detector',
    title: 'SCRFD-2.5G with five points, fixed input',
    file: 'scrfd_2.5g_kps.onnx',
    size: 3291017,
    sha256: '32d20c77b9e2dc1d07e94c2ab9d25bdd5cd05eddbe0b46e7b38e7a1eca22e99a',
    licence: insightFace,
    sources: [],
    input: { width: 640, height: 640, channels: 'RGB', mean: 127.5, std: 128 },
    format: 'scrfd',
    resize: 'letterbox',
    scoreThreshold: 0.5,
    iouThreshold: 0.4
  }
}

/**
 * The manifest with the reference models; stand-ins are judged by what was measured for the model that they stand for.
 */
export function withReferenceModels (manifest: Manifest): Manifest {
  const original = manifest.models.w600k_mbf as FaceEmbedderModel
  const { quality, agreement } = original
  const measured = { ...quality && { quality }, ...agreement && { agreement } }
  const models = Object.fromEntries(
    Object.entries(referenceModels).map(([id, model]) => [
      id,
      model.role === 'face-embedder' ? { ...model, ...measured } : model
    ])
  )
  return { ...manifest, models: { ...manifest.models, ...models } }
}
