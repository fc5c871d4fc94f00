import t from 'tap'
import {
  cameraTable,
  detCurve,
  meanErrors,
  probit,
  type ScoredPhoto
} from '../../../scripts/evaluate/liveness-cameras.ts'

const photo = (camera: string, live: boolean, label: string, score: number): ScoredPhoto => ({
  camera,
  live,
  label,
  score
})

/** Camera a refuses 1 of 10 live, b 1 of 2; a passes 1 of 2 prints and 0 of 8 screens, c all its masks. */
const photos = [
  ...Array.from({ length: 9 }, () => photo('a', true, 'camera', 0.9)), photo('a', true, 'camera', 0.1),
  photo('b', true, 'webphoto', 0.9), photo('b', true, 'camera', 0.3),
  photo('a', false, 'print', 0.8), photo('a', false, 'print', 0.1),
  ...Array.from({ length: 8 }, () => photo('a', false, 'screen', 0.05)),
  photo('c', false, 'mask_3d', 0.95)
]

t.test('attack types are averaged within a camera, then the cameras', async t => {
  const { bpcer, apcer } = meanErrors(photos, 0.5)
  t.ok(Math.abs(bpcer! - (0.1 + 0.5) / 2) < 1e-9, 'pooled it would be 1 of 6')
  t.ok(Math.abs(apcer! - ((0.5 + 0) / 2 + 1) / 2) < 1e-9)
  t.same(meanErrors([], 0.5), { bpcer: null, apcer: null })
  t.equal(meanErrors([photo('a', true, 'camera', 0.5)], 0.5).bpcer, 0, 'a score at the threshold passes')
})

t.test('a row a camera and kind, then the means', async t => {
  const { rows } = cameraTable(photos, 0.5, { low: 0.2, high: 0.9 })
  t.same(rows.map(({ camera, kind, photos }) => [camera, kind, photos]), [
    ['a', 'live', 10], ['a', 'print', 2], ['a', 'screen', 8], ['b', 'live', 2], ['c', 'mask_3d', 1],
    ['mean over cameras', 'live', 12], ['mean over cameras', 'attacks', 11]
  ])
  t.match(rows[1], { wrong: 1, rate: 0.5, 'finally wrong': 0, undecided: 0.5 }, 'a print at 0.8 is left open')
  t.match(rows[3], { wrong: 1, rate: 0.5, 'finally wrong': 0, undecided: 0.5 })
  t.match(rows.at(-1), { 'finally wrong': 0.5, undecided: 0.125 })
  t.match(cameraTable(photos, 0.5, null).rows[1], { 'finally wrong': 0.5, undecided: 0 })
})

t.test('the quantiles of the normal distribution', async t => {
  for (const [share, value] of [
    [0.5, 0],
    [0.975, 1.959964],
    [0.01, -2.326348],
    [0.001, -3.090232],
    [0.9999, 3.719016]
  ] as const) {
    t.ok(Math.abs(probit(share) - value) < 1e-5, `${share}: ${probit(share)}`)
  }
  t.ok(Number.isFinite(probit(0)) && Number.isFinite(probit(1)))
})

t.test('the curve is an SVG with a line a judge and a mark at the threshold', async t => {
  const svg = detCurve(
    'A < B',
    [
      { name: 'one', photos },
      { name: 'two', photos }
    ],
    [{ name: 'threshold', threshold: 0.5, photos }]
  )
  t.equal(svg.match(/<polyline /g)?.length, 2)
  t.equal(svg.match(/<circle /g)?.length, 1)
  t.match(svg, '<title>A &lt; B</title>')
  t.notMatch(svg, /NaN|undefined|Infinity/)
})
