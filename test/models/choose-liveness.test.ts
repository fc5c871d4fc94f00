import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { loadConfig } from '../../src/config/config.ts'
import { chooseLiveness } from '../../src/models/choose-liveness.ts'
import { readManifest } from '../../src/models/manifest-file.ts'
import { prepareModels } from '../../src/models/prepare.ts'
import { resolveModels } from '../../src/models/resolve.ts'
import { openModels } from '../../workers/open-models.ts'
import { decodeShared, firstFace, golden } from '../helpers/golden.ts'
import { miniFasNetState, stateDict } from '../helpers/minifasnet-checkpoint.ts'
import { setupOf, shared, starter, withoutShared, withoutStarter } from '../helpers/models.ts'
import { temporaryFolder } from '../helpers/temporary-folder.ts'
import { writeTinyOnnx } from '../helpers/tiny-onnx.ts'
import { TorchFile } from '../helpers/torch-file.ts'
import { activeThresholds } from '../../src/verification/thresholds.ts'

const manifest = await readManifest({ MODELS_DIR: 'models' })

async function choose (dir: string, LIVENESS_MODEL_PTH: string, settings: Record<string, string> = {}) {
  return await chooseLiveness(loadConfig({ MODELS_DIR: dir, LIVENESS_MODEL_PTH, ...settings }), [], manifest)
}

/** Random MiniFASNetV2 weights. */
function saveWeights (path: string, classes = 3): string {
  const file = new TorchFile()
  writeFileSync(path, file.zip(stateDict(file, miniFasNetState('V2', false, { classes }))))
  return path
}

t.test('an ensemble weights its families and has its own threshold', async t => {
  const { liveness, ensembleThreshold } = await choose('/weights', 'ensemble')
  t.same(
    liveness.map(({ id, weight }) => [id, weight]),
    [
      ['fr_liveness', 2],
      ['minifasnet_v2', 2],
      ['minifasnet_v1se', 2],
      ['facenox', 1]
    ]
  )
  const grouped = structuredClone(manifest)
  grouped.ensembles['ensemble'] = {
    ...manifest.ensembles['ensemble']!,
    families: [['fr_liveness'], ['minifasnet_v2', 'minifasnet_v1se'], ['facenox']]
  }
  delete grouped.ensembles['ensemble'].weights
  const shared = await chooseLiveness(loadConfig({ LIVENESS_MODEL_PTH: 'ensemble' }), [], grouped)
  t.same(shared.liveness.map(({ weight }) => weight), [1, 0.5, 0.5, 1], 'a family shares one voice')
  t.same(ensembleThreshold, manifest.ensembles['ensemble']!.threshold)
  const models = { ...starter, liveness, ensembleThreshold: ensembleThreshold! }
  t.equal(activeThresholds(loadConfig({}), models).liveness, ensembleThreshold!.value)
  t.equal(
    activeThresholds(loadConfig({ LIVENESS_THRESHOLD: '0.9' }), models).liveness,
    0.9,
    'the operator has the last word'
  )
  t.equal(activeThresholds(loadConfig({}), { ...starter, liveness: [] }).liveness, null)

  const thresholds = liveness
    .slice(0, 2)
    .map((model, i) => ({ ...model, threshold: { value: i === 0 ? 0.25 : 0.75, measured: '' } }))
  t.equal(
    activeThresholds(loadConfig({}), { ...starter, liveness: thresholds }).liveness,
    0.5,
    'a list that nobody measured: the mean'
  )
  await t.rejects(choose('/weights', 'ensemble,facenox'), {
    name: 'ConfigError',
    message: /mixes an ensemble with other models/
  })
})

t.test('known models keep their facts', async t => {
  for (const [settings, message] of [
    [
      { REAL_CLASS_INDEX: '2' },
      /REAL_CLASS_INDEX=2 contradicts the liveness model minifasnet_v2, whose value is 1; another class would let attacks pass as live/
    ],
    [
      { LIVENESS_STD: '255' },
      /LIVENESS_STD=255 contradicts .* whose value is 1; another scaling makes its answer the same for every photo/
    ],
    [{ LIVENESS_CHANNELS: 'RGB' }, /whose value is BGR; swapped colours/],
    [{ LIVENESS_CROP_SCALE: '4' }, /whose value is 2\.7/],
    [{ LIVENESS_NUM_CLASSES: '2' }, /whose value is 3/],
    [{ LIVENESS_IMG_SIZE: '128' }, /whose value is 80/]
  ] as const) {
    await t.rejects(choose('/weights', 'minifasnet_v2', settings), { name: 'ConfigError', message })
  }
  await t.resolves(
    choose('/weights', 'minifasnet_v2', {
      REAL_CLASS_INDEX: '1',
      LIVENESS_IMG_SIZE: '80',
      LIVENESS_CROP_SCALE: '2.7',
      LIVENESS_CHANNELS: 'BGR',
      LIVENESS_STD: '1',
      LIVENESS_MEAN: '0'
    })
  )
  await t.resolves(choose('/weights', 'minifasnet_v2@2.7'))
  await t.rejects(choose('/weights', 'minifasnet_v2@4'), {
    message: /@4 contradicts the liveness model minifasnet_v2, whose value is 2\.7/
  })
})

t.test('weights of one\'s own: what the file says, then the settings', async t => {
  const dir = temporaryFolder(t)
  const path = saveWeights(join(dir, '3.1_80x80_MiniFASNetV2.pth'))
  const { liveness: [model] } = await choose(dir, path)
  t.match(model, {
    id: '3.1_80x80_MiniFASNetV2',
    file: path,
    input: { width: 80, height: 80, channels: 'BGR', mean: 0, std: 1 },
    crop: { rule: 'silent-face', scale: 3.1 },
    classes: 3,
    realClass: 1,
    threshold: { value: 0.5, measured: /^not measured/ }
  })
  t.match(model!.path, join(dir, 'cache/liveness'))
  t.equal((await choose(dir, `${path}@1.8`)).liveness[0]!.crop.scale, 1.8)
  t.match(
    (await choose(dir, path, { REAL_CLASS_INDEX: '0' })).liveness[0],
    { realClass: 0 },
    'somebody may have trained it so'
  )
  t.match(
    (await choose(dir, `fr_liveness,${path}`, { REAL_CLASS_INDEX: '2' })).liveness.map(({ realClass }) => realClass),
    [0, 2],
    'settings describe the unknown model alone'
  )
  await t.rejects(choose(dir, path, { LIVENESS_IMG_SIZE: '128' }), {
    message: /LIVENESS_IMG_SIZE=128 contradicts the file, which has 80/
  })
  await t.rejects(choose(dir, path, { LIVENESS_NUM_CLASSES: '2' }), { message: /contradicts the file, which has 3/ })
  await t.rejects(choose(dir, path, { REAL_CLASS_INDEX: '3' }), {
    message: /REAL_CLASS_INDEX=3 should be below its 3 classes/
  })

  const nameless = saveWeights(join(dir, 'mine.pth'), 2)
  await t.rejects(
    choose(dir, `${nameless}@2.7`),
    { message: /which class means a live person; set REAL_CLASS_INDEX/ },
    'two classes have no usual order'
  )
  await t.rejects(choose(dir, nameless, { REAL_CLASS_INDEX: '1' }), { message: /set LIVENESS_CROP_SCALE/ })
  t.match((await choose(dir, nameless, { REAL_CLASS_INDEX: '1', LIVENESS_CROP_SCALE: '2' })).liveness[0], {
    classes: 2,
    realClass: 1,
    crop: { scale: 2 }
  })
})

t.test('an ONNX file of one\'s own', async t => {
  const dir = temporaryFolder(t)
  const path = writeTinyOnnx(join(dir, 'mine.onnx'), { input: ['n', 3, 64, 64], outputs: { scores: ['n', 2] } })
  const full = { REAL_CLASS_INDEX: '1', LIVENESS_CROP_SCALE: '1.5', LIVENESS_CHANNELS: 'RGB', LIVENESS_STD: '255' }
  t.match((await choose(dir, path, full)).liveness[0], {
    path,
    input: { width: 64, channels: 'RGB', mean: 0, std: 255 },
    classes: 2,
    realClass: 1,
    crop: { scale: 1.5 }
  })
  for (const name of Object.keys(full)) {
    const { [name as keyof typeof full]: _, ...others } = full
    await t.rejects(choose(dir, path, others), {
      name: 'ConfigError',
      message: new RegExp(`set ${name}, or describe the model in .*local\\.json`)
    })
  }
  const open = writeTinyOnnx(join(dir, 'open.onnx'), {
    input: ['n', 3, 'h', 'w'],
    outputs: { scores: ['n', 'classes'] }
  })
  await t.rejects(choose(dir, open, full), { message: /set LIVENESS_IMG_SIZE/ })
  t.match((await choose(dir, open, { ...full, LIVENESS_IMG_SIZE: '96', LIVENESS_NUM_CLASSES: '4' })).liveness[0], {
    input: { width: 96 },
    classes: 4
  })

  for (const [model, message] of [
    [
      { input: [1, 3, 640, 640], outputs: { output0: [1, 84, 8400] } },
      /expected one score for each class, \[n, classes\], found the output \[1, 84, 8400\]/
    ],
    [
      { input: [1, 1, 64, 64], outputs: { scores: [1, 2] } },
      /expected a liveness model with one input \[n, 3, side, side\]/
    ],
    [{ input: [1, 3, 64, 80], outputs: { scores: [1, 2] } }, /expected a square input, found 64 x 80/]
  ] as [Parameters<typeof writeTinyOnnx>[1], RegExp][]) {
    await t.rejects(choose(dir, writeTinyOnnx(join(dir, 'other.onnx'), model), full), { name: 'ConfigError', message })
  }
})

t.test('files that are no weights', async t => {
  const dir = temporaryFolder(t)
  const path = join(dir, 'bad.pth')
  for (const [bytes, message] of [
    ['', /an empty file/], ['version https://git-lfs.github.com/spec/v1', /Git LFS pointer/],
    [Buffer.from('\x80\x02cos\nsystem\n(S\'true\'\ntR.', 'latin1'), /LIVENESS_MODEL_PTH=.*bad\.pth: expected/]
  ] as const) {
    writeFileSync(path, bytes)
    await t.rejects(choose(dir, path), { name: 'ConfigError', message })
  }
  await t.rejects(choose(dir, join(dir, 'none.pth')), { message: /is neither a file nor a known liveness/ })
})

async function prepareWith (t: Test, settings: Record<string, string>) {
  const dir = temporaryFolder(t)
  mkdirSync(join(dir, 'starter'))
  for (const { path, file } of [
    starter.faceDetector,
    starter.faceLandmarks!,
    starter.faceEmbedder,
    ...starter.liveness,
    starter.objectDetector!
  ]) { copyFileSync(path, join(dir, file)) }
  const config = loadConfig({ MODELS_DIR: dir, ...settings })
  return await prepareModels(await resolveModels(config, manifest), config, manifest)
}

t.test(
  'the official .pth, wherever it lies, gives the reference scores',
  { skip: withoutShared || withoutStarter },
  async t => {
    const files = ['2.7_80x80_MiniFASNetV2.pth', '4_0_0_80x80_MiniFASNetV1SE.pth'].map(name =>
      shared(`models/minifasnet/${name}`)
    )
    const models = await prepareWith(t, { LIVENESS_MODEL_PTH: files.join(', ') })
    t.same(
      models.liveness.map(({ id, crop }) => [id, crop.scale]),
      [
        ['minifasnet_v2', 2.7],
        ['minifasnet_v1se', 4]
      ]
    )
    t.equal(
      models.liveness[0]!.sha256,
      manifest.models['minifasnet_v2']!.sha256,
      'the source is what is named and checked'
    )
    const { liveness, close } = await openModels(setupOf(models))
    t.teardown(close)
    for (const face of golden.filter(({ minifasnet }) => minifasnet !== undefined).slice(0, 4)) {
      const { models: each } = await liveness({ frame: await decodeShared(face.image), box: firstFace(face)!.box })
      const mean = (each[0]!.score + each[1]!.score) / 2
      t.ok(Math.abs(mean - face.minifasnet!.real_probability) <= 0.03, face.name)
    }
  }
)

t.test('the ensemble installs from a folder and judges', { skip: withoutShared || withoutStarter }, async t => {
  const mirror = temporaryFolder(t)
  for (const file of [
    'minifasnet/2.7_80x80_MiniFASNetV2.pth',
    'minifasnet/4_0_0_80x80_MiniFASNetV1SE.pth',
    'facenox/best_98.20.onnx'
  ]) {
    writeFileSync(join(mirror, file.split('/')[1]!), readFileSync(shared(`models/${file}`)))
  }
  const models = await prepareWith(t, { LIVENESS_MODEL_PTH: 'ensemble', MODEL_MIRROR: mirror })
  const { liveness, close } = await openModels(setupOf(models))
  t.teardown(close)
  const face = golden.find(({ minifasnet }) => minifasnet !== undefined)!
  const { score, models: each } = await liveness({ frame: await decodeShared(face.image), box: firstFace(face)!.box })
  const odds = (id: string) => {
    const { score } = each.find(model => model.id === id)!
    return Math.log(score / (1 - score))
  }
  const fused =
    (2 * odds('fr_liveness') + 2 * odds('minifasnet_v2') + 2 * odds('minifasnet_v1se') + odds('facenox')) / 7
  t.ok(Math.abs(score - 1 / (1 + Math.exp(-fused))) < 1e-4, 'the weighted mean of the log-odds')
})
