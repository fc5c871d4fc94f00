import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { buildCatalog, readTasks } from '../../src/tasks/catalog.ts'
import type { Scene } from '../../src/tasks/scenes/scene-file.ts'
import { contract, scene } from '../helpers/scenes.ts'

const coco = ['person', 'bottle', 'cup', 'handbag', 'dog', 'potted plant']

t.test('the shipped file knows the original names and aliases', async t => {
  const catalog = buildCatalog(await readTasks('config/tasks.json'), [
    'person_planting',
    'person-collecting-waste',
    'person_feeding_animal'
  ])
  for (const [alias, name] of Object.entries({
    planting: 'planting',
    Plantation: 'planting',
    person_planting: 'planting',
    people_planting: 'planting',
    waste: 'waste',
    'Waste Collection': 'waste',
    'person-collecting-waste': 'waste',
    person_collecting_waste: 'waste',
    waste_collection: 'waste',
    feeding: 'feeding',
    'feeding animal': 'feeding',
    person_feeding_animal: 'feeding',
    animal_feeding: 'feeding'
  })) {
    const task = catalog.find(alias)
    t.equal(task.name, name, alias)
    t.strictSame(task.activeRules.map(({ demonstration }) => demonstration), [false], 'the original labels prove it')
  }
})

t.test('a general-purpose model activates the demonstration rules only', async t => {
  const catalog = buildCatalog(await readTasks('config/tasks.json'), coco)
  for (const { activeRules } of catalog.tasks) {
    t.strictSame(
      activeRules.map(({ demonstration }) => demonstration),
      [true]
    )
  }
})

t.test('a task that the model cannot see is not available; an unknown one is answered with the list', async t => {
  const catalog = buildCatalog(await readTasks('config/tasks.json'), ['banana'])
  t.throws(() => catalog.find('planting'), { code: 'task_unavailable', statusCode: 503, message: /person_planting/ })
  t.throws(() => catalog.find('sleeping'), {
    code: 'unknown_task',
    statusCode: 422,
    message: /planting, waste, feeding/,
    details: { tasks: [{ name: 'planting' }] }
  })
  t.throws(() => catalog.find('__proto__'), { code: 'unknown_task' })
})

t.test('a file that cannot be used is refused with the place', async t => {
  const path = join(t.testdir(), 'tasks.json')
  await t.rejects(readTasks(path), { name: 'ConfigError', message: /cannot be read/ })
  await writeFile(path, '{"tasks": [')
  await t.rejects(readTasks(path), { name: 'ConfigError', message: /is not JSON/ })
  await writeFile(
    path,
    JSON.stringify({
      tasks: [{ name: 'a', title: 'A', aliases: [], rules: [{ id: 'r', description: 'd', anyOf: ['x'], minScore: 2 }] }]
    })
  )
  await t.rejects(readTasks(path), { name: 'ConfigError', message: /\/tasks\/0\/rules\/0\/minScore/ })
  const twice = { title: 'A', aliases: ['same one'], rules: [] }
  t.throws(
    () =>
      buildCatalog(
        [
          { ...twice, name: 'a' },
          { ...twice, name: 'b' }
        ],
        []
      ),
    { name: 'ConfigError', message: /both claim the alias same_one/ }
  )
})

t.test('a rule whose scene cannot be used is not active, the others are, and the task says why', async t => {
  const definitions = await readTasks('config/tasks.json')
  const scenes = new Map<string, Scene | string>([
    ['planting', scene()],
    ['waste', 'The scene file waste.json cannot be used.']
  ])
  const { tasks } = buildCatalog(definitions, coco, { scenes, contract })
  const active = Object.fromEntries(tasks.map(({ name, activeRules }) => [name, activeRules.map(({ id }) => id)]))
  t.same(
    active,
    { planting: ['planting-scene'], waste: ['person-with-waste'], feeding: ['person-with-animal'] },
    'a demonstration stands in only where the scene cannot'
  )
  t.match(
    tasks.map(({ sceneProblems }) => sceneProblems),
    [[], [{ rule: 'waste-scene', problem: /waste\.json/ }], [{ rule: 'feeding-scene', problem: /no scene feeding/ }]]
  )
  const { tasks: without } = buildCatalog(definitions, coco, { scenes, contract: 'maps-1/other/640' })
  t.match(without[0]!.sceneProblems, [{ rule: 'planting-scene', problem: /maps-1\/other/ }])
  const blind = buildCatalog(definitions, ['banana'], { scenes, contract })
  t.throws(() => blind.find('waste'), {
    code: 'task_unavailable',
    message: /needs an object detector.*waste\.json cannot be used/
  })
})
