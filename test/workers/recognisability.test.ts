import t from 'tap'
import { createRecognisability, unpackPrototype } from '../../workers/recognisability.ts'
import { starter } from '../helpers/models.ts'

const pack = (...numbers: number[]) => Buffer.from(Int8Array.from(numbers).buffer).toString('base64')
const calibration = {
  intercept: 1,
  length: 2,
  spoilt: -4,
  prototypes: [pack(127, 0), pack(0, -127)],
  threshold: { value: 0.5, measured: '' }
}

t.test('a prototype is a unit vector', async t => {
  t.same(Array.from(unpackPrototype(pack(3, -4))), Array.from(Float32Array.of(0.6, -0.8)))
})

t.test('the score is logistic in the length and in the nearest prototype', async t => {
  const score = createRecognisability(calibration)
  const expected = (length: number, cosine: number) => 1 / (1 + Math.exp(-(1 + 2 * Math.log(length) - 4 * cosine)))
  const close = (found: number | null, wanted: number) =>
    t.ok(Math.abs(found! - wanted) < 1e-6, `${found} is ${wanted}`)
  close(score({ embedding: Float32Array.of(0.6, 0.8), length: 3 }), expected(3, 0.6))
  close(score({ embedding: Float32Array.of(0.6, -0.8), length: 3 }), expected(3, 0.8))
  t.ok(score({ embedding: Float32Array.of(0, 1), length: 0 })! < 0.001, 'an embedding of nothing')
})

t.test('an embedder that was never calibrated gives no score', async t => {
  t.equal(createRecognisability(undefined)({ embedding: Float32Array.of(1, 0), length: 3 }), null)
})

t.test('the manifest\'s prototypes have the embedder\'s dimension', async t => {
  const { quality, dimension } = starter.faceEmbedder
  for (const prototype of quality!.prototypes) t.equal(unpackPrototype(prototype).length, dimension)
})
