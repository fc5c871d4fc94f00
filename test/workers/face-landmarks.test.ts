import t from 'tap'
import { createFaceLandmarks, fivePoints, landmarkCrop } from '../../workers/face-landmarks.ts'
import { openSession, type Session } from '../../workers/session.ts'
import { decodeShared, deviation, golden, longerSide } from '../helpers/golden.ts'
import { known, starter, withoutShared, withoutStarter } from '../helpers/models.ts'

t.test('the crop is the box in whole pixels, moved inside the frame', async t => {
  const frame = { width: 100, height: 80 }
  t.same(landmarkCrop([10.9, 20.2, 30.1, 50.9], frame), { left: 10, top: 20, width: 20, height: 30 })
  t.same(landmarkCrop([-10, 60, 10, 90], frame), { left: 0, top: 49, width: 20, height: 30 })
  t.same(landmarkCrop([5, 5, 5.1, 5.1], frame), { left: 4, top: 4, width: 1, height: 1 }, 'never empty')
})

t.test('five points come from 68 and lie in the frame', async t => {
  const outline = Float32Array.from({ length: 136 }, (_, i) => Math.floor(i / 2) / 100)
  const session: Session = {
    inputShape: [1, 1, 64, 64],
    close: async () => {},
    run: async () => [{ name: 'out', shape: [1, 136], data: outline }]
  }
  const find = createFaceLandmarks(known('fr_landmark', 'face-landmarks'), session)
  const landmarks = await find(
    { width: 400, height: 400, pixels: new SharedArrayBuffer(400 * 400 * 3) },
    [100, 200, 200, 300]
  )
  t.equal(landmarks.length, 136)
  const points = fivePoints(landmarks)
  t.ok(deviation(points.flat(), [138.5, 238.5, 144.5, 244.5, 130, 230, 148, 248, 154, 254]) < 1e-4)
})

t.test('golden: points of the starter model', { skip: withoutShared || withoutStarter }, async t => {
  const model = starter.faceLandmarks!
  const session = await openSession(model.path, 'cpu', 1)
  t.teardown(() => session.close())
  const find = createFaceLandmarks(model, session)
  for (const { name, image, starter: { detections: [face], landmark } } of golden) {
    if (!face || !landmark) continue
    const frame = await decodeShared(image)
    const { left, top, width, height } = landmarkCrop(face.box, frame)
    t.same([left, top, width, height], landmark.crop_xywh, `${name}: crop`)
    t.ok(
      deviation(fivePoints(await find(frame, face.box)).flat(), landmark.points5.flat()) <=
        0.005 * longerSide(face.box),
      `${name}: points`
    )
  }
})
