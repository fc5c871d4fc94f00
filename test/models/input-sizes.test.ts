import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { inputSizes, withInputSizes } from '../../src/models/input-sizes.ts'
import { starter, withoutStarter } from '../helpers/models.ts'

const yolo = starter.objectDetector!
const silent = (message: string): void => { throw new Error(message) }

t.test('lying, standing and square', async t => {
  t.same(inputSizes(640), [{ width: 640, height: 480 }, { width: 480, height: 640 }, { width: 640, height: 640 }])
  t.same(inputSizes(416)[0], { width: 416, height: 320 }, 'rounded up to multiples of 32')
})

t.test('the files are made below MODELS_DIR', { skip: withoutStarter }, async t => {
  const dir = t.testdir()
  const { views } = await withInputSizes(yolo, { MODELS_DIR: dir }, silent)
  t.same(views?.map(({ width, height }) => ({ width, height })), inputSizes(640))
  t.equal(views?.[2]?.path, yolo.path, 'the published file serves its own size')
  t.equal(readdirSync(join(dir, 'cache')).length, 2)

  const smaller = await withInputSizes(yolo, { MODELS_DIR: dir, YOLO_IMGSZ: 320 }, silent)
  t.same(smaller.views?.map(({ width, height }) => ({ width, height })), inputSizes(320))
})

t.test('a model whose size cannot be changed', { skip: withoutStarter }, async t => {
  const other = { ...yolo, path: starter.faceDetector.path }
  const warnings: string[] = []
  t.equal(await withInputSizes(other, { MODELS_DIR: t.testdir() }, message => warnings.push(message)), other, 'keeps its own')
  t.match(warnings, [/yolov8n cannot be changed.*640 x 640/])
  await t.rejects(withInputSizes(other, { MODELS_DIR: t.testdir(), YOLO_IMGSZ: 320 }, silent), { name: 'ConfigError', message: /^YOLO_IMGSZ=320: .*yolov8n/ })
})
