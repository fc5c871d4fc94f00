import t, { type Test } from 'tap'
import { iou } from '../../workers/boxes.ts'
import { createFaceDetector, createPass, type FaceDetector } from '../../workers/face-detector.ts'
import { createPicture } from '../../workers/pixels.ts'
import { letterboxTopLeft } from '../../workers/letterbox.ts'
import { openSession, type Session } from '../../workers/session.ts'
import type { Box, Frame, ModelSet } from '../../workers/types.ts'
import { closest, decodeShared, deviation, golden, longerSide } from '../helpers/golden.ts'
import { known, scrfd, scrfdFixed, starter, withoutShared, withoutStarter } from '../helpers/models.ts'

async function open (t: Test, model: ModelSet['faceDetector']): Promise<Session> {
  const session = await openSession(model.path, 'cpu', 1)
  t.teardown(() => session.close())
  return session
}

function blank (width: number, height: number): Frame {
  return { width, height, pixels: new SharedArrayBuffer(width * height * 3) }
}

/** A detector session that answers with the boxes of the next pass, in fractions of the canvas. */
function fake (passes: { box: Box, score: number }[][]): Session {
  let pass = 0
  return {
    inputShape: [1, 3, 240, 320],
    close: async () => {},
    async run () {
      const faces = passes[pass++] ?? []
      return [
        {
          name: 'scores',
          shape: [1, faces.length, 2],
          data: Float32Array.from(faces.flatMap(({ score }) => [1 - score, score]))
        },
        { name: 'boxes', shape: [1, faces.length, 4], data: Float32Array.from(faces.flatMap(({ box }) => box)) }
      ]
    }
  }
}

const ultralight = known('fr_detect', 'face-detector')

t.test('one pass is enough when a face of ordinary size is found', async t => {
  const detect = createFaceDetector(
    ultralight,
    fake([[{ box: [0.25, 0.25, 0.5, 0.5], score: 0.75 }], [{ box: [0, 0, 0.1, 0.1], score: 0.9 }]])
  )
  t.match(await detect(blank(320, 240)), [{ score: 0.75, box: [80, 60, 160, 120], points: null }])
})

t.test('a second pass shows the frame smaller when nothing is found', async t => {
  // The second pass draws the frame 160 x 128 pixels in the corner of the canvas.
  const detect = createFaceDetector(ultralight, fake([[], [{ box: [0, 0, 0.5, 0.5], score: 0.75 }]]))
  const [face] = await detect(blank(320, 240))
  t.ok(deviation(face!.box, [0, 0, 320, 225]) < 1e-3)
})

t.test('what both passes find of a huge face is merged', async t => {
  const detect = createFaceDetector(
    ultralight,
    fake([[{ box: [0, 0, 1, 1], score: 0.75 }], [{ box: [0, 0, 0.5, 0.5], score: 0.875 }]])
  )
  t.match((await detect(blank(320, 240))).map(({ score }) => score), [0.875])
})

t.test('a box without area is no face', async t => {
  t.same(await createPass(ultralight, fake([[{ box: [0.5, 0.5, 0.5, 0.6], score: 0.9 }]]), 1)(blank(320, 240)), [])
})

for (const side of [640, 416] as const) {
  t.test(`golden: SCRFD-500M at ${side}`, { skip: withoutShared }, async t => {
    const model = scrfd(side)
    const detect = createPass(model, await open(t, model), 1)
    const tolerance = side === 640 ? { box: 0.015, points: 0.03 } : { box: 0.02, points: 0.04 }
    for (const { name, image, hard, scrfd } of golden) {
      const { resized: [width, height], scale, faces } = scrfd[side]
      const frame = await decodeShared(image)
      t.match(letterboxTopLeft(frame, createPicture(side, side)), { width, height }, name)
      t.ok(Math.abs(letterboxTopLeft(frame, createPicture(side, side)).scaleX - scale) < 1e-6, name)
      if (hard) continue

      const found = await detect(frame)
      t.equal(
        found.filter(({ score }) => score > 0.55).length,
        faces.filter(({ score }) => score > 0.55).length,
        `${name}: faces`
      )
      for (const expected of faces.filter(({ score }) => score > 0.55)) {
        const face = closest(found, expected.box)!
        const unit = longerSide(expected.box)
        t.ok(iou(face.box, expected.box) > 0.95, `${name}: overlap`)
        t.ok(deviation(face.box, expected.box) <= tolerance.box * unit, `${name}: box`)
        t.ok(deviation(face.points!.flat(), expected.keypoints.flat()) <= tolerance.points * unit, `${name}: points`)
        t.ok(Math.abs(face.score - expected.score) <= 0.01, `${name}: score`)
      }
    }
  })
}

t.test('golden: the starter detector', { skip: withoutShared || withoutStarter }, async t => {
  const detect = createPass(starter.faceDetector, await open(t, starter.faceDetector), 1)
  for (const { name, image, starter } of golden) {
    const found = await detect(await decodeShared(image))
    const clear = starter.detections.filter(({ score }) => score > 0.7)
    t.equal(found.filter(({ score }) => score > 0.7).length, clear.length, `${name}: faces`)
    for (const expected of clear) {
      const face = closest(found, expected.box)!
      t.ok(deviation(face.box, expected.box) <= 0.015 * longerSide(expected.box), `${name}: box`)
      t.ok(Math.abs(face.score - expected.score) <= 0.02, `${name}: score`)
    }
  }
})

t.test('SCRFD with a fixed input and a batch axis finds the same faces', { skip: withoutShared }, async t => {
  const detect = createPass(scrfdFixed, await open(t, scrfdFixed), 1)
  for (const { name, image, hard, scrfd } of golden) {
    if (hard) continue
    const found = await detect(await decodeShared(image))
    for (const expected of scrfd['640'].faces.filter(({ score }) => score > 0.6)) {
      const face = closest(found, expected.box)
      t.ok(face && iou(face.box, expected.box) > 0.7, `${name}: overlap`)
      t.ok(
        face && deviation(face.points!.flat(), expected.keypoints.flat()) < 0.15 * longerSide(expected.box),
        `${name}: points`
      )
    }
  }
})

t.test('a face that fills the frame is found by the second pass only', { skip: withoutShared }, async t => {
  const frame = await decodeShared('images/odd/face_fills_frame.jpg')
  const expected = golden.find(({ image }) => image.endsWith('face_fills_frame.jpg'))!.scrfd['416'].faces[0]!
  for (const model of [scrfd(640), scrfdFixed]) {
    const session = await open(t, model)
    t.same(await createPass(model, session, 1)(frame), [], 'one pass misses it')
    const [face, ...others] = await createFaceDetector(model, session)(frame)
    t.same(others, [])
    t.ok(iou(face!.box, expected.box) > 0.85, model.id)
  }
})

t.test('odd sizes: no face, no failure', { skip: withoutShared || withoutStarter }, async t => {
  const detectors: FaceDetector[] = []
  for (const model of [scrfd(416), scrfdFixed, starter.faceDetector]) {
    detectors.push(createFaceDetector(model, await open(t, model)))
  }
  for (const name of ['tiny_1x1.png', 'wide_4000x20.jpg']) {
    const frame = await decodeShared(`images/odd/${name}`)
    for (const detect of detectors) t.same(await detect(frame), [], name)
  }
})
