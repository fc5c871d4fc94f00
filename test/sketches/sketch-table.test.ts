import { randomBytes } from 'node:crypto'
import t from 'tap'
import { distanceOf, SKETCH_BITS, SKETCH_BYTES, signsOf } from '../../src/sketches/sketch.ts'
import { SketchTable } from '../../src/sketches/sketch-table.ts'

const random = (): Uint8Array => new Uint8Array(randomBytes(SKETCH_BYTES))

t.test('distances are those of a plain count of bits', async t => {
  for (let i = 0; i < 50; i++) {
    const [one, other] = [random(), random()]
    const expected = [...one].reduce(
      (sum, byte, at) => sum + [...(byte ^ other[at]!).toString(2)].filter(bit => bit === '1').length,
      0
    )
    t.equal(distanceOf(one, other), expected)
  }
  t.equal(distanceOf(new Uint8Array(64), new Uint8Array(64).fill(255)), SKETCH_BITS)
  t.throws(() => distanceOf(new Uint8Array(63), new Uint8Array(64)), RangeError)
})

t.test('signs become bits in order', async t => {
  const values = new Float64Array(SKETCH_BITS).fill(-1)
  values[0] = 0.1
  values[9] = 2
  t.same([...signsOf(values).subarray(0, 3)], [1, 2, 0])
  t.throws(() => signsOf([1, 2, 3]), RangeError)
})

t.test('a search finds what a plain scan finds, before and after removals', async t => {
  const table = new SketchTable()
  const sketches = new Map(Array.from({ length: 3000 }, (_, i): [number, Uint8Array] => [i * 2 + 1, random()]))
  for (const [id, sketch] of sketches) table.add(id, sketch)
  const query = random()
  const expected = () =>
    [...sketches]
      .map(([id, sketch]) => ({ id, distance: distanceOf(sketch, query) }))
      .filter(({ distance }) => distance <= 250)
      .sort((a, b) => a.distance - b.distance)
  t.same(table.search(query, 250), expected())
  const gone = new Set([...sketches.keys()].filter(id => id % 3 === 0))
  table.remove(gone)
  for (const id of gone) sketches.delete(id)
  t.equal(table.size, sketches.size)
  t.same(table.search(query, 250), expected())
  table.remove(new Set(sketches.keys()))
  t.same(table.search(query, 512), [])
})

t.test('a narrow table compares the first words only', async t => {
  const table = new SketchTable(8)
  const [query, near] = [random().fill(0, 32), random().fill(0, 32)]
  table.add(1, near)
  table.add(2, query)
  t.same(table.search(query, 256), [{ id: 2, distance: 0 }, { id: 1, distance: distanceOf(query, near) }])
  table.remove(new Set([1]))
  t.same(table.search(query, 256), [{ id: 2, distance: 0 }])
})
