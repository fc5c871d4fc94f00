import t from 'tap'
import { centroid, cosine, sameContract, templateMatcher } from '../../src/verification/match.ts'

const unit = (...values: number[]) => Float32Array.from(values.map(value => value / Math.hypot(...values)))
const shot = (embedding: Float32Array) => ({ sha256: '', createdAt: '', embedding })

t.test('the cosine of unit vectors', async t => {
  t.equal(cosine(unit(1, 0), unit(1, 0)), 1)
  t.equal(cosine(unit(1, 0), unit(0, 1)), 0)
  t.equal(cosine(unit(1, 0), unit(-1, 0)), -1)
})

t.test('the centroid is a unit vector between its members', async t => {
  const middle = centroid([unit(1, 0), unit(0, 1)])
  t.ok(Math.abs(cosine(middle, middle) - 1) < 1e-6)
  t.ok(Math.abs(middle[0]! - middle[1]!) < 1e-6)
})

t.test('the best of centroid and single shots counts', async t => {
  const match = templateMatcher([shot(unit(1, 0)), shot(unit(0, 1))])
  t.ok(Math.abs(match(unit(1, 1)) - 1) < 1e-6, 'the centroid')
  t.ok(Math.abs(match(unit(1, 0)) - 1) < 1e-6, 'a shot')
  t.equal(templateMatcher([shot(unit(1, 0))])(unit(0, 1)), 0, 'one shot alone')
})

t.test('contracts differ in any of their parts', async t => {
  const contract = { model: 'a', preprocessing: '1', dimension: 512 }
  t.ok(sameContract(contract, { ...contract }))
  for (const change of [{ model: 'b' }, { preprocessing: '2' }, { dimension: 128 }]) { t.notOk(sameContract(contract, { ...contract, ...change })) }
})
