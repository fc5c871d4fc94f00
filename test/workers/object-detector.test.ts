import t from 'tap'
import { iou } from '../../workers/boxes.ts'
import { canvasFor, createObjectDetector } from '../../workers/object-detector.ts'
import { parseNames, readOnnxFacts } from '../../workers/onnx-file.ts'
import { createPicture } from '../../workers/pixels.ts'
import { letterboxCentre } from '../../workers/letterbox.ts'
import { openSession, type Session } from '../../workers/session.ts'
import { decodeShared, golden } from '../helpers/golden.ts'
import { known, starter, withoutShared, withoutStarter } from '../helpers/models.ts'

const yolo = known('yolov8n', 'object-detector')

/** A session that always answers with the same [x1, y1, x2, y2, score, class] rows. */
function fake (...rows: number[][]): Session {
  return {
    inputShape: [1, 3, 640, 640],
    close: async () => {},
    run: async () => [{ name: 'out', shape: [1, rows.length, 6], data: Float32Array.from(rows.flat()) }]
  }
}

t.test('overlaps are suppressed within a class, boxes clipped, labels named', async t => {
  const session = fake(
    [0, 100, 200, 300, 0.5, 0], [0, 100, 200, 310, 0.75, 0], [0, 100, 200, 300, 0.625, 1],
    [-100, 0, 700, 700, 0.375, 2], [0, 0, 50, 20, 0.9, 0])
  const detect = createObjectDetector({ ...yolo, format: 'end-to-end' }, session, ['tree', 'bag'])
  // 200 x 100 pixels lie in rows 160 to 480 of the canvas, 3.2 times larger: the last row is about the rim alone.
  const { detections: found } = await detect({ width: 200, height: 100, pixels: new SharedArrayBuffer(200 * 100 * 3) })
  t.same(found.map(({ label, score }) => [label, score]), [['tree', 0.75], ['bag', 0.625], ['class 2', 0.375]])
  t.same(found[2]?.box, [0, 0, 200, 100])
  t.same(found[0]?.box, [0, 0, 62.5, 46.875])
})

t.test('golden: YOLOv8n', { skip: withoutShared || withoutStarter }, async t => {
  const model = starter.objectDetector!
  const session = await openSession(model.path, 'cpu', 1)
  t.teardown(() => session.close())
  const detect = createObjectDetector(model, session, parseNames(readOnnxFacts(model.path).metadata['names'] ?? ''))
  let [expectedBoxes, foundBoxes, matches, overlap] = [0, 0, 0, 0]

  for (const { name, image, yolov8n: { ratio, pad_left: left, pad_top: top, detections } } of golden) {
    const frame = await decodeShared(image)
    const place = letterboxCentre(frame, createPicture(640, 640))
    t.same([place.left, place.top], [left, top], `${name}: pad`)
    t.ok(Math.abs(place.scaleX - ratio) < 1e-6, `${name}: ratio`)

    const { detections: found } = await detect(frame)
    expectedBoxes += detections.length
    foundBoxes += found.length
    for (const expected of detections) {
      const match = found
        .filter(({ label }) => label === expected.class_name)
        .toSorted((a, b) => iou(b.box, expected.box) - iou(a.box, expected.box))[0]
      if (match && iou(match.box, expected.box) > 0.5) {
        matches++
        overlap += iou(match.box, expected.box)
      }
      if (expected.confidence > 0.35) {
        t.ok(match && iou(match.box, expected.box) > 0.93, `${name}: ${expected.class_name} overlaps`)
        t.ok(match && Math.abs(match.score - expected.confidence) <= 0.03, `${name}: ${expected.class_name} confidence`)
      }
    }
  }
  t.ok(2 * matches / (expectedBoxes + foundBoxes) > 0.98, 'share of boxes matched (F1)')
  t.ok(overlap / matches > 0.99, 'mean overlap of matches')
})

t.test('a network that takes any size sees no more rim than its stride asks for', async t => {
  const side = (width: number, height: number) =>
    Object.values(canvasFor({ width, height }, { width: 640, height: 640 }))
  t.same(side(4000, 3000), [640, 480])
  t.same(side(3000, 4000), [480, 640])
  t.same(side(1920, 1080), [640, 384], '360 rows, 12 of rim above and below')
  t.same(side(500, 500), [640, 640])
  t.same(side(1000, 751), [640, 512], 'one row more than 480')
  t.same(side(9, 9999), [32, 640])

  const shapes: number[][] = []
  const session: Session = {
    ...fake(),
    inputShape: [1, 3, null, null],
    async run (data, shape) {
      t.equal(data.length, shape.reduce((product, length) => product * length))
      shapes.push(shape)
      return [{ name: 'out', shape: [1, 1, 6], data: Float32Array.of(0, 12, 640, 372, 0.9, 0) }]
    }
  }
  const detect = createObjectDetector({ ...yolo, format: 'end-to-end' }, session, ['tree'])
  const {
    detections: [found]
  } = await detect({ width: 1920, height: 1080, pixels: new SharedArrayBuffer(1920 * 1080 * 3) })
  t.same(found?.box, [0, 0, 1920, 1080], 'boxes come back to the frame')
  await detect({ width: 100, height: 200, pixels: new SharedArrayBuffer(100 * 200 * 3) })
  t.same(shapes, [[1, 3, 384, 640], [1, 3, 640, 320]])
})
