import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t, { type Test } from 'tap'
import { type Config, loadConfig } from '../../../src/config/config.ts'
import { quantize } from '../../../src/model-tools/commands/quantize.ts'
import { addLocalModel, readManifest } from '../../../src/models/manifest-file.ts'
import { reshapedYolo } from '../../../src/model-tools/reshape/index.ts'
import { resolveModels } from '../../../src/models/resolve.ts'
import { hashFile } from '../../../src/models/file-hash.ts'
import { cosine } from '../../../src/verification/match.ts'
import { iou } from '../../../workers/boxes.ts'
import { createFaceDetector } from '../../../workers/face-detector.ts'
import { decodeFrame } from '../../../workers/decode-photo.ts'
import { createObjectDetector } from '../../../workers/object-detector.ts'
import { openModels } from '../../../workers/open-models.ts'
import { openSession } from '../../../workers/session.ts'
import type { Face } from '../../../workers/types.ts'
import { scrfdFixed, setupOf, starter, withoutShared, withoutStarter } from '../../helpers/models.ts'
import { drawing, samplePhoto } from '../../helpers/photos.ts'
import { temporaryFolder } from '../../helpers/temporary-folder.ts'
import { writeTinyOnnx } from '../../helpers/tiny-onnx.ts'

interface Report { id: string, path: string, size: number, photos: number, unreadable: number, runs: number }

/** The command in a MODELS_DIR of its own that has the starter pack. */
function world (t: Test): {
  config: Config
  folder: string
  run: (name: string, values?: Record<string, string | boolean>) => Promise<Report>
} {
  const folder = temporaryFolder(t)
  symlinkSync(dirname(starter.faceDetector.path), join(folder, 'starter'))
  const config = loadConfig({ MODELS_DIR: folder, DET_W: '640', DET_H: '640' })
  return {
    config,
    folder,
    run: async (name, values = {}) =>
      (await quantize.run([name], values, { config, manifest: await readManifest(config) })).data as Report
  }
}

async function photoFolder (t: Test, ...samples: number[]): Promise<string> {
  const folder = temporaryFolder(t)
  for (const sample of samples) writeFileSync(join(folder, `${sample}.jpg`), await samplePhoto(sample))
  return folder
}

t.test('an object detector', { skip: withoutStarter }, async t => {
  const { config, folder, run } = world(t)
  const photos = await photoFolder(t, 1, 2)
  mkdirSync(join(photos, 'notes'))
  writeFileSync(join(photos, 'notes/list.csv'), 'no photo')
  const made = await run('yolov8n', { photos })
  t.match(made, {
    id: 'yolov8n_int8',
    path: join(folder, 'quantized/yolov8n_int8.onnx'),
    photos: 2,
    unreadable: 1,
    runs: 2
  })
  t.ok(made.size < 0.3 * statSync(starter.objectDetector!.path).size, `${made.size} bytes`)
  t.same(
    readdirSync(folder).sort(),
    ['local.json', 'quantized', 'starter'],
    'no photo and no calibration graph is left'
  )

  const manifest = await readManifest(config)
  t.match(manifest.models['yolov8n_int8'], {
    title: /^YOLOv8n.*int8 from yolov8n \(sha256 9697a185dd8e\.\.\.\), 2 photos$/,
    licence: starter.objectDetector!.licence,
    size: made.size,
    sources: []
  })
  const models = await resolveModels({ ...config, YOLO_MODEL_PATH: 'yolov8n_int8' }, manifest)
  const { frame } = await decodeFrame(await samplePhoto(3), 1e8)
  const objects = async (set: typeof models) => {
    const inference = await openModels(setupOf(set))
    t.teardown(() => inference.close())
    return (await inference.objects({ frame: frame! })).detections
  }
  const float = (await objects(starter)).filter(({ score }) => score > 0.4)
  const integer = await objects(models)
  t.ok(float.length >= 3, 'there is something to find')
  for (const { label, box, score } of float) {
    t.ok(
      integer.some(other => other.label === label && iou(other.box, box) > 0.8 && Math.abs(other.score - score) < 0.2),
      `${label} ${score} is found`
    )
  }
  t.not(JSON.stringify(integer), JSON.stringify(await objects(starter)))

  const session = await openSession(
    await reshapedYolo(made.path, models.objectDetector!.sha256, 'any', join(folder, 'cache')),
    'cpu',
    1
  )
  t.teardown(() => session.close())
  t.same(session.inputShape, [1, 3, null, null])
  const { detections: wide } = await createObjectDetector(models.objectDetector!, session, ['person'])(frame!)
  t.ok(
    wide.some(({ label, box }) => label === 'person' && iou(box, float[0]!.box) > 0.8),
    'its input size can be opened'
  )

  const before = readFileSync(made.path)
  await t.rejects(run('yolov8n', { photos }), { code: 'target_exists', message: /remove yolov8n_int8/ })
  t.same(readFileSync(made.path), before, 'what is there is not overwritten')
  await t.rejects(run('yolov8n', { photos, id: 'fr_detect' }), {
    code: 'target_exists',
    message: /the model fr_detect/
  })
})

t.test('a face embedder', { skip: withoutStarter }, async t => {
  const { config, run } = world(t)
  const made = await run('fr_feature', { photos: await photoFolder(t, 1, 2), id: 'smaller', 'reduce-range': true })
  t.ok(made.runs > 2, 'every face of a photo counts')
  const models = await resolveModels({ ...config, FACE_EMBEDDER: 'smaller' }, await readManifest(config))
  t.match(models.faceEmbedder.threshold, {
    value: starter.faceEmbedder.threshold.value,
    measured: /^Not measured on this model: copied from fr_feature/
  })
  t.not(models.faceEmbedder.sha256, starter.faceEmbedder.sha256, 'its templates are its own')

  const { frame } = await decodeFrame(await samplePhoto(3), 1e8)
  const faces = async (set: typeof models): Promise<Face[]> => {
    const inference = await openModels(setupOf(set))
    t.teardown(() => inference.close())
    return await inference.faces({ frame: frame!, embedLimit: 2 })
  }
  const float = await faces(starter)
  for (const [i, { embedding }] of (await faces(models)).entries()) {
    if (embedding !== null) { t.ok(cosine(embedding, float[i]!.embedding!) > 0.9, `cosine ${cosine(embedding, float[i]!.embedding!)}`) }
  }
})

t.test('a face detector, of an older operator set', { skip: withoutStarter || withoutShared }, async t => {
  const { config, run } = world(t)
  const { id, path, ...entry } = scrfdFixed
  const { size, sha256 } = (await hashFile(path))!
  await addLocalModel(
    'scrfd',
    { ...entry, file: path, size, sha256, licence: { ...entry.licence, commercial: true } },
    config
  )
  const made = await run('scrfd', { photos: await photoFolder(t, 1, 2) })
  t.match(made, { id: 'scrfd_int8', photos: 2 })

  const { frame } = await decodeFrame(await samplePhoto(3), 1e8)
  const [float, integer] = await Promise.all([path, made.path].map(async file => {
    const session = await openSession(file, 'cpu', 1)
    t.teardown(() => session.close())
    return await createFaceDetector(scrfdFixed, session)(frame!)
  }))
  t.ok(float!.length >= 2, 'there is something to find')
  for (const { box } of float!.filter(({ score }) => score > 0.6)) {
    t.ok(integer!.some(other => iou(other.box, box) > 0.7), `the face at ${box.map(Math.round)} is found`)
  }
})

t.test('what cannot be quantised is refused and leaves nothing behind', { skip: withoutStarter }, async t => {
  const { folder, run } = world(t)
  const empty = temporaryFolder(t)
  const rubbish = temporaryFolder(t)
  writeFileSync(join(rubbish, 'photo.jpg'), 'no photo')
  await t.rejects(run('yolov8n'), { name: 'UsageError', message: /--photos/ })
  await t.rejects(run('yolov8n', { photos: empty, id: '../../models/up' }), { name: 'UsageError', message: /--id/ })
  await t.rejects(run('no-such-model', { photos: empty }), {
    name: 'UsageError',
    message: /no model and no file no-such-model/
  })
  await t.rejects(run('yolov8n', { photos: empty }), { code: 'no_photos', message: /empty folder/ })
  await t.rejects(run('yolov8n', { photos: join(empty, 'none') }), { code: 'unreadable_file', message: /ENOENT/ })
  await t.rejects(run('yolov8n', { photos: rubbish }), { code: 'no_photos', message: /none among 1 files/ })
  await t.rejects(run('fr_liveness', { photos: rubbish }), {
    code: 'unsupported_model',
    message: /found fr_liveness for liveness/
  })

  const labels = { names: '{0: \'thing\'}' }
  const plain = writeTinyOnnx(join(empty, 'plain.onnx'), { outputs: { output0: [1, 5, 8400] }, metadata: labels })
  await t.rejects(run(plain, { photos: rubbish }), { code: 'unsupported_model', message: /with convolutions/ })
  t.same(readdirSync(folder).sort(), ['starter'])
  t.notOk(existsSync(join(folder, 'quantized')))
})

t.test('photos without a face say nothing about faces', { skip: withoutStarter }, async t => {
  const { run } = world(t)
  const photos = temporaryFolder(t)
  writeFileSync(join(photos, 'green.jpg'), await drawing('jpeg'))
  await t.rejects(run('fr_feature', { photos }), { code: 'no_photos', message: /expected faces .* none on 1/ })
})
