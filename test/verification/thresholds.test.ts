import t from 'tap'
import { loadConfig } from '../../src/config/config.ts'
import { activeThresholds, type MeasuredModels } from '../../src/verification/thresholds.ts'

const zone = { low: 0.1, high: 0.6 }
const model = (uncertain?: typeof zone, value = 0.3) => ({
  threshold: { value, measured: '', ...(uncertain && { uncertain }) }
})
const models = (liveness: MeasuredModels['liveness'], more: Partial<MeasuredModels> = {}): MeasuredModels =>
  ({ faceEmbedder: { threshold: { value: 0.4, measured: '' } }, liveness, ...more })
const of = (env: Record<string, string>, set = models([model(zone)])) => {
  const { liveness, uncertain } = activeThresholds(loadConfig(env), set)
  return { liveness, uncertain }
}

t.test('without settings: what was measured', async t => {
  t.same(of({}), { liveness: 0.3, uncertain: zone })
  t.same(of({}, models([])), { liveness: null, uncertain: null })
  t.same(of({}, models([model()])), { liveness: 0.3, uncertain: null }, 'a model whose zone nobody measured')
  t.same(of({}, models([model(zone), model()])), { liveness: 0.3, uncertain: null })
  t.same(
    of({}, models([model({ low: 0, high: 0.5 }, 0.2), model({ low: 0.5, high: 1 }, 0.6)])),
    { liveness: 0.4, uncertain: { low: 0.25, high: 0.75 } },
    'the means'
  )
  t.same(of({}, models([model()], { ensembleThreshold: model(zone, 0.5).threshold })), {
    liveness: 0.5,
    uncertain: zone
  })
})

t.test('LIVENESS_THRESHOLD is the least score that passes, as it always was', async t => {
  t.same(of({ LIVENESS_THRESHOLD: '0.5' }), { liveness: 0.5, uncertain: { low: 0.1, high: 0.5 } })
  t.same(of({ LIVENESS_THRESHOLD: '0.9' }), { liveness: 0.9, uncertain: { low: 0.1, high: 0.9 } })
  t.same(of({ LIVENESS_THRESHOLD: '0.05' }), { liveness: 0.05, uncertain: null }, 'below the zone there is none')
})

t.test('LIVENESS_UNCERTAIN says the zone, or that there is none', async t => {
  t.same(of({ LIVENESS_UNCERTAIN: '0.02..0.6' }), { liveness: 0.3, uncertain: { low: 0.02, high: 0.6 } })
  t.same(of({ LIVENESS_UNCERTAIN: ' 0 .. 1 ' }), { liveness: 0.3, uncertain: { low: 0, high: 1 } })
  t.same(of({ LIVENESS_UNCERTAIN: '0.02..0.6', LIVENESS_THRESHOLD: '0.5' }), {
    liveness: 0.5,
    uncertain: { low: 0.02, high: 0.6 }
  })
  t.same(of({ LIVENESS_UNCERTAIN: 'off' }), { liveness: 0.3, uncertain: null })
  for (const bad of [
    '0.5',
    '0.6..0.2',
    '0.2..0.2',
    '..0.5',
    '0.1..',
    '0.1..2',
    '-1..0.5',
    'a..b',
    '0.1..0.2..0.3',
    'on'
  ]) {
    t.throws(
      () => of({ LIVENESS_UNCERTAIN: bad }),
      { name: 'ConfigError', message: /LIVENESS_UNCERTAIN=.* is not a zone; expected off, or two probabilities/ },
      bad
    )
  }
  t.throws(() => of({ LIVENESS_UNCERTAIN: '0.02..0.6', LIVENESS_THRESHOLD: '0.7' }), {
    name: 'ConfigError',
    message: /LIVENESS_THRESHOLD=0.7 lies outside/
  })
})

t.test('where nothing else can decide, the photo alone does', async t => {
  t.same(of({ LIVENESS_MODE: 'passive' }), { liveness: 0.3, uncertain: null })
  t.same(
    of({ LIVENESS_MODE: 'passive', LIVENESS_UNCERTAIN: '0.1..0.9' }).uncertain,
    { low: 0.1, high: 0.9 },
    'a zone that was asked for holds'
  )
})
