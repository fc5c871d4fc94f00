import t, { type Test } from 'tap'
import { boxArea } from '../../workers/boxes.ts'
import { type OpenedModels, openModels } from '../../workers/open-models.ts'
import type { Face, ModelSet } from '../../workers/types.ts'
import { closest, cosine, decodeShared, firstFace, golden, longerSide, readPairs } from '../helpers/golden.ts'
import {
  arcfaceInt8,
  facenox,
  insightFace,
  miniFasNetV2,
  setupOf,
  starter,
  withoutShared,
  withoutStarter
} from '../helpers/models.ts'
import { drawing } from '../helpers/photos.ts'

async function open (t: Test, models: ModelSet): Promise<OpenedModels> {
  const inference = await openModels(setupOf(models))
  t.teardown(() => inference.close())
  return inference
}

t.test('the starter pack works from bytes to answers', { skip: withoutStarter }, async t => {
  const inference = await open(t, starter)
  t.match(inference.report(), { provider: 'cpu', labels: { length: 80 } })
  const { frame } = await inference.decode({ bytes: await drawing('jpeg'), maxPixels: 1e6 })
  t.same(await inference.faces({ frame: frame!, embedLimit: 10 }), [], 'no face is an empty list')
  t.same((await inference.objects({ frame: frame! })).detections, [])
  t.match(await inference.liveness({ frame: frame!, box: [10, 10, 60, 60] }), { models: [{ id: 'fr_liveness' }] })
  t.match(await inference.decode({ bytes: Buffer.from('text'), maxPixels: 1e6 }), {
    problem: { code: 'unsupported_type', found: 'text' }
  })
})

t.test('without an object detector nothing is found', { skip: withoutStarter }, async t => {
  const inference = await open(t, { ...starter, objectDetector: null })
  t.same(inference.report().labels, [])
  const { frame } = await inference.decode({ bytes: await drawing('png'), maxPixels: 1e6 })
  t.same(await inference.objects({ frame: frame! }), { detections: [], features: null })
})

t.test('what cannot work is refused at the start', { skip: withoutStarter }, async t => {
  await t.rejects(openModels(setupOf({ ...starter, faceLandmarks: null })), {
    code: 'model_refused',
    message: /fr_detect gives boxes only/
  })
  const wrong = { ...starter.liveness[0]!, input: { ...starter.liveness[0]!.input, std: 255 } }
  await t.rejects(openModels(setupOf({ ...starter, liveness: [wrong] })), {
    code: 'model_refused',
    message: /fr_liveness/
  })
  await t.rejects(
    openModels(setupOf({ ...starter, faceEmbedder: { ...starter.faceEmbedder, path: '/no/such/file.onnx' } })),
    { code: 'model_unreadable' }
  )
})

t.test(
  'a detector that does not support another input size is opened as it was published',
  { skip: withoutStarter },
  async t => {
    const published = { ...starter.objectDetector!, labels: Array.from({ length: 80 }, (_, i) => `thing ${i}`) }
    const changed = { ...published, path: starter.faceDetector.path }
    const inference = await open(t, { ...starter, objectDetector: { ...changed, published } })
    t.match(inference.report(), {
      labels: published.labels,
      features: /^labels-/,
      warnings: [/yolov8n cannot be opened.*expected.*found.*640 x 640/]
    })
    await t.rejects(
      openModels(setupOf({ ...starter, objectDetector: changed })),
      { code: 'model_refused' },
      'not when the size was asked for'
    )
  }
)

t.test('faces come largest first, and only so many with an embedding', { skip: withoutShared }, async t => {
  const inference = await open(t, { ...insightFace, liveness: [] })
  const frame = await decodeShared('images/groups/016_8.jpg')
  const faces = await inference.faces({ frame, embedLimit: 3 })
  t.equal(faces.length, 8)
  t.same(faces.map(({ embedding }) => embedding !== null), [true, true, true, false, false, false, false, false])
  const areas = faces.map(({ box }) => boxArea(box))
  t.same(areas, areas.toSorted((a, b) => b - a))
  t.ok(faces.every(({ quality: { length, score, ...measured } }) => Object.values(measured).every(Number.isFinite)))
  t.ok(
    faces.every(({ embedding, quality }) => (quality.length === null) === (embedding === null)),
    'only an embedding has a length'
  )
  t.ok((await inference.faces({ frame, embedLimit: 0 })).every(({ embedding }) => embedding === null))
})

t.test('a quantised embedder gives one face the same embedding in any company', { skip: withoutShared }, async t => {
  const inference = await open(t, { ...insightFace, faceEmbedder: arcfaceInt8, liveness: [facenox, miniFasNetV2] })
  const frame = await decodeShared('images/groups/000_5.jpg')
  const [alone] = await inference.faces({ frame, embedLimit: 1 })
  const [inCompany] = await inference.faces({ frame, embedLimit: 5 })
  t.same(inCompany!.embedding, alone!.embedding)
  const { score, models } = await inference.liveness({ frame, box: alone!.box })
  const logOdds = (probability: number): number => Math.log(probability / (1 - probability))
  const fused = (logOdds(models[0]!.score) + logOdds(models[1]!.score)) / 2
  t.ok(Math.abs(logOdds(score) - fused) < 1e-3, 'fused by the mean of the log-odds')
})

async function wholeChain (inference: OpenedModels, image: string): Promise<Face[]> {
  return inference.faces({ frame: await decodeShared(image), embedLimit: 20 })
}

/** A face this large is also looked at by the second pass, which the reference has not. */
function ordinary (
  { upright: { width, height } }: { upright: { width: number; height: number } },
  face: { box: Face['box'] }
): boolean {
  return longerSide(face.box) < 0.65 * Math.max(width, height)
}

t.test('golden: the whole InsightFace and MiniFASNet chain', { skip: withoutShared }, async t => {
  const inference = await open(t, insightFace)
  for (const photo of golden) {
    const expected = firstFace(photo)
    if (photo.hard || !expected || !ordinary(photo, expected)) continue
    const face = closest(await wholeChain(inference, photo.image), expected.box)!
    t.ok(cosine(face.embedding!, photo.arcface!.embedding) > 0.99, `${photo.name}: embedding`)
    // The original implementation averages the probabilities of its models.
    const { models } = await inference.liveness({ frame: await decodeShared(photo.image), box: face.box })
    const mean = models.reduce((sum, { score }) => sum + score, 0) / models.length
    const tolerance = longerSide(face.box) > 100 ? 0.05 : 0.1
    t.ok(Math.abs(mean - photo.minifasnet!.real_probability) <= tolerance, `${photo.name}: liveness`)
  }
})

t.test('golden: the whole starter chain', { skip: withoutShared || withoutStarter }, async t => {
  const inference = await open(t, { ...starter, objectDetector: null })
  for (const photo of golden) {
    const expected = photo.starter.detections[0]
    if (photo.hard || !expected || !ordinary(photo, expected)) continue
    const face = closest(await wholeChain(inference, photo.image), expected.box)!
    t.ok(cosine(face.embedding!, photo.starter.feature!.embedding) > 0.98, `${photo.name}: embedding`)
    const { score } = await inference.liveness({ frame: await decodeShared(photo.image), box: face.box })
    t.ok(Math.abs(score - photo.starter.liveness!.real_probability) <= 0.04, `${photo.name}: liveness`)
  }
})

t.test('golden: cosines of pairs of photos', { skip: withoutShared || withoutStarter }, async t => {
  const chains = {
    cosine_arcface: await open(t, { ...insightFace, liveness: [] }),
    cosine_starter: await open(t, { ...starter, liveness: [], objectDetector: null })
  }
  const tolerance = { cosine_arcface: 0.02, cosine_starter: 0.03 }
  for (const pair of readPairs()) {
    for (const key of ['cosine_arcface', 'cosine_starter'] as const) {
      const embeddings = []
      for (const image of [pair.a, pair.b]) embeddings.push((await wholeChain(chains[key], image))[0]!.embedding!)
      const found = cosine(embeddings[0]!, embeddings[1]!)
      t.ok(
        Math.abs(found - pair[key]) <= tolerance[key],
        `${pair.a} and ${pair.b}: ${key} ${found.toFixed(4)}, expected ${pair[key]}`
      )
    }
  }
})

t.test('odd: every orientation is the same face', { skip: withoutShared || withoutStarter }, async t => {
  for (const models of [insightFace, { ...starter, objectDetector: null }]) {
    const inference = await open(t, { ...models, liveness: [] })
    const [first] = await wholeChain(inference, 'images/odd/exif/orientation_1.jpg')
    for (const name of ['2.jpg', '3.jpg', '4.jpg', '5.jpg', '6.jpg', '7.jpg', '8.jpg', '6_lossless.webp']) {
      const faces = await wholeChain(inference, `images/odd/exif/orientation_${name}`)
      t.equal(faces.length, 1, name)
      t.ok(cosine(faces[0]!.embedding!, first!.embedding!) > 0.99, name)
    }
  }
})

t.test('odd: the number of faces of every photo', { skip: withoutShared || withoutStarter }, async t => {
  for (const models of [insightFace, { ...starter, objectDetector: null }]) {
    const inference = await open(t, { ...models, liveness: [] })
    for (const name of [
      'base_480x640.png',
      'jpeg_progressive.jpg',
      'jpeg_cmyk.jpg',
      'png_alpha.png',
      'png_16bit.png',
      'webp_lossy.webp',
      'webp_animated_3_frames.webp',
      'face_fills_frame.jpg'
    ]) {
      t.equal((await wholeChain(inference, `images/odd/${name}`)).length, 1, name)
    }
    for (const name of ['tiny_1x1.png', 'wide_4000x20.jpg']) { t.same(await wholeChain(inference, `images/odd/${name}`), [], name) }
  }
})
