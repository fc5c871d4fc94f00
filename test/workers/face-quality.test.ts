import t from 'tap'
import { faceQuality, headPose, laplacianVariance } from '../../workers/face-quality.ts'
import { createPicture } from '../../workers/pixels.ts'
import type { FivePoints, Point } from '../../workers/types.ts'

const frontal: FivePoints = [
  [38.2946, 51.6963],
  [73.5318, 51.5014],
  [56.0252, 71.7366],
  [41.5493, 92.3655],
  [70.7299, 92.2041]
]

function withNose (x: number, y: number): FivePoints {
  return frontal.with(2, [frontal[2][0] + x, frontal[2][1] + y]) as FivePoints
}

function turned (degrees: number): FivePoints {
  const [cos, sin] = [Math.cos(degrees * Math.PI / 180), Math.sin(degrees * Math.PI / 180)]
  return frontal.map(([x, y]): Point => [x * cos - y * sin, x * sin + y * cos]) as FivePoints
}

t.test('an average face looks into the camera', async t => {
  for (const angle of Object.values(headPose(frontal))) t.ok(Math.abs(angle) < 2)
})

t.test('each angle follows its own movement', async t => {
  t.ok(headPose(withNose(10, 0)).yaw > 20)
  t.ok(headPose(withNose(-10, 0)).yaw < -20)
  t.ok(Math.abs(headPose(withNose(10, 0)).pitch) < 3)
  t.ok(headPose(withNose(0, 8)).pitch > 15)
  t.ok(headPose(withNose(0, -8)).pitch < -15)
  t.ok(Math.abs(headPose(withNose(0, 8)).yaw) < 3)
})

t.test('roll is the turn of the head and leaves the other angles alone', async t => {
  for (const degrees of [-60, -20, 30, 80]) {
    const pose = headPose(turned(degrees))
    t.ok(Math.abs(pose.roll - degrees) < 1)
    t.ok(Math.abs(pose.yaw) < 2)
    t.ok(Math.abs(pose.pitch) < 2)
  }
})

t.test('impossible points give angles, not NaN', async t => {
  const pose = headPose(Array(5).fill([3, 3]) as FivePoints)
  t.ok(Object.values(pose).every(Number.isFinite))
  t.ok(Object.values(headPose(withNose(1000, -1000))).every(angle => Math.abs(angle) <= 90))
})

t.test('sharpness is zero for flat pictures and ramps and grows with edges', async t => {
  const size = { width: 8, height: 8 }
  const picture = (level: (x: number, y: number) => number): Float32Array =>
    Float32Array.from({ length: 64 }, (_, i) => level(i % 8, Math.floor(i / 8)))
  t.equal(laplacianVariance(picture(() => 100), size), 0)
  t.equal(laplacianVariance(picture((x, y) => 10 * x + 5 * y), size), 0)
  const soft = laplacianVariance(picture(x => x < 4 ? 100 : 150), size)
  const hard = laplacianVariance(picture(x => x < 4 ? 50 : 200), size)
  t.ok(soft > 0 && hard > soft)
})

t.test('size, brightness and the share inside the frame', async t => {
  const crop = createPicture(112, 112)
  crop.data.fill(90)
  const quality = faceQuality([-50, 0, 50, 200], frontal, crop, { width: 400, height: 300 })
  t.match(quality, { size: 100, inside: 0.5 })
  t.ok(Math.abs(quality.brightness - 90) < 0.01)
  t.equal(faceQuality([5, 5, 5, 5], frontal, crop, { width: 400, height: 300 }).inside, 0)
})

t.test('sharpness does not depend on the light', async t => {
  const crop = createPicture(112, 112)
  crop.data.set(crop.data.map((_, i) => 60 * (Math.floor(i / 24) % 4)))
  const dark = { ...crop, data: crop.data.map(level => level / 3) }
  const frame = { width: 400, height: 300 }
  const [bright, dim] = [crop, dark].map(picture => faceQuality([0, 0, 100, 100], frontal, picture, frame).sharpness)
  t.ok(bright! > 0)
  t.ok(Math.abs(bright! - dim!) < 1e-6)
  t.equal(faceQuality([0, 0, 100, 100], frontal, createPicture(112, 112), frame).sharpness, 0, 'a flat crop')
})

t.test('a face whose points lie at the rim is cut off, even when its box is not', async t => {
  const crop = createPicture(112, 112)
  const leftmost = Math.min(...frontal.map(([x]) => x))
  const shifted = frontal.map(([x, y]) => [x - leftmost, y]) as FivePoints
  t.equal(faceQuality([0, 0, 50, 100], frontal, crop, { width: 400, height: 300 }).inside, 1)
  t.ok(faceQuality([0, 0, 50, 100], shifted, crop, { width: 400, height: 300 }).inside < 0.8)
})
