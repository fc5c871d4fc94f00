import t from 'tap'
import { failures, headlines, runChecks } from '../../../src/verification/checks/index.ts'
import type { Evidence } from '../../../src/verification/evidence.ts'
import { buildCatalog } from '../../../src/tasks/catalog.ts'
import { face } from '../../helpers/faces.ts'

const task = buildCatalog(
  [
    {
      name: 'feeding',
      title: 'Feeding',
      aliases: [],
      rules: [
        {
          id: 'r',
          description: 'a person and a dog',
          allOf: ['person', 'dog'],
          minScore: 0.25,
          subject: ['person'],
          demonstration: false
        }
      ]
    }
  ],
  ['person', 'dog']
).find('feeding')
const thresholds = { similarity: 0.4, agreement: 0.3, quality: 0.4, liveness: 0.5, uncertain: null }

function evidence (change: Partial<Evidence> = {}): Evidence {
  return {
    width: 640,
    height: 480,
    turned: 0,
    facts: { orientation: 1, takenAt: null },
    faces: [face({ box: [100, 100, 200, 200] })],
    similarities: [0.8],
    subject: 0,
    liveness: { score: 0.9, models: [{ id: 'm', score: 0.9 }] },
    features: null,
    detections: [
      { label: 'person', score: 0.9, box: [50, 50, 300, 400] },
      { label: 'dog', score: 0.6, box: [300, 300, 400, 400] }
    ],
    ...change
  }
}

t.test('everything passes', async t => {
  const checks = runChecks(evidence(), task, thresholds)
  t.strictSame(failures(checks), [])
  t.match(checks, {
    face: { outcome: 'passed', score: 0.8, threshold: 0.4 },
    liveness: { outcome: 'passed', score: 0.9 },
    task: { outcome: 'passed', score: 0.6, rule: 'r' }
  })
})

t.test('a score at the threshold passes, just below it fails', async t => {
  t.strictSame(
    failures(runChecks(evidence({ similarities: [0.4], liveness: { score: 0.5, models: [] } }), task, thresholds)),
    []
  )
  t.strictSame(
    failures(
      runChecks(evidence({ similarities: [0.3999], liveness: { score: 0.4999, models: [] } }), task, thresholds)
    ),
    ['face_mismatch', 'not_live']
  )
})

t.test('every failure is reported, the first one gives the headline', async t => {
  const reasons = failures(
    runChecks(evidence({ similarities: [0.1], liveness: { score: 0.1, models: [] }, detections: [] }), task, thresholds)
  )
  t.strictSame(reasons, ['face_mismatch', 'not_live', 'task_not_shown'])
  t.equal(headlines[reasons[0]!], 'Face mismatch')
})

t.test('without a face only the face check fails when the task is shown', async t => {
  const checks = runChecks(evidence({ faces: [], similarities: [], subject: null, liveness: null }), task, thresholds)
  t.strictSame(failures(checks), ['no_face'])
  t.match(checks, {
    liveness: { outcome: 'skipped', reason: 'no_face' },
    task: { outcome: 'skipped', reason: 'no_face' }
  })
})

t.test('a face too small to compare never matches', async t => {
  const tiny = face({ box: [0, 0, 12, 14], quality: { size: 12 } })
  t.strictSame(
    failures(runChecks(evidence({ faces: [tiny], similarities: [null], detections: [] }), task, thresholds)),
    ['face_too_small', 'task_not_shown']
  )
})

t.test('the task must be done by the subject', async t => {
  const detections = [
    { label: 'person', score: 0.9, box: [400, 50, 600, 400] as [number, number, number, number] },
    { label: 'dog', score: 0.6, box: [0, 0, 50, 50] as [number, number, number, number] }
  ]
  t.strictSame(failures(runChecks(evidence({ detections }), task, thresholds)), ['task_not_by_subject'])
})

t.test('liveness can be switched off', async t => {
  const checks = runChecks(evidence({ liveness: null }), task, { ...thresholds, liveness: null })
  t.match(checks.liveness, { outcome: 'skipped', reason: 'disabled' })
  t.strictSame(failures(checks), [])
})

t.test('between the limits liveness is uncertain, which does not approve', async t => {
  const zones = { ...thresholds, uncertain: { low: 0.1, high: 0.7 } }
  const at = (score: number) => runChecks(evidence({ liveness: { score, models: [] } }), task, zones)
  t.match(at(0.7).liveness, { outcome: 'passed', threshold: 0.7, uncertain: { low: 0.1, high: 0.7 } })
  for (const score of [0.1, 0.5, 0.6999]) {
    t.match(at(score).liveness, {
      outcome: 'uncertain',
      reason: 'liveness_uncertain',
      threshold: 0.7,
      message: /photo alone does not show/
    })
    t.strictSame(failures(at(score)), ['liveness_uncertain'])
  }
  t.match(at(0.0999).liveness, { outcome: 'failed', reason: 'not_live' })
  t.equal(headlines.liveness_uncertain, 'Liveness uncertain')
})
