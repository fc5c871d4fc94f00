import t from 'tap'
import { wantsChallenge, withChallenge } from '../../../src/verification/checks/challenge.ts'
import { checkLiveness } from '../../../src/verification/checks/liveness.ts'

const at = (score: number) =>
  checkLiveness({ liveness: { score, models: [] } }, { liveness: 0.3, uncertain: { low: 0.1, high: 0.7 } })

t.test('a passed challenge decides what the photo leaves open, and nothing else', async t => {
  for (const mode of ['either', 'challenge'] as const) {
    t.match(withChallenge(at(0.5), 'id', mode), { outcome: 'passed', score: 0.5, message: /passed challenge/ })
    t.notOk('reason' in withChallenge(at(0.5), 'id', mode))
    t.match(withChallenge(at(0.05), 'id', mode), { outcome: 'failed', reason: 'not_live' }, 'a print stays one')
    t.equal(withChallenge(at(0.9), 'id', mode).outcome, 'passed')
  }
  t.equal(withChallenge(at(0.5), 'id', 'passive').outcome, 'uncertain')
})

t.test('the answer says what would decide', async t => {
  t.ok(wantsChallenge(at(0.5), null, 'either'))
  t.notOk(wantsChallenge(at(0.5), null, 'passive'))
  t.notOk(wantsChallenge(at(0.05), null, 'either'))
  t.notOk(wantsChallenge(at(0.9), null, 'either'))
  t.ok(wantsChallenge(withChallenge(at(0.9), null, 'challenge'), null, 'challenge'))
})
