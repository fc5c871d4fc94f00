import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { readDetector } from '../../src/models/choose-detector.ts'
import { recogniseDetector } from '../../src/model-tools/detector-layout.ts'
import type { OnnxInfo } from '../../src/model-tools/convert/index.ts'
import { temporaryFolder } from '../helpers/temporary-folder.ts'
import { type Axes, writeTinyOnnx } from '../helpers/tiny-onnx.ts'

const two = ['planting', 'person']

function info (
  input: Axes,
  outputs: Axes[],
  {
    labels = two,
    type = 'float32',
    ...metadata
  }: { labels?: string[] | null; type?: string } & Record<string, unknown> = {}
): OnnxInfo {
  return {
    inputs: [{ name: 'images', type, shape: input }],
    outputs: outputs.map((shape, i) => ({ name: `output${i}`, type: 'float32', shape })),
    metadata: metadata as Record<string, string>,
    opset: 17,
    producer: 'pytorch',
    labels,
    nodes: 1,
    externalFiles: []
  }
}

const square: Axes = [1, 3, 640, 640]
const open: Axes = ['batch', 3, 'height', 'width']

t.test('layouts by the shapes of their outputs', async t => {
  for (const [what, model, format] of [
    ['YOLOv8 to v12', info(square, [[1, 6, 8400]]), 'yolov8'],
    ['the same for 416 x 320', info([1, 3, 320, 416], [[1, 6, 2730]]), 'yolov8'],
    ['the same, dynamic', info(open, [['batch', 6, 'anchors']]), 'yolov8'],
    ['one class', info(square, [[1, 5, 8400]], { labels: ['planting'] }), 'yolov8'],
    ['YOLOv5', info(square, [[1, 25200, 7]]), 'yolov5'],
    [
      'YOLOv5 with its raw heads',
      info(square, [
        [1, 25200, 7],
        [1, 3, 80, 80, 7],
        [1, 3, 40, 40, 7],
        [1, 3, 20, 20, 7]
      ]),
      'yolov5'
    ],
    ['YOLOv5 of one class', info(square, [[1, 25200, 6]], { labels: ['planting'] }), 'yolov5'],
    ['YOLOv5 with four strides', info([1, 3, 1280, 1280], [[1, 102000, 7]]), 'yolov5'],
    ['YOLOv5, dynamic', info(open, [['batch', 'anchors', 7]], { stride: '32' }), 'yolov5'],
    ['YOLOX', info([1, 3, 416, 416], [[1, 3549, 7]]), 'yolox'],
    ['YOLOv10', info(square, [[1, 300, 6]]), 'end-to-end'],
    ['suppression included, dynamic', info(open, [['batch', 300, 6]]), 'end-to-end'],
    ['suppression included, any number of boxes', info(open, [['batch', 'boxes', 6]]), 'end-to-end'],
    [
      'the same of one class',
      info(open, [['batch', 'boxes', 6]], { labels: ['planting'], stride: '32', end2end: 'True' }),
      'end-to-end'
    ]
  ] as const) {
    t.equal(recogniseDetector(model, { side: 640 }).format, format, what)
  }
})

t.test('sizes and pixels', async t => {
  t.match(recogniseDetector(info([1, 3, 320, 416], [[1, 6, 2730]]), { side: 512 }), {
    dynamic: false,
    input: { width: 416, height: 320, channels: 'RGB', mean: 0, std: 255 }
  })
  t.match(recogniseDetector(info(open, [['batch', 6, 'anchors']]), { side: 500 }), {
    dynamic: true,
    input: { width: 512, height: 512 }
  })
  t.match(recogniseDetector(info([1, 3, 416, 416], [[1, 3549, 7]]), { side: 512 }).input, {
    channels: 'BGR',
    mean: 0,
    std: 1
  })
  t.match(recogniseDetector(info(square, [[1, 6, 8400]], { type: 'float16' }), { side: 512 }), { format: 'yolov8' })
})

t.test('everything else is refused in one sentence', async t => {
  for (const [what, model, message] of [
    [
      'segmentation by metadata',
      info(
        square,
        [
          [1, 38, 8400],
          [1, 32, 160, 160]
        ],
        { task: 'segment' }
      ),
      /found a segmentation model/
    ],
    [
      'segmentation by shape',
      info(square, [
        [1, 38, 8400],
        [1, 32, 160, 160]
      ]),
      /found outputs as of a segmentation model/
    ],
    [
      'classification',
      info([1, 3, 224, 224], [[1, 1000]]),
      /found the output \[1, 1000\], as of a classification model/
    ],
    ['pose by metadata', info(square, [[1, 56, 8400]], { task: 'pose' }), /found a pose model/],
    ['pose by shape', info(square, [[1, 57, 8400]]), /found 51 values for each box beyond its 2 classes/],
    ['rotated boxes', info(square, [[1, 7, 8400]], { task: 'obb' }), /found a model of rotated boxes/],
    ['an unheard-of task', info(square, [[1, 7, 8400]], { task: 'depth' }), /found a model for "depth"/],
    ['too few labels', info(square, [[1, 5, 8400]]), /found 2 labels for 1 classes/],
    ['no labels', info(square, [[1, 6, 8400]], { labels: null }), /found no class names in it.*text file beside it/],
    [
      'an unknown layout',
      info(square, [[1, 1234, 7]]),
      /found the output output0 \[1, 1234, 7\] for an input of 640 x 640, which is no known layout/
    ],
    [
      'two unknown outputs',
      info(square, [
        [1, 300, 4],
        [1, 300]
      ]),
      /found the outputs output0 \[1, 300, 4\], output1 \[1, 300\]/
    ],
    ['an open layout', info(open, [['batch', 'a', 'b']]), /export it with a fixed one/],
    ['greyscale', info([1, 1, 640, 640], [[1, 6, 8400]]), /found the inputs images float32 \[1, 1, 640, 640\]/],
    ['bytes', info(square, [[1, 6, 8400]], { type: 'uint8' }), /found the inputs images uint8/],
    ['no outputs', info(square, []), /found the outputs none/]
  ] as const) {
    t.throws(() => recogniseDetector(model, { side: 640 }), { code: 'unsupported_model', message }, what)
  }
})

t.test('labels may lie beside the file', async t => {
  const folder = temporaryFolder(t)
  const path = writeTinyOnnx(join(folder, 'best.onnx'), { outputs: { out: [1, 6, 8400] } })
  await t.rejects(readDetector(path), { message: /no class names/ })
  writeFileSync(join(folder, 'best.txt'), 'planting\r\nperson\r\n\r\n')
  t.same((await readDetector(path)).labels, two)
})
