import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { withAnyInputSize } from '../../src/models/input-size.ts'
import { starter, withoutStarter } from '../helpers/models.ts'

const yolo = starter.objectDetector!
const silent = (message: string): void => { throw new Error(message) }

t.test('a file that takes any size is made once below MODELS_DIR', { skip: withoutStarter }, async t => {
  const dir = t.testdir()
  const open = await withAnyInputSize(yolo, { MODELS_DIR: dir }, silent)
  t.match(open, { published: yolo, input: { width: 640, height: 640 } })
  t.same(
    readdirSync(join(dir, 'cache'))
      .filter(name => name.endsWith('.onnx'))
      .map(name => join(dir, 'cache', name)),
    [open.path]
  )

  const smaller = await withAnyInputSize(yolo, { MODELS_DIR: dir, YOLO_IMGSZ: 320 }, silent)
  t.match(smaller, { path: open.path, published: undefined, input: { width: 320, height: 320 } })
  t.same(
    await withAnyInputSize({ ...yolo, path: open.path }, { MODELS_DIR: dir }, silent),
    { ...yolo, path: open.path },
    'an open file stays as it is'
  )
})

t.test('a model whose size cannot be changed', { skip: withoutStarter }, async t => {
  const other = { ...yolo, path: starter.faceDetector.path }
  const warnings: string[] = []
  t.equal(
    await withAnyInputSize(other, { MODELS_DIR: t.testdir() }, message => warnings.push(message)),
    other,
    'keeps its own'
  )
  t.match(warnings, [/yolov8n cannot be changed.*640 x 640/])
  await t.rejects(withAnyInputSize(other, { MODELS_DIR: t.testdir(), YOLO_IMGSZ: 320 }, silent), {
    name: 'ConfigError',
    message: /^YOLO_IMGSZ=320: .*yolov8n/
  })
})
