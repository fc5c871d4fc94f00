import t from 'tap'
import { rocCurve, rocPoints } from '../../../scripts/evaluate/roc.ts'

t.test('a curve goes from none proved to all, by every threshold', async t => {
  t.same(rocPoints([0.9, 0.4], [0.5, 0.1]), [[0, 0], [0, 0.5], [0.5, 0.5], [0.5, 1], [1, 1]])
  t.same(rocPoints([0.5], [0.5]), [[0, 0], [1, 1]], 'equal scores move together')
})

t.test('it is drawn for each kind that there is', async t => {
  const svg = rocCurve('Scene planting', [0.9, 0.4], { others: [0.5, 0.1], 'near misses': [] })
  t.match(svg, /points="48\.0,408\.0 48\.0,228\.0 228\.0,228\.0 228\.0,48\.0 408\.0,48\.0"/)
  t.match(svg, /others \(2\)/)
  t.notMatch(svg, /near misses/)
})
