import t from 'tap'
import type { Box, Detection, ImageFeatures } from '../../workers/types.ts'
import { applyRule, isActive, labelKey, sceneOf, shareInside } from '../../src/tasks/rules.ts'
import type { Scene } from '../../src/tasks/scenes/scene-file.ts'
import { contract, features, scene } from '../helpers/scenes.ts'

const rule = {
  id: 'r',
  description: 'd',
  allOf: ['person'],
  anyOf: ['dog', 'cat'],
  minScore: 0.25,
  subject: ['person'],
  demonstration: false
}
const see = (label: string, score: number, box: Box = [0, 0, 100, 100]): Detection => ({ label, score, box })
const photo = (detections: Detection[], features: ImageFeatures | null = null) => ({ detections, features })
const face: Box = [40, 10, 60, 30]

t.test('labels differ neither by case nor by space, hyphen and underscore', async t => {
  for (const label of ['Person-Collecting Waste', 'person_collecting_waste', ' person  collecting-waste ']) { t.equal(labelKey(label), 'person_collecting_waste') }
})

t.test('a rule is active when the model can name what it cannot do without', async t => {
  t.ok(isActive(rule, new Set(['person', 'cat'])))
  t.notOk(isActive(rule, new Set(['cat'])), 'person is needed')
  t.notOk(isActive(rule, new Set(['person'])), 'one animal is needed')
  t.notOk(
    isActive({ id: 'r', description: 'd', minScore: 0, demonstration: false }, new Set(['person'])),
    'a rule that asks for nothing proves nothing'
  )
})

t.test('all of, any of, the score and the subject decide together', async t => {
  t.match(applyRule(rule, photo([see('person', 0.9), see('dog', 0.4), see('cat', 0.3)]), face), {
    result: 'proved',
    score: 0.4
  })
  t.equal(applyRule(rule, photo([see('person', 0.9), see('dog', 0.2)]), face).result, 'missing', 'too weak')
  t.equal(applyRule(rule, photo([see('dog', 0.9)]), face).result, 'missing')
  t.equal(
    applyRule(rule, photo([see('person', 0.9, [200, 0, 300, 100]), see('dog', 0.9)]), face).result,
    'unbound',
    'somebody else'
  )
  t.equal(applyRule(rule, photo([see('person', 0.9), see('dog', 0.9)]), null).result, 'unbound', 'no subject')
  t.equal(
    applyRule({ ...rule, subject: ['dog'] }, photo([see('person', 0.9), see('dog', 0.9, [200, 200, 300, 300])]), face)
      .result,
    'unbound'
  )
  const { subject, ...free } = rule
  t.equal(
    applyRule(free, photo([see('person', 0.9), see('dog', 0.9)]), null).result,
    'proved',
    'a rule that is not bound needs no face'
  )
})

t.test('the share of a box inside another', async t => {
  t.equal(shareInside([0, 0, 10, 10], [0, 0, 10, 10]), 1)
  t.equal(shareInside([0, 0, 10, 10], [5, 0, 20, 20]), 0.5)
  t.equal(shareInside([0, 0, 10, 10], [10, 10, 20, 20]), 0)
  t.equal(shareInside([5, 5, 5, 5], [0, 0, 10, 10]), 0, 'an empty box')
})

t.test('a scene and detections decide together', async t => {
  const taught = { ...rule, anyOf: ['person'], scene: 'planting', taught: scene() }
  const region = (value: number, box: Box = [0, 0, 100, 100]) =>
    features({ regions: [{ box, mean: Float32Array.of(value, 0) }] })
  t.match(applyRule(taught, photo([see('person', 0.9)], region(3)), face), {
    result: 'proved',
    scene: { name: 'planting', threshold: 0.7 }
  })
  t.equal(
    applyRule(taught, photo([see('person', 0.9)], region(0.5)), face).result,
    'missing',
    'too little like the examples'
  )
  t.equal(
    applyRule({ ...taught, minSceneScore: 0.5 }, photo([see('person', 0.9)], region(0.5)), face).result,
    'proved',
    'a threshold of the rule'
  )
  t.equal(applyRule(taught, photo([see('dog', 0.9)], region(3)), face).result, 'missing', 'without the person')
  t.equal(applyRule(taught, photo([see('person', 0.9)], region(3)), null).result, 'unbound', 'without a face')
  const other: Box = [200, 0, 300, 100]
  t.equal(
    applyRule(taught, photo([see('person', 0.95, other), see('person', 0.9)], region(3, other)), face).result,
    'missing',
    'a bystander is judged by their own region'
  )
  t.equal(applyRule(taught, photo([see('person', 0.9)]), face).result, 'missing', 'without features')
})

t.test('a rule of a scene alone, and what the current detector offers', async t => {
  const alone = { id: 'r', description: 'd', minScore: 0.25, scene: 'planting', demonstration: false }
  t.ok(isActive(alone, new Set()))
  t.equal(
    applyRule({ ...alone, taught: scene() }, photo([], features({ mean: Float32Array.of(3, 0) })), null).result,
    'proved',
    'the whole picture'
  )
  const scenes = new Map<string, Scene | string>([
    ['planting', scene()],
    ['broken', 'The scene file broken.json cannot be used.']
  ])
  t.match(sceneOf('planting', { scenes, contract }), { name: 'planting' })
  t.match(
    sceneOf('planting', { scenes, contract: 'maps-1/other/640' }),
    /taught with the detector yolov8n.*maps-1\/other\/640.*teach planting/
  )
  t.match(sceneOf('planting', { scenes, contract: null }), /needs the object detector yolov8n.*YOLO_MODEL_PATH/)
  t.match(sceneOf('broken', { scenes, contract }), /cannot be used/)
  t.match(sceneOf('none', { scenes, contract }), /no scene none.*scenes\/none\.json/)
})
