import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { encodeWeights, parseScene, readScenes, scenesDir } from '../../../src/tasks/scenes/scene-file.ts'
import { sceneFile } from '../../helpers/scenes.ts'

const text = (change = {}) => JSON.stringify(sceneFile(change))

t.test('a scene is read as it was written', async t => {
  const weights = Float32Array.of(1.5, -2.25, 0, 1e-30, 3, 4)
  t.same(parseScene(text({ weights: encodeWeights(weights) }), 'planting'), { ...sceneFile(), weights })
})

t.test('a file that cannot be used is refused in a sentence', async t => {
  t.throws(() => parseScene(text().slice(0, 200), 'planting'), { message: /damaged or cut short/ })
  t.throws(() => parseScene(text({ format: 'scene-9' }), 'planting'), { message: /\/format.*scene-9/ })
  t.throws(() => parseScene(text({ threshold: 2 }), 'planting'), { message: /\/threshold/ })
  t.throws(() => parseScene(text(), 'waste'), { message: /expected the scene waste.*found planting/ })
  t.throws(() => parseScene(text({ weights: encodeWeights(Float32Array.of(1, 2)) }), 'planting'), {
    message: /expected 6 weights, found 2/
  })
  t.throws(() => parseScene(text({ weights: encodeWeights(Float32Array.of(1, 2, NaN, 4, 5, 6)) }), 'planting'), {
    message: /finite weights/
  })
  t.throws(() => parseScene(text({ weights: encodeWeights(Float32Array.of(1, 2, 3, 4, 5, Infinity)) }), 'planting'), {
    message: /finite weights/
  })
})

t.test('a folder of scenes: the bad ones do not spoil the good ones', async t => {
  const dir = join(t.testdir(), 'scenes')
  t.same([...await readScenes(dir)], [], 'no folder, no scenes')
  mkdirSync(dir)
  writeFileSync(join(dir, 'planting.json'), text())
  writeFileSync(join(dir, 'waste.json'), text().slice(0, 100))
  writeFileSync(join(dir, 'README.md'), 'not a scene')
  const scenes = await readScenes(dir)
  t.same([...scenes.keys()], ['planting', 'waste'])
  t.match(scenes.get('planting'), { name: 'planting', threshold: 0.7 })
  t.match(scenes.get('waste'), /waste\.json cannot be used: .*cut short.*npm run tasks -- teach waste/)
  t.equal(scenesDir('config/tasks.json'), join('config', 'scenes'))
})

t.test('the shipped scenes are small and can be used', async t => {
  const dir = 'config/scenes'
  const scenes = await readScenes(dir)
  t.same([...scenes.keys()], ['feeding', 'planting', 'waste'])
  for (const [name, scene] of scenes) t.match(scene, { name, weights: Float32Array }, name)
  for (const file of readdirSync(dir)) t.ok(statSync(join(dir, file)).size < 100_000, `${file} is below 100 kB`)
})
