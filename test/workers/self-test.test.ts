import t from 'tap'
import { selfTest } from '../../workers/self-test.ts'
import { openSession, type Output, type Session } from '../../workers/session.ts'
import {
  arcface,
  facenox,
  known,
  miniFasNetV1SE,
  miniFasNetV2,
  scrfd,
  scrfdFixed,
  starter,
  withoutShared,
  withoutStarter,
  yoloInt8
} from '../helpers/models.ts'

type Answer = (data: Float32Array) => Output[]

/** A session that answers without a model. */
function fake (inputShape: Session['inputShape'], answer: Answer): Session {
  return { inputShape, run: async data => answer(data), close: async () => {} }
}

function output (shape: number[], value: (i: number) => number): Output {
  return {
    name: 'out',
    shape,
    data: Float32Array.from({ length: shape.reduce((product, length) => product * length, 1) }, (_, i) => value(i))
  }
}

const embedder = known('fr_feature', 'face-embedder')
const liveness = known('fr_liveness', 'liveness')
const objects = known('yolov8n', 'object-detector')
const faceInput = [1, 3, 112, 112]

t.test('accepts a model that answers differently', async () => {
  await selfTest(embedder, fake(faceInput, data => [output([1, 512], i => data[i]!)]))
  await selfTest(embedder, fake([null, 3, null, null], data => [output([1, 512], i => data[i]!)]))
})

t.test('refuses a constant answer', async t => {
  await t.rejects(
    selfTest(
      embedder,
      fake(faceInput, () => [output([1, 512], i => i)])
    ),
    { code: 'model_refused', message: /fr_feature.*expected answers that differ.*found a difference of 0\.0000/ }
  )
  await t.rejects(selfTest(embedder, fake(faceInput, () => [output([1, 512], () => 0)])), { code: 'model_refused' })
})

t.test('refuses liveness that hardly changes, however different the logits', async t => {
  const answer = (certainty: number): Answer => data => [output([1, 3], i => i === 2 ? certainty : data[5]! / 100)]
  await t.rejects(selfTest(liveness, fake([1, 3, 128, 128], answer(20))), {
    code: 'model_refused',
    message: /fr_liveness.*preprocessing/
  })
})

t.test('refuses numbers that are none', async t => {
  await t.rejects(
    selfTest(
      embedder,
      fake(faceInput, () => [output([1, 512], () => NaN)])
    ),
    { message: /expected finite numbers, found NaN/ }
  )
})

t.test('refuses another shape than the manifest says', async t => {
  await t.rejects(
    selfTest(
      embedder,
      fake([1, 3, 160, 160], () => [])
    ),
    { message: /expected the input \[1, 3, 112, 112\], found \[1, 3, 160, 160\]/ }
  )
  await t.rejects(selfTest(embedder, fake([1, 1, 112, 112], () => [])), { code: 'model_refused' }, 'grey')
  await t.rejects(selfTest(embedder, fake([1, 3 * 112 * 112], () => [])), { code: 'model_refused' }, 'flat')
  await t.rejects(
    selfTest(
      embedder,
      fake(faceInput, () => [output([1, 128], () => 1)])
    ),
    { message: /expected 512 values.*found the output shapes \[1, 128\]/ }
  )
  await t.rejects(
    selfTest(
      liveness,
      fake([1, 3, 128, 128], () => [output([1, 2], () => 1)])
    ),
    { message: /expected 3 classes/ }
  )
  await t.rejects(
    selfTest(
      { ...liveness, realClass: 3 },
      fake([1, 3, 128, 128], () => [output([1, 3], () => 1)])
    ),
    { message: /expected a real class below 3, found 3/ }
  )
  await t.rejects(
    selfTest(
      objects,
      fake([1, 3, 640, 640], () => [output([1, 25200, 85], () => 0)]),
      ['tree']
    ),
    { message: /yolov8n.*found out \[1, 25200, 85\]/ }
  )
})

t.test('refuses labels that do not fit the classes', async t => {
  const session = fake([1, 3, 640, 640], () => [output([1, 6, 8400], () => 0)])
  await t.rejects(selfTest(objects, session, ['tree']), { message: /expected labels for 2 classes, found 1 labels/ })
  await t.rejects(
    selfTest(
      { ...objects, format: 'end-to-end' },
      fake([1, 3, 640, 640], () => [output([1, 300, 6], () => 0)])
    ),
    { message: /expected labels for its classes, found 0/ }
  )
})

async function check (model: Parameters<typeof selfTest>[0], labels: string[] = []): Promise<void> {
  const session = await openSession(model.path, 'cpu', 1)
  try {
    await selfTest(model, session, labels)
  } finally {
    await session.close()
  }
}

const coco = Array.from({ length: 80 }, (_, i) => `class ${i}`)

t.test('the starter models pass', { skip: withoutStarter }, async () => {
  for (const model of [starter.faceDetector, starter.faceLandmarks!, starter.faceEmbedder, ...starter.liveness]) {
    await check(model)
  }
  await check(starter.objectDetector!, coco)
})

t.test('a starter liveness model fed 0..1 is refused', { skip: withoutStarter }, async t => {
  await t.rejects(check({ ...liveness, input: { ...liveness.input, std: 255 } }), {
    code: 'model_refused',
    message: /preprocessing/
  })
})

t.test('the reference models pass', { skip: withoutShared }, async () => {
  for (const model of [scrfd(640), scrfd(416), scrfdFixed, arcface, miniFasNetV2, miniFasNetV1SE, facenox]) {
    await check(model)
  }
  await check(yoloInt8, coco)
})

t.test('MiniFASNet fed 0..1 is refused', { skip: withoutShared }, async t => {
  for (const model of [miniFasNetV2, miniFasNetV1SE]) {
    await t.rejects(check({ ...model, input: { ...model.input, std: 255 } }), {
      code: 'model_refused',
      message: /preprocessing/
    })
  }
})

t.test('a fixed detector does not take another size', { skip: withoutShared }, async t => {
  await t.rejects(check({ ...scrfdFixed, input: { ...scrfdFixed.input, width: 416, height: 416 } }), {
    message: /expected the input \[1, 3, 416, 416\], found \[1, 3, 640, 640\]/
  })
})
