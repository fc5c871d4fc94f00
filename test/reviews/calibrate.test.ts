import { parseEnv } from 'node:util'
import t from 'tap'
import { agreementOf, agreementTable } from '../../src/reviews/agreement.ts'
import { policyFile, proposeZone, upperEnd } from '../../src/reviews/calibrate.ts'

const current = { low: 0.1, high: 0.9 }

/** @param live probability that a person says live, by score */
function labels (count: number, live: (score: number) => boolean) {
  return Array.from({ length: count }, (_, i) => {
    const liveness = 0.1 + 0.8 * i / count
    return {
      reason: 'liveness_uncertain' as const,
      person: live(liveness) ? ('approved' as const) : ('rejected' as const),
      liveness
    }
  })
}

t.test('limits move inwards as far as reviews support it', async t => {
  const { zone, low, high, reviews } = proposeZone(labels(400, score => score > 0.5), current)
  t.equal(reviews, 400)
  t.ok(zone.low > 0.45 && zone.low < 0.56, `${zone.low}`)
  t.ok(zone.high >= zone.low && zone.high < 0.56, `${zone.high}`)
  for (const figures of [low, high]) t.ok(figures.atMost <= 0.05 && figures.decided > 100, JSON.stringify(figures))
})

t.test('few or contradicting reviews change nothing', async t => {
  t.same(proposeZone(labels(60, score => score > 0.5), current).zone, current)
  t.same(proposeZone(labels(1000, score => Math.round(score * 1000) % 2 === 0), current).zone, current)
  t.same(proposeZone([], current).zone, current)
  const elsewhere = labels(400, () => true).map(label => ({ ...label, reason: 'appeal' as const }))
  t.same(proposeZone(elsewhere, current), {
    zone: current,
    reviews: 0,
    low: { decided: 0, wrong: 0, atMost: 1 },
    high: { decided: 0, wrong: 0, atMost: 1 }
  })
})

t.test('people of one mind decide the whole zone', async t => {
  const allLive = proposeZone(labels(200, () => true), current)
  t.equal(allLive.zone.high, 0.1, 'everything passes')
  const noneLive = proposeZone(labels(200, () => false), current)
  t.same(noneLive.zone, { low: 0.9, high: 0.9 })
  t.same(parseEnv(policyFile(noneLive, current)), { LIVENESS_UNCERTAIN: 'off', LIVENESS_THRESHOLD: '0.9' })
})

t.test('the policy file holds settings and figures', async t => {
  const text = policyFile(proposeZone(labels(60, () => true), current), current)
  t.match(text, /from 60 reviews .* current: 0\.1\.\.0\.9/)
  t.same(parseEnv(text), { LIVENESS_UNCERTAIN: '0.1..0.9' })
})

t.test('the interval is that of Wilson', async t => {
  // 1 of 100: 0.0018 to 0.0545, by Wilson's formula.
  t.ok(Math.abs(upperEnd(1, 100) - 0.0545) < 1e-4, String(upperEnd(1, 100)))
  t.ok(upperEnd(0, 72) > 0.05 && upperEnd(0, 73) <= 0.05, 'what the help says')
})

t.test('agreement of machine and people', async t => {
  const of = (machine: 'approved' | 'rejected', person: 'approved' | 'rejected') => ({
    reason: 'appeal' as const,
    machine,
    person
  })
  const rows = agreementOf([
    of('rejected', 'approved'),
    of('rejected', 'rejected'),
    of('rejected', 'rejected'),
    { ...of('approved', 'rejected'), reason: 'demonstration' }
  ])
  t.same(rows, [
    { reason: 'appeal', bothApproved: 0, bothRejected: 2, onlyMachine: 0, onlyPerson: 1, agreement: 2 / 3 },
    { reason: 'demonstration', bothApproved: 0, bothRejected: 0, onlyMachine: 1, onlyPerson: 0, agreement: 0 }
  ])
  t.match(agreementTable(rows), /\| appeal \| 0 \| 2 \| 0 \| 1 \| 67 % \|\n\| demonstration /)
})
