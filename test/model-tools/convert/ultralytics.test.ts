import { writeFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { convertYolo, inspectOnnx } from '../../../src/model-tools/convert/index.ts'
import { decodeFrame } from '../../../workers/decode-photo.ts'
import { createObjectDetector } from '../../../workers/object-detector.ts'
import { createPicture, pictureOf } from '../../../workers/pixels.ts'
import { drawOnCanvas, letterboxCentre } from '../../../workers/letterbox.ts'
import { toPlanes } from '../../../workers/network-input.ts'
import { openSession } from '../../../workers/session.ts'
import { starter, withoutStarter } from '../../helpers/models.ts'
import { samplePhoto } from '../../helpers/photos.ts'
import { Call, Global, Instance, OrderedDict } from '../../helpers/pickle-writer.ts'
import { random } from '../../helpers/random.ts'
import { Network, yolo11 } from '../../helpers/reference-network.ts'
import { temporaryFolder } from '../../helpers/temporary-folder.ts'
import { rounded, TorchFile } from '../../helpers/torch-file.ts'
import { YoloCheckpoint, type YoloOptions } from '../../helpers/yolo-checkpoint.ts'
import { exportedWeights, randomNorm, randomWeights } from '../../helpers/yolo-weights.ts'

const side = 640
const anchors = 8400
const labels = ['seedling', "bird's nest", 'bin "for" waste', 'wheelbarrow']

function save (t: Test, bytes: Buffer): string {
  const path = join(temporaryFolder(t), 'best.pt')
  writeFileSync(path, bytes)
  return path
}

async function open (t: Test, path: string) {
  const session = await openSession(path, 'cpu', 2)
  t.teardown(() => session.close())
  return session
}

async function photoPlanes (sample: number): Promise<Float32Array> {
  const { frame } = await decodeFrame(await samplePhoto(sample), 50_000_000)
  const canvas = createPicture(side, side)
  drawOnCanvas(pictureOf(frame!), canvas, letterboxCentre(pictureOf(frame!), canvas), 114)
  const planes = new Float32Array(3 * side * side)
  toPlanes(canvas, { width: side, height: side, channels: 'RGB', mean: 0, std: 255 }, planes)
  return planes
}

/** Largest difference of the box rows (pixels) and of the class rows (probability). */
function differences (a: Float32Array, b: Float32Array): { pixels: number, score: number } {
  const most = (from: number, to: number) => {
    let largest = 0
    for (let i = from; i < to; i++) largest = Math.max(largest, Math.abs(a[i]! - b[i]!))
    return largest
  }
  return { pixels: most(0, 4 * anchors), score: most(4 * anchors, a.length) }
}

function small (family: YoloOptions['family'], options: Partial<YoloOptions> = {}): YoloCheckpoint {
  return new YoloCheckpoint({ family, scale: 'n', labels, weights: randomWeights(1), ...options })
}

const zeros: YoloOptions['weights'] = (_, shape) => ({
  weight: new Float32Array(shape.reduce((product, size) => product * size, 1)),
  bias: new Float32Array(shape[0]!)
})

t.test(
  'a YOLOv8n checkpoint with the starter weights gives the outputs of the starter model',
  { skip: withoutStarter },
  async t => {
    const original = starter.objectDetector!
    const { labels } = await inspectOnnx(original.path)
    const reference = await open(t, original.path)
    const expected = new Map<number, Float32Array>()
    for (const sample of [1, 3]) {
      expected.set(sample, (await reference.run(await photoPlanes(sample), [1, 3, side, side]))[0]!.data)
    }

    const kinds = { 'with batch norms': { norm: randomNorm(1) }, fused: {} }
    for (const [title, options] of Object.entries(kinds)) {
      const checkpoint = new YoloCheckpoint({
        family: 'v8',
        scale: 'n',
        labels: labels!,
        weights: exportedWeights(original.path),
        ...options
      })
      const converted = await convertYolo(save(t, checkpoint.zip()), temporaryFolder(t))
      t.same(converted.labels, labels)
      t.match(converted, { stride: 32, imageSize: [640, 640], cached: false })
      const session = await open(t, converted.path)
      for (const [sample, raw] of expected) {
        const [output] = await session.run(await photoPlanes(sample), [1, 3, side, side])
        t.same(output!.shape, [1, 84, anchors])
        const { pixels, score } = differences(output!.data, raw)
        t.ok(
          pixels < 0.01 && score < 1e-4,
          `${title}, photo ${sample}: boxes differ by ${pixels} px, scores by ${score}`
        )
      }

      const { frame } = await decodeFrame(await samplePhoto(1), 50_000_000)
      const { detections: found } = await createObjectDetector(original, session, labels!)(frame!)
      const { detections: wanted } = await createObjectDetector(original, reference, labels!)(frame!)
      t.ok(wanted.length > 0, 'the photo shows something')
      t.same(
        found.map(({ label }) => label),
        wanted.map(({ label }) => label)
      )
    }
  }
)

t.test('YOLO11 gives the outputs of an independent forward pass, whatever the image size', async t => {
  const checkpoint = small('11', { norm: randomNorm(2) })
  const converted = await convertYolo(save(t, checkpoint.zip()), temporaryFolder(t))
  t.same(converted.labels, labels)
  const session = await open(t, converted.path)
  const net = new Network(checkpoint.state, 1e-3)
  for (const [height, width] of [[64, 96], [96, 32]] as const) {
    const next = random(height)
    const input = Float32Array.from({ length: 3 * height * width }, next)
    const expected = yolo11(net, { channels: 3, height, width, data: Float64Array.from(input) })
    const [output] = await session.run(input, [1, 3, height, width])
    const cells = height * width * (1 / 64 + 1 / 256 + 1 / 1024)
    t.same(output!.shape, [1, 4 + labels.length, cells])
    const worst = output!.data.reduce((most, value, i) => Math.max(most, Math.abs(value - expected[i]!)), 0)
    t.ok(worst < 0.01, `${height} x ${width}: largest difference ${worst}`)
    t.ok(new Set(output!.data.subarray(4 * cells).map(value => Math.round(value * 1e3))).size > 10, 'the scores vary')
  }
})

t.test('a batch gives what its images give alone', async t => {
  const converted = await convertYolo(save(t, small('11').zip()), temporaryFolder(t))
  const session = await open(t, converted.path)
  const next = random(5)
  const images = [0, 1].map(() => Float32Array.from({ length: 3 * 64 * 64 }, next))
  const [batch] = await session.run(Float32Array.from(images.flatMap(image => [...image])), [2, 3, 64, 64])
  for (const [i, image] of images.entries()) {
    const [alone] = await session.run(image, [1, 3, 64, 64])
    const length = alone!.data.length
    t.ok(alone!.data.every((value, at) => Math.abs(value - batch!.data[i * length + at]!) < 1e-3), `image ${i}`)
  }
})

t.test('the models have as many parameters as Ultralytics publishes', t => {
  const published = [['v8', 'n', 3_157_200], ['v8', 's', 11_166_560], ['11', 'n', 2_624_080]] as const
  for (const [family, scale, count] of published) {
    const checkpoint = new YoloCheckpoint({
      family,
      scale,
      labels: Array.from({ length: 80 }, String),
      weights: zeros,
      norm: randomNorm(1)
    })
    t.equal(checkpoint.parameterCount, count, `YOLO${family}${scale}`)
  }
  t.end()
})

t.test('half-precision weights become the same floats', async t => {
  const weights = randomWeights(3)
  const roundedWeights: YoloOptions['weights'] = (path, shape) => {
    const { weight, bias } = weights(path, shape)
    return { weight: rounded(weight, 'Half'), bias: rounded(bias, 'Half') }
  }
  const half = small('v8', { weights: randomWeights(3), precision: 'Half' })
  const full = small('v8', { weights: roundedWeights })
  const outputs = []
  for (const checkpoint of [half, full]) {
    const session = await open(t, (await convertYolo(save(t, checkpoint.zip()), temporaryFolder(t))).path)
    outputs.push((await session.run(new Float32Array(3 * 64 * 64).fill(0.5), [1, 3, 64, 64]))[0]!.data)
  }
  t.same(outputs[0], outputs[1])
})

t.test('the averaged weights of an unfinished training are used', async t => {
  const checkpoint = small('v8', { weights: zeros })
  const saved = checkpoint.saved('ema')
  saved.set('model', new Instance('ultralytics.nn.tasks.DetectionModel', new Map()))
  saved.set('optimizer', new Map([['state', new Map([[0, checkpoint.file.tensor([1, 2], [2])]])]]))
  saved.set(
    'best_fitness',
    new Call(
      'numpy.core.multiarray.scalar',
      new Call('numpy.dtype', 'f8', false, true),
      new Call('_codecs.encode', '?', 'latin1')
    )
  )
  const converted = await convertYolo(save(t, checkpoint.file.zip(saved)), temporaryFolder(t))
  t.equal(converted.labels.length, labels.length)
})

t.test('the ONNX file says what it is', async t => {
  const converted = await convertYolo(save(t, small('v8', { weights: zeros }).zip()), temporaryFolder(t))
  const info = await inspectOnnx(converted.path)
  t.same(info.inputs, [{ name: 'images', type: 'float32', shape: ['batch', 3, 'height', 'width'] }])
  t.same(info.outputs, [{ name: 'output0', type: 'float32', shape: ['batch', 4 + labels.length, 'anchors'] }])
  t.same(info.labels, labels)
  t.match(info.metadata, { task: 'detect', stride: '32', imgsz: '[640, 640]', source_sha256: converted.sourceSha256 })
})

/** The layer at a path such as `model.9.m`. */
function layer (checkpoint: YoloCheckpoint, path: string): Instance {
  return path
    .split('.')
    .reduce((module, name) => (module.state.get('_modules') as Map<string, Instance>).get(name)!, checkpoint.network)
}

t.test('other models are refused with the name of what does not fit', async t => {
  const replace = (path: string, name: string, type: string) => (checkpoint: YoloCheckpoint) => {
    const modules = layer(checkpoint, path).state.get('_modules') as Map<string, unknown>
    modules.set(name, new Instance(type, (modules.get(name) as Instance).state))
  }
  const set = (path: string, name: string, value: unknown) => (checkpoint: YoloCheckpoint) => {
    layer(checkpoint, path).state.set(name, value)
  }
  const cyclic = (checkpoint: YoloCheckpoint) => {
    ;(layer(checkpoint, 'model.22.cv2.0').state.get('_modules') as Map<string, unknown>).set(
      '0',
      layer(checkpoint, 'model.22.cv2.0')
    )
  }
  const cases: Record<string, { change: (checkpoint: YoloCheckpoint) => void; message: RegExp }> = {
    'a segmentation head': {
      change: replace('model', '22', 'ultralytics.nn.modules.head.Segment'),
      message: /ultralytics\.nn\.modules\.head\.Segment/
    },
    'a pose head': { change: replace('model', '22', 'ultralytics.nn.modules.head.Pose'), message: /head\.Pose/ },
    'an unknown block': {
      change: replace('model', '8', 'ultralytics.nn.modules.block.A2C2f'),
      message: /block\.A2C2f/
    },
    'a custom activation': {
      change: replace('model.0', 'act', 'torch.nn.modules.activation.Hardswish'),
      message: /Hardswish/
    },
    'a block in the wrong place': {
      change: replace('model', '8', 'ultralytics.nn.modules.block.DFL'),
      message: /model\.8.*DFL/
    },
    'an end-to-end head': {
      change: checkpoint => {
        ;(layer(checkpoint, 'model.22').state.get('_modules') as Map<string, unknown>).set(
          'one2one_cv2',
          layer(checkpoint, 'model.22.cv2')
        )
      },
      message: /end-to-end/
    },
    'other class names': {
      change: checkpoint => {
        checkpoint.network.state.set('names', new Map([[0, 'one']]))
      },
      message: /names of 4 classes.*1/
    },
    'a missing layer': { change: set('model.12', 'f', 40), message: /model\.12.*40/ },
    'wrong channels': { change: set('model.12', 'f', 3), message: /channels/ },
    'another upsampling': { change: set('model.10', 'mode', 'bilinear'), message: /model\.10\.mode.*bilinear/ },
    'another padding': { change: set('model.0.conv', 'padding_mode', 'reflect'), message: /reflect/ },
    'layers inside themselves': { change: cyclic, message: /nested/ }
  }
  for (const [title, { change, message }] of Object.entries(cases)) {
    const checkpoint = small('v8', { weights: zeros })
    change(checkpoint)
    const cache = temporaryFolder(t)
    await t.rejects(convertYolo(save(t, checkpoint.zip()), cache), { code: 'unsupported_model', message }, title)
    t.same(await readdir(cache), [], title)
  }
})

t.test('other checkpoints are refused with what they are', async t => {
  const checkpoint = small('v8', { weights: zeros })
  const cases: [string, unknown, RegExp][] = [
    [
      'a segmentation model',
      checkpoint.saved('model', new Instance('ultralytics.nn.tasks.SegmentationModel', new Map())),
      /SegmentationModel/
    ],
    [
      'a classification model',
      checkpoint.saved('model', new Instance('ultralytics.nn.tasks.ClassificationModel', new Map())),
      /ClassificationModel/
    ],
    [
      'YOLOv5',
      checkpoint.saved('model', new Instance('models.yolo.DetectionModel', new Map())),
      /models\.yolo\.DetectionModel/
    ],
    [
      'another layer as the model',
      checkpoint.saved('model', layer(checkpoint, 'model.0')),
      /DetectionModel.*conv\.Conv/
    ],
    [
      'a state dict',
      new OrderedDict([['model.0.conv.weight', checkpoint.file.tensor([1], [1])]]),
      /model\.0\.conv\.weight/
    ],
    ['a list', [], /network/]
  ]
  for (const [title, value, message] of cases) {
    await t.rejects(
      convertYolo(save(t, checkpoint.file.zip(value)), temporaryFolder(t)),
      { code: 'unsupported_model', message },
      title
    )
  }
})

t.test('code is refused by its name', async t => {
  for (const name of [
    'os.system',
    'posix.system',
    'builtins.eval',
    'builtins.exec',
    '__builtin__.__import__',
    'subprocess.Popen',
    'torch.load',
    'ultralytics.utils.checks.check_requirements'
  ]) {
    for (const value of [new Global(name), new Call(name, 'touch pwned')]) {
      const path = save(
        t,
        new TorchFile().zip(
          new Map([
            ['model', null],
            ['updates', value]
          ])
        )
      )
      await t.rejects(
        convertYolo(path, temporaryFolder(t)),
        { code: 'refused_global', message: new RegExp(name.replaceAll('.', '\\.')) },
        name
      )
    }
  }
})
