import t from 'tap'
import { faceFormats, objectFormats } from '../../../workers/formats/index.ts'
import type { Output } from '../../../workers/session.ts'

const canvas = { width: 64, height: 32 }

function output (shape: number[], values: Record<number, number> = {}, name = 'out'): Output {
  const data = new Float32Array(shape.reduce((product, length) => product * length, 1))
  for (const [at, value] of Object.entries(values)) data[Number(at)] = value
  return { name, shape, data }
}

/** SCRFD outputs for a 64 x 32 canvas with one face: stride 16, second row, third column, second anchor. */
function scrfdOutputs (batch: number[]): Output[] {
  const cell = 1 * 4 + 2
  const i = 2 * cell + 1
  const sides = { [4 * i]: 1, [4 * i + 1]: 0.5, [4 * i + 2]: 1, [4 * i + 3]: 0.25 }
  return [
    output([...batch, 64, 10]),
    output([...batch, 16, 10], { [10 * i + 8]: -1, [10 * i + 9]: 0.5 }),
    output([...batch, 4, 10]),
    output([...batch, 64, 1]),
    output([...batch, 16, 1], { [i]: 0.75 }),
    output([...batch, 4, 1]),
    output([...batch, 64, 4]),
    output([...batch, 16, 4], sides),
    output([...batch, 4, 4])
  ]
}

for (const batch of [[], [1]]) {
  t.test(`scrfd, ${batch.length === 0 ? 'without' : 'with'} a batch axis, in any order of outputs`, async t => {
    const [face, ...others] = faceFormats.scrfd.decode(scrfdOutputs(batch), canvas, 0.5)
    t.same(others, [])
    t.equal(face?.score, 0.75)
    t.same(face?.box, [16, 8, 48, 20])
    t.same(face?.points?.[0], [32, 16])
    t.same(face?.points?.[4], [16, 24])
  })
}

t.test('scrfd refuses other outputs by what it expected and found', async t => {
  t.throws(() => faceFormats.scrfd.decode([output([1, 84, 8400])], canvas, 0.5), {
    code: 'model_refused',
    message: /\[64, 1\].*found out \[1, 84, 8400\]/
  })
  t.throws(
    () => faceFormats.scrfd.decode(scrfdOutputs([]), { width: 96, height: 96 }, 0.5),
    { code: 'model_refused' },
    'made for another canvas'
  )
})

t.test('ultralight', async t => {
  const scores = output([1, 3, 2], { 0: 1, 2: 0.1, 3: 0.75, 5: 0.5 })
  const boxes = output([1, 3, 4], { 4: 0.25, 5: 0.5, 6: 0.5, 7: 1 })
  t.same(faceFormats.ultralight.decode([boxes, scores], canvas, 0.65), [
    { score: 0.75, box: [16, 16, 32, 32], points: null }
  ])
  t.throws(() => faceFormats.ultralight.decode([boxes], canvas, 0.65), { code: 'model_refused' })
  t.throws(() => faceFormats.ultralight.decode([scores, output([1, 7, 4])], canvas, 0.65), { code: 'model_refused' })
})

t.test('yolov8', async t => {
  // 2 classes, 8 anchors; anchor 3 is a box of class 1, anchor 5 is below the threshold.
  const raw = output([1, 6, 8], { 3: 20, 11: 10, 19: 8, 27: 4, 35: 0.25, 43: 0.75, 45: 0.125 })
  t.same(objectFormats.yolov8.decode([raw], canvas, 0.25), [{ score: 0.75, classIndex: 1, box: [16, 8, 24, 12] }])
  t.equal(objectFormats.yolov8.countClasses([raw]), 2)
  t.throws(
    () => objectFormats.yolov8.decode([output([1, 25200, 85])], canvas, 0.25),
    { code: 'model_refused' },
    'the layout of YOLOv5'
  )
  t.throws(() => objectFormats.yolov8.decode([], canvas, 0.25), { code: 'model_refused' })
})

t.test('yolov5 multiplies objectness and class probability', async t => {
  // 2 classes, 8 anchors of 7 values.
  const raw = output([1, 8, 7], { 7: 20, 8: 10, 9: 8, 10: 4, 11: 0.5, 12: 0.25, 13: 0.75, 18: 0.25, 20: 0.5 })
  t.same(objectFormats.yolov5.decode([raw], canvas, 0.25), [{ score: 0.375, classIndex: 1, box: [16, 8, 24, 12] }])
  t.equal(objectFormats.yolov5.countClasses([raw]), 2)
  t.throws(() => objectFormats.yolov5.decode([output([1, 84, 8400])], canvas, 0.25), { code: 'model_refused' })
})

t.test('end-to-end', async t => {
  const raw = output([1, 2, 6], { 0: 1, 1: 2, 2: 3, 3: 4, 4: 0.5, 5: 7 })
  t.same(objectFormats['end-to-end'].decode([raw], canvas, 0.25), [{ score: 0.5, classIndex: 7, box: [1, 2, 3, 4] }])
  t.equal(objectFormats['end-to-end'].countClasses([raw]), null)
  t.throws(() => objectFormats['end-to-end'].decode([output([1, 84, 8400])], canvas, 0.25), { code: 'model_refused' })
})

t.test('yolox', async t => {
  // 64 x 32: 8 x 4, 4 x 2 and 2 x 1 cells; the box is in the second grid, second row, third column.
  const cell = 8 * 4 + 1 * 4 + 2
  const at = 7 * cell
  const raw = output([1, 42, 7], {
    [at]: 0.5,
    [at + 1]: 0.25,
    [at + 2]: 0,
    [at + 3]: 0,
    [at + 4]: 0.5,
    [at + 5]: 0.25,
    [at + 6]: 0.75,
    4: 0.25,
    5: 0.5
  })
  t.same(objectFormats.yolox.decode([raw], canvas, 0.25), [{ score: 0.375, classIndex: 1, box: [32, 12, 48, 28] }])
  t.equal(objectFormats.yolox.countClasses([raw]), 2)
  t.match(
    objectFormats.yolox.place({ width: 32, height: 32 }, canvas),
    { left: 0, top: 0, width: 32, height: 32 },
    'top left, not centred'
  )
  t.throws(() => objectFormats.yolox.decode([output([1, 84, 42])], canvas, 0.25), {
    code: 'model_refused',
    message: /one of \[1, 42, 5 \+ classes\]/
  })
})
