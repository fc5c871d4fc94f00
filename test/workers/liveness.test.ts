import t from 'tap'
import {
  createLivenessJudge,
  judgeLiveness,
  type LivenessMember,
  logOdds,
  probability,
  silentFaceCrop,
  softmax
} from '../../workers/liveness.ts'
import { openSession } from '../../workers/session.ts'
import { decodeShared, deviation, firstFace, golden } from '../helpers/golden.ts'
import { facenox, miniFasNetV1SE, miniFasNetV2, starter, withoutShared, withoutStarter } from '../helpers/models.ts'

t.test('softmax stays finite', async t => {
  t.ok(deviation(softmax(Float32Array.of(0, 0)), [0.5, 0.5]) < 1e-9)
  t.ok(deviation(softmax(Float32Array.of(1000, 0, -1000)), [1, 0, 0]) < 1e-9)
})

t.test('the crop keeps the last column and row', async t => {
  t.same(silentFaceCrop([40, 40, 60, 60], 2, { width: 101, height: 101 }), { left: 30, top: 30, width: 41, height: 41 })
  t.same(
    silentFaceCrop([0, 0, 500, 500], 2, { width: 101, height: 51 }),
    { left: 50, top: 0, width: 51, height: 51 },
    'moved to the rim'
  )
  t.same(silentFaceCrop([0, 0, 1, 1], 2.7, { width: 1, height: 1 }), { left: 0, top: 0, width: 1, height: 1 })
})

t.test('log-odds keep what a probability near 1 rounds away', async t => {
  t.ok(Math.abs(logOdds(Float32Array.of(2, 0, 0), 0) - (2 - Math.log(2))) < 1e-9)
  for (const logits of [[1, -2, 0.5], [-3, 4, 1]]) {
    t.ok(Math.abs(probability(logOdds(Float32Array.from(logits), 1)) - softmax(Float32Array.from(logits))[1]!) < 1e-9)
  }
  t.equal(logOdds(Float32Array.of(400, -400), 0), 800)
  t.same([probability(800), probability(-800)], [1, 0])
})

t.test('the score belongs to the mean of the log-odds', async t => {
  const frame = { width: 1, height: 1, pixels: new SharedArrayBuffer(3) }
  const judges: LivenessMember[] = [{ id: 'a', judge: async () => -4 }, { id: 'b', judge: async () => 2 }]
  const { score, models } = await judgeLiveness(judges, frame, [0, 0, 1, 1])
  t.equal(score, probability(-1), 'who is surer counts for more')
  t.same(models, [{ id: 'a', score: probability(-4) }, { id: 'b', score: probability(2) }])
  const weighted = [judges[0]!, { ...judges[1]!, weight: 3 }]
  t.equal(
    (await judgeLiveness(weighted, frame, [0, 0, 1, 1])).score,
    probability(0.5),
    'the models of a family share one voice'
  )
})

t.test('golden: crop rectangles are exact', { skip: withoutShared }, async t => {
  for (const face of golden) {
    const { name, image, minifasnet, starter } = face
    const frame = await decodeShared(image)
    const edges = (box: Parameters<typeof silentFaceCrop>[0], scale: number): number[] => {
      const { left, top, width, height } = silentFaceCrop(box, scale, frame)
      return [left, top, left + width - 1, top + height - 1]
    }
    if (minifasnet) {
      t.same(edges(firstFace(face)!.box, 2.7), minifasnet.crops['2.7'], `${name}: 2.7`)
      t.same(edges(firstFace(face)!.box, 4), minifasnet.crops['4.0'], `${name}: 4.0`)
    }
    if (starter.liveness) t.same(edges(starter.detections[0]!.box, 2.7), starter.liveness.crop, `${name}: starter`)
  }
})

t.test('golden: softmax of the golden logits', { skip: withoutShared }, async t => {
  for (const { name, minifasnet, starter } of golden) {
    for (const golden of [
      minifasnet?.['2.7_80x80_MiniFASNetV2'],
      minifasnet?.['4_0_0_80x80_MiniFASNetV1SE'],
      starter.liveness
    ]) {
      if (golden) t.ok(deviation(softmax(Float32Array.from(golden.logits)), golden.softmax) < 1e-5, name)
    }
  }
})

t.test('golden: MiniFASNet logits and score', { skip: withoutShared }, async t => {
  const judges: LivenessMember[] = []
  const logits = new Map<string, Float32Array>()
  for (const model of [miniFasNetV2, miniFasNetV1SE]) {
    const session = await openSession(model.path, 'cpu', 1)
    t.teardown(() => session.close())
    const judge = createLivenessJudge(model, {
      ...session,
      async run (data, shape) {
        const outputs = await session.run(data, shape)
        logits.set(model.id, outputs[0]!.data)
        return outputs
      }
    })
    judges.push({ id: model.id, judge })
  }
  for (const face of golden) {
    const { name, image, minifasnet } = face
    if (!minifasnet) continue
    const { models } = await judgeLiveness(judges, await decodeShared(image), firstFace(face)!.box)
    const mean = (models[0]!.score + models[1]!.score) / 2
    t.ok(
      deviation(logits.get(miniFasNetV2.id)!, minifasnet['2.7_80x80_MiniFASNetV2'].logits) <= 0.3,
      `${name}: V2 logits`
    )
    t.ok(
      deviation(logits.get(miniFasNetV1SE.id)!, minifasnet['4_0_0_80x80_MiniFASNetV1SE'].logits) <= 0.3,
      `${name}: V1SE logits`
    )
    t.ok(Math.abs(mean - minifasnet.real_probability) <= 0.03, `${name}: score`)
  }
})

t.test('golden: the starter model', { skip: withoutShared || withoutStarter }, async t => {
  const model = starter.liveness[0]!
  const session = await openSession(model.path, 'cpu', 1)
  t.teardown(() => session.close())
  const judge = createLivenessJudge(model, session)
  for (const { name, image, starter: { detections: [face], liveness } } of golden) {
    if (!face || !liveness) continue
    const odds = await judge(await decodeShared(image), face.box)
    t.ok(Math.abs(probability(odds) - liveness.real_probability) <= 0.03, name)
  }
})

t.test('a square crop with a mirrored rim separates the samples', { skip: withoutShared }, async t => {
  const session = await openSession(facenox.path, 'cpu', 1)
  t.teardown(() => session.close())
  const judge = createLivenessJudge(facenox, session)
  const score = async (name: string): Promise<number> => {
    const face = golden.find(({ image }) => image.includes(name))!
    return probability(await judge(await decodeShared(face.image), firstFace(face)!.box))
  }
  t.ok(await score('sample_T1') > 0.9, 'a camera shot')
  t.ok(await score('sample_F1') < 0.1, 'a print')
  t.ok(await score('sample_F2') < 0.1, 'a tablet')
  t.ok(Number.isFinite(await score('face_fills_frame')), 'a square larger than the frame')
})
