import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { loadConfig } from '../../src/config/config.ts'
import { chooseDetector } from '../../src/models/choose-detector.ts'
import { conversionsDir } from '../../src/models/choose-liveness.ts'
import { convertYolo } from '../../src/model-tools/convert/index.ts'
import { readManifest } from '../../src/models/manifest-file.ts'
import { openModels } from '../../workers/open-models.ts'
import { setupOf, starter, withoutStarter } from '../helpers/models.ts'
import { temporaryFolder } from '../helpers/temporary-folder.ts'
import { writeTinyOnnx } from '../helpers/tiny-onnx.ts'
import { YoloCheckpoint } from '../helpers/yolo-checkpoint.ts'
import { randomWeights } from '../helpers/yolo-weights.ts'

const manifest = await readManifest({ MODELS_DIR: 'models' })
const labels = ['planting', 'person']

async function choose (dir: string, value: string) {
  return await chooseDetector({ setting: 'YOLO_MODEL_PATH', value }, loadConfig({ MODELS_DIR: dir }), manifest)
}

t.test('a checkpoint stands for its export or its conversion', { skip: withoutStarter }, async t => {
  const dir = temporaryFolder(t)
  const path = join(dir, 'best.pt')
  await t.rejects(choose(dir, path), {
    name: 'ConfigError',
    message: /there is neither this file nor best\.onnx beside it/
  })

  const checkpoint = new YoloCheckpoint({ family: 'v8', scale: 'n', labels, weights: randomWeights(3) })
  writeFileSync(path, checkpoint.file.zip(checkpoint.saved()))
  await t.rejects(choose(dir, path), {
    message: /is a PyTorch checkpoint; convert it once with `npm run models -- convert .*best\.pt`/
  })

  const { path: converted } = await convertYolo(path, conversionsDir(dir, 'detectors'))
  const model = await choose(dir, path)
  t.match(model, { path: converted, format: 'yolov8', labels, input: { width: 640, height: 640 } })
  const inference = await openModels(
    setupOf({ ...starter, liveness: [], objectDetector: { ...model, scoreThreshold: 0 } })
  )
  t.teardown(inference.close)
  t.same(inference.report().labels, labels)
  const { detections: found } = await inference.objects({
    frame: { width: 300, height: 100, pixels: new SharedArrayBuffer(300 * 100 * 3) }
  })
  t.ok(found.length > 0 && found.every(({ label }) => labels.includes(label)), 'it runs')

  const beside = writeTinyOnnx(join(dir, 'best.onnx'), {
    outputs: { output0: [1, 6, 8400] },
    metadata: { names: "{0: 'a', 1: 'b'}", license: 'MIT' }
  })
  t.match(
    await choose(dir, path),
    { path: beside, labels: ['a', 'b'], licence: { name: 'unknown', commercial: false, url: 'MIT' } },
    'an export beside it comes first'
  )
})

t.test('models that are no detectors are refused by name', async t => {
  const dir = temporaryFolder(t)
  const path = join(dir, 'best.onnx')
  const names = "{0: 'a', 1: 'b'}"
  for (const [model, message] of [
    [
      { outputs: { output0: [1, 38, 8400], output1: [1, 32, 160, 160] }, metadata: { task: 'segment', names } },
      /YOLO_MODEL_PATH=.*best\.onnx: expected a detection model .*found a segmentation model/
    ],
    [{ outputs: { output0: [1, 1000] }, metadata: { names } }, /as of a classification model/],
    [{ outputs: { output0: [1, 9, 9, 9] }, metadata: { names } }, /found the outputs output0 \[1, 9, 9, 9\]/],
    [
      {
        outputs: { output0: [1, 6, 8400] },
        metadata: { names },
        initializers: [
          {
            name: 'w',
            dims: [1],
            dataType: 1,
            dataLocation: 1,
            externalData: [{ key: 'location', value: 'weights.bin' }]
          }
        ]
      },
      /expected the weights of .* in the file "weights\.bin" beside it, found none/
    ]
  ] as [Parameters<typeof writeTinyOnnx>[1], RegExp][]) {
    await t.rejects(choose(dir, writeTinyOnnx(path, model)), { name: 'ConfigError', message })
  }
  writeFileSync(join(dir, 'best.engine'), 'TensorRT')
  await t.rejects(choose(dir, join(dir, 'best.engine')), {
    message: /expected a file that ends with \.onnx, \.pt or \.pth/
  })
  await t.rejects(choose(dir, 'det_500m'), {
    message: /is a model for face-detector; expected one for object-detector/
  })
})
