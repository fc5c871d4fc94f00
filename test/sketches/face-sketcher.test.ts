import t from 'tap'
import { createFaceSketcher } from '../../src/sketches/face-sketcher.ts'
import { distanceOf } from '../../src/sketches/sketch.ts'
import { random as randomNumbers } from '../helpers/random.ts'

/** A pair of unit vectors with the cosine. */
function pairAt (cosine: number, next: () => number, dimension: number): [Float32Array, Float32Array] {
  const [one, other] = [randomVector(next, dimension), randomVector(next, dimension)]
  const dot = one.reduce((sum, value, i) => sum + value * other[i]!, 0)
  const upright = unit(other.map((value, i) => value - dot * one[i]!))
  return [one, one.map((value, i) => cosine * value + Math.sqrt(1 - cosine ** 2) * upright[i]!)]
}

const unit = (vector: Float32Array): Float32Array => vector.map(value => value / Math.hypot(...vector))
const randomVector = (next: () => number, dimension: number) =>
  unit(Float32Array.from({ length: dimension }, () => next() + next() + next() - 1.5))

t.test('the distance of two sketches follows the angle of the embeddings', async t => {
  const next = randomNumbers(7)
  const dimension = 128
  const sketch = createFaceSketcher(null, dimension)
  for (const [cosine, expected] of [[1, 0], [0.8, 105], [0.41, 187], [0, 256]] as const) {
    const distances = Array.from({ length: 200 }, () => {
      const [one, other] = pairAt(cosine, next, dimension)
      return distanceOf(sketch(one), sketch(other))
    })
    const mean = distances.reduce((sum, distance) => sum + distance, 0) / distances.length
    t.ok(Math.abs(mean - expected) < 5, `cosine ${cosine}: ${mean.toFixed(1)} bits, expected ${expected}`)
  }
})

t.test('another key gives sketches that have nothing in common, the same key the same ones', async t => {
  const next = randomNumbers(8)
  const [key, other] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)]
  const embedding = randomVector(next, 128)
  const one = createFaceSketcher(key, 128)(embedding)
  t.equal(distanceOf(one, createFaceSketcher(key, 128)(embedding)), 0)
  t.ok(distanceOf(one, createFaceSketcher(other, 128)(embedding)) > 200)
  t.ok(distanceOf(one, createFaceSketcher(null, 128)(embedding)) > 200)
  t.throws(() => createFaceSketcher(key, 128)(new Float32Array(64)), RangeError)
})
