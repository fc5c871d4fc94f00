import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { loadConfig } from '../../src/config/config.ts'
import { exactness, exactnessModel } from '../../src/model-tools/quantize/exactness.ts'
import { prepareDetector } from '../../src/models/input-size.ts'
import { verdictOf } from '../../src/models/precision.ts'
import { featureContract } from '../../workers/features.ts'
import { openSession } from '../../workers/session.ts'
import { starter, withoutStarter } from '../helpers/models.ts'
import { temporaryFolder } from '../helpers/temporary-folder.ts'

const yolo = starter.objectDetector!
const silent = (message: string): void => { throw new Error(message) }

function settings (t: Test, env: Record<string, string> = {}) {
  return loadConfig({ MODELS_DIR: temporaryFolder(t), EXECUTION_PROVIDER: 'cpu', ...env })
}

/** A folder of tasks whose scenes say nothing of int8. */
function unmeasuredScenes (t: Test): string {
  const dir = temporaryFolder(t)
  cpSync('config', dir, { recursive: true })
  const path = join(dir, 'scenes', 'planting.json')
  const { measured, ...scene } = JSON.parse(readFileSync(path, 'utf8'))
  writeFileSync(path, JSON.stringify(scene))
  return join(dir, 'tasks.json')
}

/** The shipped tasks without the scenes that their demonstration rules stand in for. */
function withoutScenes (t: Test): string {
  const path = join(temporaryFolder(t), 'tasks.json')
  cpSync('config/tasks.json', path)
  return path
}

t.test('int8 is taken where it is exact and at least 1.2 times faster', async t => {
  t.match(verdictOf({ provider: 'cpu', fp32Ms: 60, int8Ms: 50, exact: true }), {
    type: 'int8',
    reason: /^1\.20 times as fast/
  })
  t.match(verdictOf({ provider: 'cpu', fp32Ms: 59, int8Ms: 50, exact: true }), {
    type: 'fp32',
    reason: /1\.18 times.*less than 1\.2/
  })
  t.match(verdictOf({ provider: 'cuda', fp32Ms: 0, int8Ms: 0, exact: false }), {
    type: 'fp32',
    reason: /for the CPU.*cuda/
  })
  t.match(verdictOf({ provider: 'cpu', fp32Ms: 100, int8Ms: 50, exact: false }), { type: 'fp32', reason: /exactly/ })
})

t.test('the network of ones computes what float arithmetic computes', async t => {
  const path = join(t.testdir(), 'exactness.onnx')
  writeFileSync(path, exactnessModel())
  const session = await openSession(path, 'cpu', 1)
  t.teardown(() => session.close())
  const { channels, side } = exactness
  const [output] = await session.run(new Float32Array(channels * side * side).fill(1), [1, channels, side, side])
  t.equal(output!.data.length, side * side)
  t.ok(
    output!.data.every(value => value > channels / 4 && value < channels * 1.01),
    'the sum, or what is left of it where sums overflow'
  )
})

t.test(
  'PRECISION=int8 makes a file of a quarter of the size, whose features are others',
  { skip: withoutStarter },
  async t => {
    const config = settings(t, { PRECISION: 'int8' })
    const made = await prepareDetector(yolo, config, silent)
    t.match(made, { precision: { type: 'int8', reason: 'PRECISION=int8' }, published: yolo, sha256: yolo.sha256 })
    t.equal(featureContract(made), `maps-1/${yolo.sha256.slice(0, 16)}/640/int8-1`)
    t.ok(readFileSync(made.path).length < readFileSync(yolo.path).length / 3)
    const before = readdirSync(join(config.MODELS_DIR, 'cache')).length
    t.equal((await prepareDetector(yolo, config, silent)).path, made.path)
    t.equal(readdirSync(join(config.MODELS_DIR, 'cache')).length, before, 'made once')
  }
)

t.test('PRECISION=int8 without known ranges says what to do', async t => {
  const other = { ...yolo, sha256: '0'.repeat(64) }
  await t.rejects(prepareDetector(other, settings(t, { PRECISION: 'int8' }), silent), {
    name: 'ConfigError',
    message: /PRECISION=int8: expected.*known, found yolov8n.*models -- quantize yolov8n/
  })
})

t.test('auto measures once, and remembers', { skip: withoutStarter }, async t => {
  const config = settings(t)
  const first = await prepareDetector(yolo, config, silent)
  const path = join(config.MODELS_DIR, 'cache', 'precision.json')
  const [key, measured] = Object.entries(JSON.parse(readFileSync(path, 'utf8')))[0]!
  t.match(measured, { provider: 'cpu', fp32Ms: Number, int8Ms: Number, exact: Boolean })
  t.same(first.precision, verdictOf(measured as never))

  for (const [found, type] of [
    [{ provider: 'cpu', fp32Ms: 100, int8Ms: 10, exact: true }, 'int8'],
    [{ provider: 'cpu', fp32Ms: 10, int8Ms: 10, exact: true }, 'fp32']
  ] as const) {
    writeFileSync(path, JSON.stringify({ [key]: found }))
    t.same((await prepareDetector(yolo, config, silent)).precision, verdictOf(found), `remembered: ${type}`)
  }
  writeFileSync(path, JSON.stringify({ [key]: { provider: 'cpu', fp32Ms: 100, int8Ms: 10, exact: true } }))
  const scenes = await prepareDetector(yolo, { ...config, TASKS_FILE: unmeasuredScenes(t) }, silent)
  t.match(
    scenes.precision,
    { type: 'fp32', reason: /the scenes planting were taught with fp32/ },
    'a scene that was not measured with int8'
  )
  for (const TASKS_FILE of ['config/demonstration.json', withoutScenes(t)]) {
    t.match((await prepareDetector(yolo, { ...config, TASKS_FILE }, silent)).precision, {
      type: 'fp32',
      reason: /^demonstration rules decide the tasks planting, waste, feeding, .* set PRECISION=int8/
    }, TASKS_FILE)
  }
  t.match(await prepareDetector({ ...yolo, sha256: '0'.repeat(64) }, config, silent), {
    precision: { type: 'fp32', reason: /no activation ranges are known/ }
  })
})

t.test('fp32 is what was published', { skip: withoutStarter }, async t => {
  const made = await prepareDetector(yolo, settings(t, { PRECISION: 'fp32' }), silent)
  t.match(made, { precision: { type: 'fp32', reason: 'PRECISION=fp32' }, int8: undefined })
  t.equal(featureContract(made), `maps-1/${yolo.sha256.slice(0, 16)}/640`)
})
