import t from 'tap'
import type { Box, Detection } from '../../workers/types.ts'
import { applyRule, isActive, labelKey, shareInside } from '../../src/tasks/rules.ts'

const rule = { id: 'r', description: 'd', allOf: ['person'], anyOf: ['dog', 'cat'], minScore: 0.25, subject: ['person'], demonstration: false }
const see = (label: string, score: number, box: Box = [0, 0, 100, 100]): Detection => ({ label, score, box })
const face: Box = [40, 10, 60, 30]

t.test('labels differ neither by case nor by space, hyphen and underscore', async t => {
  for (const label of ['Person-Collecting Waste', 'person_collecting_waste', ' person  collecting-waste ']) t.equal(labelKey(label), 'person_collecting_waste')
})

t.test('a rule is active when the model can name what it cannot do without', async t => {
  t.ok(isActive(rule, new Set(['person', 'cat'])))
  t.notOk(isActive(rule, new Set(['cat'])), 'person is needed')
  t.notOk(isActive(rule, new Set(['person'])), 'one animal is needed')
  t.notOk(isActive({ id: 'r', description: 'd', minScore: 0, demonstration: false }, new Set(['person'])), 'a rule that asks for nothing proves nothing')
})

t.test('all of, any of, the score and the subject decide together', async t => {
  t.match(applyRule(rule, [see('person', 0.9), see('dog', 0.4), see('cat', 0.3)], face), { result: 'proved', score: 0.4 })
  t.equal(applyRule(rule, [see('person', 0.9), see('dog', 0.2)], face).result, 'missing', 'too weak')
  t.equal(applyRule(rule, [see('dog', 0.9)], face).result, 'missing')
  t.equal(applyRule(rule, [see('person', 0.9, [200, 0, 300, 100]), see('dog', 0.9)], face).result, 'unbound', 'somebody else')
  t.equal(applyRule(rule, [see('person', 0.9), see('dog', 0.9)], null).result, 'unbound', 'no subject')
  t.equal(applyRule({ ...rule, subject: ['dog'] }, [see('person', 0.9), see('dog', 0.9, [200, 200, 300, 300])], face).result, 'unbound')
  const { subject, ...free } = rule
  t.equal(applyRule(free, [see('person', 0.9), see('dog', 0.9)], null).result, 'proved', 'a rule that is not bound needs no face')
})

t.test('the share of a box inside another', async t => {
  t.equal(shareInside([0, 0, 10, 10], [0, 0, 10, 10]), 1)
  t.equal(shareInside([0, 0, 10, 10], [5, 0, 20, 20]), 0.5)
  t.equal(shareInside([0, 0, 10, 10], [10, 10, 20, 20]), 0)
  t.equal(shareInside([5, 5, 5, 5], [0, 0, 10, 10]), 0, 'an empty box')
})
