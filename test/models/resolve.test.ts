import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { loadConfig } from '../../src/config/config.ts'
import { readManifest } from '../../src/models/manifest-file.ts'
import type { Manifest } from '../../src/models/manifest.ts'
import { resolveModels } from '../../src/models/resolve.ts'
import { writeTinyOnnx } from '../helpers/tiny-onnx.ts'
import { activeModels } from '../../src/models/active-models.ts'

const manifest = await readManifest({ MODELS_DIR: 'models' })

async function resolveWith (settings: Record<string, string>, using: Manifest = manifest) {
  return await resolveModels(loadConfig({ MODELS_DIR: '/weights', ...settings }), using)
}

async function idsWith (settings: Record<string, string>, using?: Manifest) {
  return activeModels(await resolveWith(settings, using)).map(({ id }) => id)
}

/** The manifest with one entry standing for a file of the given content. */
function knowing (id: string, content: string): Manifest {
  const entry = manifest.models[id]!
  return {
    ...manifest,
    models: {
      ...manifest.models,
      [id]: { ...entry, size: content.length, sha256: createHash('sha256').update(content).digest('hex') }
    }
  }
}

t.test('every pack', async t => {
  t.same(await idsWith({}), ['fr_detect', 'fr_landmark', 'fr_feature', 'fr_liveness', 'yolov8n'])
  t.same(
    await idsWith({ INSIGHT_PACK: 'buffalo_l' }),
    ['det_10g', 'w600k_r50', 'fr_liveness', 'yolov8n'],
    'the other roles come from the default pack'
  )
  t.same(await idsWith({ INSIGHT_PACK: 'buffalo_m' }), ['det_2.5g', 'w600k_r50', 'fr_liveness', 'yolov8n'])
  t.same(await idsWith({ INSIGHT_PACK: 'buffalo_s' }), ['det_500m', 'w600k_mbf', 'fr_liveness', 'yolov8n'])
  t.same(await idsWith({ INSIGHT_PACK: 'buffalo_sc' }), ['det_500m', 'w600k_mbf', 'fr_liveness', 'yolov8n'])
  t.same(await idsWith({ INSIGHT_PACK: 'antelopev2' }), ['det_10g', 'glintr100', 'fr_liveness', 'yolov8n'])
  for (const name of Object.keys(manifest.packs)) await t.resolves(resolveWith({ INSIGHT_PACK: name }), name)
  await t.rejects(resolveWith({ INSIGHT_PACK: 'buffalo_xl' }), {
    name: 'ConfigError',
    message: /INSIGHT_PACK=buffalo_xl is not a known pack; known are starter, buffalo_l, /
  })
})

t.test('single models by id', async t => {
  t.same(
    await idsWith({ FACE_DETECTOR: 'det_500m' }),
    ['det_500m', 'fr_feature', 'fr_liveness', 'yolov8n'],
    'SCRFD needs no landmark model'
  )
  t.same(await idsWith({ FACE_EMBEDDER: 'w600k_mbf', LIVENESS_MODEL_PTH: 'fr_liveness, facenox' }), [
    'fr_detect',
    'fr_landmark',
    'w600k_mbf',
    'fr_liveness',
    'facenox',
    'yolov8n'
  ])
  t.same(await idsWith({ INSIGHT_PACK: 'buffalo_l', FACE_DETECTOR: 'fr_detect' }), [
    'fr_detect',
    'fr_landmark',
    'w600k_r50',
    'fr_liveness',
    'yolov8n'
  ])
  t.same(await idsWith({ LIVENESS_ENABLED: 'false' }), ['fr_detect', 'fr_landmark', 'fr_feature', 'yolov8n'])
  await t.rejects(resolveWith({ FACE_EMBEDDER: 'yolov8n' }), {
    message: 'FACE_EMBEDDER=yolov8n is a model for object-detector; expected one for face-embedder'
  })
  await t.rejects(resolveWith({ FACE_DETECTOR: 'retina' }), {
    message: /FACE_DETECTOR=retina is neither a file nor a known face-detector; known are fr_detect, det_500m, /
  })
  await t.rejects(resolveWith({ LIVENESS_MODEL_PTH: 'fr_liveness,' }), {
    message: 'LIVENESS_MODEL_PTH names no liveness'
  })
})

t.test('paths and sizes', async t => {
  const { faceDetector, faceEmbedder } = await resolveWith({ INSIGHT_PACK: 'buffalo_s', DET_W: '320', DET_H: '640' })
  t.equal(faceEmbedder.path, join('/weights', 'insightface/w600k_mbf.onnx'))
  t.match(faceDetector.input, { width: 320, height: 640, mean: 127.5, std: 128 })
  t.match(manifest.models['det_500m']!.input, { width: 640, height: 640 }, 'the manifest is left as it was')
  t.match(
    (await resolveWith({ DET_W: '320', DET_H: '640' })).faceDetector.input,
    { width: 320, height: 240 },
    'only SCRFD has a size to choose'
  )
})

t.test('files', async t => {
  const dir = t.testdir({ 'mine.onnx': 'faces' })
  const custom = writeTinyOnnx(join(dir, 'best.v2.onnx'), {
    input: [1, 3, 320, 320],
    outputs: { output0: [1, 6, 2100] },
    metadata: { names: "{0: 'tree', 1: 'bag'}" }
  })
  const { objectDetector } = await resolveWith({ YOLO_MODEL_PATH: custom })
  t.match(objectDetector, {
    id: 'best.v2',
    path: custom,
    size: readFileSync(custom).length,
    format: 'yolov8',
    labels: ['tree', 'bag'],
    input: { width: 320, height: 320, channels: 'RGB', mean: 0, std: 255 }
  })
  t.equal(objectDetector!.sha256, createHash('sha256').update(readFileSync(custom)).digest('hex'))

  const mine = join(dir, 'mine.onnx')
  const known = knowing('w600k_mbf', 'faces')
  t.match(
    (await resolveWith({ FACE_EMBEDDER: mine }, known)).faceEmbedder,
    { id: 'w600k_mbf', path: mine, file: mine, size: 5 },
    'recognised by its bytes'
  )
  await t.rejects(resolveWith({ FACE_DETECTOR: mine }, known), {
    message: /is a model for face-embedder; expected one for face-detector/
  })
  await t.rejects(resolveWith({ YOLO_MODEL_PATH: mine }, known), {
    message: /is a model for face-embedder; expected one for object-detector/
  })
  await t.rejects(resolveWith({ FACE_EMBEDDER: mine }), {
    message: /is not in the manifest, so its preprocessing is unknown\. Describe it in \/weights\/local\.json/
  })
  await t.rejects(resolveWith({ LIVENESS_MODEL_PTH: mine }), {
    name: 'ConfigError',
    message: /LIVENESS_MODEL_PTH=.*mine\.onnx: expected an ONNX model/
  })
  await t.rejects(resolveWith({ YOLO_MODEL_PATH: mine }), {
    name: 'ConfigError',
    message: /YOLO_MODEL_PATH=.*mine\.onnx: expected an ONNX model/
  })
  await t.rejects(resolveWith({ YOLO_MODEL_PATH: dir }), { name: 'ConfigError', message: /cannot be read/ })
})

t.test('settings that contradict a known liveness model', async t => {
  await t.resolves(resolveWith({ LIVENESS_IMG_SIZE: '128', LIVENESS_NUM_CLASSES: '3', REAL_CLASS_INDEX: '0' }))
  await t.rejects(resolveWith({ REAL_CLASS_INDEX: '2' }), {
    message: /REAL_CLASS_INDEX=2 contradicts the liveness model fr_liveness, whose value is 0/
  })
  await t.rejects(resolveWith({ LIVENESS_IMG_SIZE: '80' }), { message: /whose value is 128/ })
  await t.resolves(resolveWith({ LIVENESS_ENABLED: 'false', REAL_CLASS_INDEX: '2' }), 'liveness is off')
})
