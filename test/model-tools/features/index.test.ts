import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { loadConfig } from '../../../src/config/config.ts'
import { convertYolo } from '../../../src/model-tools/convert/index.ts'
import { dataType } from '../../../onnx/schema.ts'
import { decodeModel, encodeModel } from '../../../src/model-tools/convert/onnx.ts'
import { findTaps } from '../../../src/model-tools/features/taps.ts'
import { prepareDetector } from '../../../src/models/input-size.ts'
import { decodeFrame } from '../../../workers/decode-photo.ts'
import { createObjectDetector } from '../../../workers/object-detector.ts'
import { parseNames, readOnnxFacts } from '../../../workers/onnx-file.ts'
import { openObjectDetector } from '../../../workers/open-object-detector.ts'
import { selfTest } from '../../../workers/self-test.ts'
import { openSession } from '../../../workers/session.ts'
import type { SizedObjectDetector } from '../../../workers/types.ts'
import { starter, withoutShared, withoutStarter, yoloInt8 } from '../../helpers/models.ts'
import { samplePhoto } from '../../helpers/photos.ts'
import { temporaryFolder } from '../../helpers/temporary-folder.ts'
import { YoloCheckpoint } from '../../helpers/yolo-checkpoint.ts'
import { randomWeights } from '../../helpers/yolo-weights.ts'

const quiet = () => {}

const settings = loadConfig({ PRECISION: 'fp32' })

async function photo (sample: number) {
  return (await decodeFrame(await samplePhoto(sample), 1e8)).frame!
}

async function openPrepared (t: Test, model: SizedObjectDetector) {
  return await openObjectDetector(model, async (model, labels) => {
    const session = await openSession(model.path, 'cpu', 1)
    t.teardown(() => session.close())
    await selfTest(model, session, labels)
    return session
  })
}

t.test(
  'the features are the pooled inner maps, and the detections stay the same',
  { skip: withoutStarter },
  async t => {
    const yolo = starter.objectDetector!
    const prepared = await prepareDetector(
      yolo,
      { ...settings, MODELS_DIR: temporaryFolder(t), YOLO_IMGSZ: 320 },
      quiet
    )
    const frame = await photo(3)
    const detector = await openPrepared(t, prepared)
    t.equal(detector.features, `maps-1/${yolo.sha256.slice(0, 16)}/320`)
    const { features, detections } = await detector.findObjects(frame)
    t.match(features, { contract: detector.features, mean: { length: 1024 }, max: { length: 1024 } })

    // The raw maps, out of a file that gives them whole.
    const model = decodeModel(readFileSync(prepared.path))
    const taps = findTaps(model.graph!)!
    const names = taps.map((_, i) => `raw${i}`)
    model.graph!.node!.push(
      ...taps.map(({ value }, i) => ({ opType: 'Identity', input: [value], output: [names[i]!] }))
    )
    model.graph!.output!.push(...names.map(name => ({ name, type: { tensorType: { elemType: dataType.float } } })))
    const path = join(temporaryFolder(t), 'raw.onnx')
    writeFileSync(path, encodeModel(model))
    const session = await openSession(path, 'cpu', 1)
    t.teardown(() => session.close())
    let raw: Float32Array[] = []
    const plain = await createObjectDetector(
      prepared,
      {
        ...session,
        async run (data, shape) {
          const outputs = await session.run(data, shape)
          raw = names.map(name => outputs.find(output => output.name === name)!.data.slice())
          return outputs.filter(({ name }) => !names.includes(name))
        }
      },
      detector.labels
    )(frame)
    t.same(plain.detections, detections)

    // The photo fills its canvas but for a few rows of the grey rim, which the means leave out.
    let at = 0
    for (const [i, channels] of [128, 64, 256, 128, 64, 128, 256].entries()) {
      const length = raw[i]!.length / channels
      for (const channel of [0, channels - 1]) {
        const map = raw[i]!.subarray(channel * length, (channel + 1) * length)
        t.ok(Math.abs(Math.max(...map) - features!.max[at + channel]!) < 1e-4, `map ${i}, channel ${channel}: maximum`)
        const mean = map.reduce((sum, value) => sum + value, 0) / length
        const spread = Math.max(...map) - Math.min(...map)
        t.ok(
          Math.abs(mean - features!.mean[at + channel]!) < 0.05 * spread + 1e-4,
          `map ${i}, channel ${channel}: mean ${mean} is about ${features!.mean[at + channel]}`
        )
      }
      at += channels
    }
  }
)

t.test('files of other kinds', { skip: withoutStarter || withoutShared }, async t => {
  const frame = await photo(1)
  const weights = randomWeights(1)
  const dir = temporaryFolder(t)
  writeFileSync(
    join(dir, 'best.pt'),
    new YoloCheckpoint({ family: '11', scale: 'n', labels: ['sapling', 'spade'], weights }).zip()
  )
  const { path } = await convertYolo(join(dir, 'best.pt'), dir)
  const models: Record<string, SizedObjectDetector> = {
    'dynamic int8': yoloInt8,
    'a converted checkpoint': { ...starter.objectDetector!, id: 'best', path, labels: ['sapling', 'spade'] }
  }
  for (const [title, model] of Object.entries(models)) {
    const prepared = await prepareDetector(model, { ...settings, MODELS_DIR: dir }, quiet)
    t.equal(prepared.features?.length, 7, title)
    const { features } = await (await openPrepared(t, prepared)).findObjects(frame)
    t.ok(
      features!.mean.length > 500 &&
        features!.mean.every(Number.isFinite) &&
        features!.max.every((max, i) => max >= features!.mean[i]! - 1e-3),
      `${title}: finite, no mean above its maximum`
    )
  }
})

t.test(
  'a detector whose file cannot be opened with its maps is opened unchanged, and says so',
  { skip: withoutStarter },
  async t => {
    const yolo = starter.objectDetector!
    const prepared = await prepareDetector(yolo, { ...settings, MODELS_DIR: temporaryFolder(t) }, quiet)
    const { warnings, features, findObjects } = await openPrepared(t, {
      ...prepared,
      path: starter.faceDetector.path,
      labels: parseNames(readOnnxFacts(yolo.path).metadata['names']!)
    })
    t.match(warnings, [/yolov8n cannot be opened.*640 x 640.*taught/])
    t.match(features, /^labels-/)
    const seen = await findObjects(await photo(3))
    const person = seen.detections.find(({ label }) => label === 'person')!
    t.match(
      seen.features,
      { mean: { length: 0 }, max: { 0: Math.fround(person.score), length: 80 } },
      'its features are the best scores of its labels'
    )
  }
)
