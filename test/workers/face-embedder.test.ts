import t, { type Test } from 'tap'
import { alignFace, alignmentOf, createFaceEmbedder, type FaceEmbedder } from '../../workers/face-embedder.ts'
import { createPicture, pictureOf } from '../../workers/pixels.ts'
import { openSession, type Session } from '../../workers/session.ts'
import type { ModelSet } from '../../workers/types.ts'
import { aligned, cosine, decodeShared, deviation, firstFace, golden } from '../helpers/golden.ts'
import { arcface, known, starter, withoutShared, withoutStarter } from '../helpers/models.ts'

async function open (t: Test, model: ModelSet['faceEmbedder'], batched = false): Promise<FaceEmbedder> {
  const session = await openSession(model.path, 'cpu', 1)
  t.teardown(() => session.close())
  return createFaceEmbedder(model, session, batched)
}

/** A session whose "embedding" of a crop is its first pixel, and that remembers the size of each run. */
function fake (runs: number[]): Session {
  return {
    inputShape: [null, 3, 112, 112],
    close: async () => {},
    async run (data, [count = 0]) {
      runs.push(count)
      const length = data.length / count
      return [
        {
          name: 'out',
          shape: [count, 2],
          data: Float32Array.from({ length: 2 * count }, (_, i) =>
            i % 2 === 0 ? 3 : data[Math.floor(i / 2) * length]!
          )
        }
      ]
    }
  }
}

const tiny = {
  ...known('fr_feature', 'face-embedder'),
  dimension: 2,
  input: { width: 112, height: 112, channels: 'RGB' as const, mean: 0, std: 1 }
}
const crops = [4, 0, 40, 5, 6, 7, 8, 9, 10, 11].map(level => {
  const crop = createPicture(112, 112)
  crop.data.fill(level)
  return crop
})

t.test('embeddings are unit vectors in the order of the crops', async t => {
  for (const [batched, expectedRuns] of [[true, [8, 2]], [false, Array(10).fill(1)]] as const) {
    const runs: number[] = []
    const embeddings = await createFaceEmbedder(tiny, fake(runs), batched)(crops)
    t.same(runs, expectedRuns)
    t.equal(embeddings.length, crops.length)
    t.ok(deviation(embeddings[0]!.embedding, [0.6, 0.8]) < 1e-6)
    t.same(Array.from(embeddings[1]!.embedding), [1, 0])
    t.ok(embeddings.every(({ embedding }) => Math.abs(Math.hypot(...embedding) - 1) < 1e-6))
  }
  t.same(await createFaceEmbedder(tiny, fake([]), true)([]), [])
})

t.test('golden: matrix and crop from the golden points', { skip: withoutShared }, async t => {
  for (const face of golden) {
    if (!face.arcface) continue
    const [a, b, tx, c, d, ty] = alignmentOf(firstFace(face)!.keypoints)
    const [[ea, eb, etx], [ec, ed, ety]] = face.arcface.matrix as [[number, number, number], [number, number, number]]
    t.ok(deviation([a, b, c, d], [ea, eb, ec, ed]) < 1e-5, `${face.name}: scale and rotation`)
    t.ok(deviation([tx, ty], [etx, ety]) < 0.005, `${face.name}: shift`)

    const crop = alignFace(await decodeShared(face.image), firstFace(face)!.keypoints).data
    const expected = pictureOf(await aligned(face.arcface.aligned)).data
    t.ok(deviation(crop, expected) <= 5, `${face.name}: largest difference`)
    t.ok(
      crop.reduce((sum, level, i) => sum + Math.abs(level - expected[i]!), 0) / crop.length <= 0.5,
      `${face.name}: mean difference`
    )
  }
})

t.test('golden: ArcFace from the golden crop and from the golden points', { skip: withoutShared }, async t => {
  const embed = await open(t, arcface)
  for (const face of golden) {
    if (!face.arcface) continue
    const crop = alignFace(await decodeShared(face.image), firstFace(face)!.keypoints)
    const [fromCrop, fromPoints] = await embed([pictureOf(await aligned(face.arcface.aligned)), crop])
    t.ok(cosine(fromCrop!.embedding, face.arcface.embedding) > 0.9999, `${face.name}: crop`)
    t.ok(cosine(fromPoints!.embedding, face.arcface.embedding) > 0.999, `${face.name}: points`)
  }
})

t.test('golden: the starter embedder', { skip: withoutShared || withoutStarter }, async t => {
  const embed = await open(t, starter.faceEmbedder)
  for (const { name, image, starter: { landmark, feature } } of golden) {
    if (!landmark || !feature) continue
    const crop = alignFace(await decodeShared(image), landmark.points5)
    const [fromCrop, fromPoints] = await embed([pictureOf(await aligned(feature.aligned)), crop])
    t.ok(cosine(fromCrop!.embedding, feature.embedding) > 0.9999, `${name}: crop`)
    t.ok(cosine(fromPoints!.embedding, feature.embedding) > 0.999, `${name}: points`)
  }
})

t.test('a batch gives the embeddings of single runs', { skip: withoutShared }, async t => {
  const crops = await Promise.all(
    golden.flatMap(({ arcface }) => (arcface ? [aligned(arcface.aligned).then(pictureOf)] : []))
  )
  const batched = await (await open(t, arcface, true))(crops)
  const single = await (await open(t, arcface))(crops)
  t.ok(crops.length > 8, 'more than one batch')
  for (const [i, { embedding }] of batched.entries()) t.ok(cosine(embedding, single[i]!.embedding) > 0.99999)
})
