import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { dataType, type ModelProto } from '../../../onnx/schema.ts'
import { decodeModel, encodeModel } from '../../../src/model-tools/convert/onnx.ts'
import { reshaped, reshapedYolo, reshapeYolo } from '../../../src/model-tools/reshape/index.ts'
import { decodeFrame } from '../../../workers/decode-photo.ts'
import { iou } from '../../../workers/boxes.ts'
import { createObjectDetector } from '../../../workers/object-detector.ts'
import { parseNames, readOnnxFacts } from '../../../workers/onnx-file.ts'
import { openSession } from '../../../workers/session.ts'
import { starter, withoutStarter } from '../../helpers/models.ts'
import { samplePhoto } from '../../helpers/photos.ts'

const yolo = starter.objectDetector!

t.test('a real export', { skip: withoutStarter }, async t => {
  const dir = t.testdir()
  const labels = parseNames(readOnnxFacts(yolo.path).metadata['names']!)
  const { frame } = await decodeFrame(await samplePhoto(3), 1e8)
  const detections = async (path: string, width: number | null, height: number | null) => {
    const session = await openSession(path, 'cpu', 1)
    t.teardown(() => session.close())
    t.same(session.inputShape, [1, 3, height, width])
    return (
      await createObjectDetector(
        { ...yolo, input: { ...yolo.input, width: width ?? 640, height: height ?? 640 } },
        session,
        labels
      )(frame!)
    ).detections
  }
  const original = await detections(yolo.path, 640, 640)
  t.ok(original.length >= 3, 'there is something to find')

  const same = join(dir, 'same.onnx')
  await reshapeYolo(yolo.path, { width: 640, height: 640 }, same)
  t.same(await detections(same, 640, 640), original, 'the same size gives equal detections')

  const there = join(dir, 'there.onnx')
  const back = join(dir, 'back.onnx')
  await reshapeYolo(yolo.path, { width: 640, height: 480 }, there)
  await reshapeYolo(there, { width: 640, height: 640 }, back)
  t.same(await detections(back, 640, 640), original, 'there and back gives equal detections')

  const open = join(dir, 'open.onnx')
  await reshapeYolo(yolo.path, 'any', open)
  const wide = await detections(open, null, null)
  t.same(wide, await detections(there, 640, 480), 'a computed grid gives what constants give')
  for (const { label, box, score } of original.filter(({ score }) => score > 0.5)) {
    t.ok(
      wide.some(other => other.label === label && iou(other.box, box) > 0.9 && Math.abs(other.score - score) < 0.15),
      `${label} is found without the rim, too`
    )
  }
})

t.test('a reshaped file is made once for each source', { skip: withoutStarter }, async t => {
  const dir = join(t.testdir(), 'cache')
  const size = { width: 64, height: 32 }
  const path = await reshapedYolo(yolo.path, yolo.sha256, size, dir)
  const made = readFileSync(path)
  t.same(decodeModel(made).metadataProps?.find(({ key }) => key === 'imgsz')?.value, '[32, 64]')
  t.equal(await reshapedYolo('/no/such/yolov8n.onnx', yolo.sha256, size, dir), path)
  t.not(await reshapedYolo(yolo.path, '0'.repeat(64), size, dir), path)
  writeFileSync(path, made.subarray(0, 1000))
  t.same(readFileSync(await reshapedYolo(yolo.path, yolo.sha256, size, dir)), made, 'a damaged file is made anew')
  t.equal(readdirSync(dir).length, 4, 'and nothing but the files and their hashes is left in the cache')
})

/** The shape constants of an export with a 32 x 32 input, as later versions of Ultralytics write them. */
function drawn (change: Partial<Record<'points' | 'strides', number[]>> = {}): ModelProto {
  const count = 16 + 4 + 1
  const grid = [4, 2, 1].flatMap(side =>
    Array.from({ length: side * side }, (_, i) => [(i % side) + 0.5, Math.floor(i / side) + 0.5])
  )
  const points = change.points ?? [...grid.map(([x]) => x!), ...grid.map(([, y]) => y!)]
  const strides = change.strides ?? [4, 2, 1].flatMap(side => Array.from({ length: side * side }, () => 32 / side))
  const float = (name: string, dims: number[], values: number[]) => ({
    name,
    dims,
    dataType: dataType.float,
    rawData: new Uint8Array(Float32Array.from(values).buffer)
  })
  const int64 = (name: string, values: number[]) => ({
    name,
    dims: [values.length],
    dataType: dataType.int64,
    int64Data: values.map(BigInt)
  })
  return {
    opsetImport: [{ version: 17 }],
    graph: {
      input: [
        {
          name: 'images',
          type: {
            tensorType: {
              elemType: 1,
              shape: { dim: [{ dimValue: 1 }, { dimValue: 3 }, { dimValue: 32 }, { dimValue: 32 }] }
            }
          }
        }
      ],
      output: [
        {
          name: 'output0',
          type: { tensorType: { elemType: 1, shape: { dim: [{ dimValue: 1 }, { dimValue: 6 }, { dimValue: count }] } } }
        }
      ],
      initializer: [
        float('points', [1, 2, count], points),
        float('strides', [1, count], strides),
        int64('all', [1, 4, count]),
        int64('level', [1, 64, 16]),
        int64('rows', [1, 8, 4, 4]),
        int64('open', [1, 144, -1]),
        int64('no shape', [1, 4, count])
      ],
      node: ['all', 'level', 'rows', 'open'].map(name => ({
        opType: 'Reshape',
        input: ['x', name],
        output: [`${name} out`]
      })),
      // A value_info field, whose shapes would contradict the new ones.
      unknown: [Uint8Array.of(13 * 8 + 2, 0)]
    }
  }
}

t.test('every constant that holds the size', async t => {
  const { graph } = decodeModel(encodeModel(reshaped(drawn(), { width: 64, height: 32 })))
  const numbers = (name: string) => {
    const { dataType: type, rawData, int64Data } = graph!.initializer!.find(tensor => tensor.name === name)!
    const { buffer } = Uint8Array.from(rawData ?? [])
    return type === dataType.float
      ? [...new Float32Array(buffer)]
      : Array.from(int64Data ?? new BigInt64Array(buffer), Number)
  }
  const count = 32 + 8 + 2
  t.same(numbers('all'), [1, 4, count])
  t.same(numbers('level'), [1, 64, 32])
  t.same(numbers('rows'), [1, 8, 4, 8])
  t.same(numbers('open'), [1, 144, -1], 'an open length stays open')
  t.same(numbers('no shape'), [1, 4, 21], 'numbers that are no shape stay as they are')
  t.same(numbers('strides'), [...Array(32).fill(8), ...Array(8).fill(16), ...Array(2).fill(32)])
  t.same(numbers('points').slice(0, 9), [0.5, 1.5, 2.5, 3.5, 4.5, 5.5, 6.5, 7.5, 0.5])
  t.equal(numbers('points').length, 2 * count)
  t.same(graph!.input![0]!.type!.tensorType!.shape!.dim!.map(({ dimValue }) => dimValue), [1, 3, 32, 64])
  t.same(graph!.output![0]!.type!.tensorType!.shape!.dim!.map(({ dimValue }) => dimValue), [1, 6, count])
  t.equal(graph!.unknown, undefined)
})

t.test('an input that is left open', async t => {
  const { graph } = decodeModel(encodeModel(reshaped(drawn(), 'any')))
  const { initializer = [], node = [] } = graph!
  const numbers = (name: string) => {
    const found = initializer.find(tensor => tensor.name === name)
    return found && Array.from(found.int64Data ?? new BigInt64Array(Uint8Array.from(found.rawData!).buffer), Number)
  }
  t.same(numbers('all'), [1, 4, -1])
  t.same(numbers('level'), [1, 64, -1])
  for (const name of ['rows', 'points', 'strides']) {
    t.equal(numbers(name), undefined)
    t.equal(node.filter(({ output }) => output?.includes(name)).length, 1, `${name} is computed`)
  }
  t.same(numbers('open'), [1, 144, -1])
  const known = new Set(['images', 'x', ...initializer.map(({ name }) => name)])
  for (const { input = [], output = [] } of node) {
    t.ok(input.every(name => known.has(name)), `${output[0]} comes after its inputs`)
    for (const name of output) known.add(name)
  }
  t.same(
    graph!.input![0]!.type!.tensorType!.shape!.dim!.map(({ dimValue, dimParam }) => dimValue ?? dimParam),
    [1, 3, 'height', 'width']
  )
  t.same(
    graph!.output![0]!.type!.tensorType!.shape!.dim!.map(({ dimValue, dimParam }) => dimValue ?? dimParam),
    [1, 6, 'cells']
  )

  const expanded = drawn()
  expanded.graph!.node![0]!.opType = 'Expand'
  t.throws(() => reshaped(expanded, 'any'), { code: 'unsupported_model', message: /Expand to \[1, 4, 21\]/ })
  t.throws(() => reshaped(reshaped(drawn(), 'any'), 'any'), { code: 'unsupported_model', message: /fixed size/ })
})

t.test('what cannot be reshaped is refused', async t => {
  for (const size of [{ width: 100, height: 64 }, { width: 64, height: 0 }, { width: -32, height: 32 }]) {
    t.throws(() => reshaped(drawn(), size), { code: 'unsupported_model', message: /multiples of 32/ })
  }
  t.throws(() => reshaped(drawn({ points: Array(42).fill(7) }), { width: 64, height: 64 }), {
    code: 'unsupported_model',
    message: /points/
  })
  const plain = drawn()
  t.throws(() => reshaped({ ...plain, graph: { ...plain.graph, initializer: [] } }, { width: 64, height: 64 }), {
    code: 'unsupported_model',
    message: /anchor points/
  })
  t.throws(() => reshaped({ ...plain, graph: { ...plain.graph, input: [] } }, { width: 64, height: 64 }), {
    code: 'unsupported_model',
    message: /one input/
  })
})

t.test('a refused file leaves nothing behind', { skip: withoutStarter }, async t => {
  const target = join(t.testdir(), 'target.onnx')
  await t.rejects(reshapeYolo(starter.faceEmbedder.path, { width: 640, height: 480 }, target), {
    code: 'unsupported_model'
  })
  t.notOk(existsSync(target))
})
