import t from 'tap'
import { enrolmentFace, qualityProblem } from '../../src/enrolment/quality.ts'
import type { FaceQuality } from '../../workers/types.ts'
import { face } from '../helpers/faces.ts'

t.test('one face, or one that clearly dominates', async t => {
  t.match(enrolmentFace([], 0.4), { rejection: { code: 'no_face' } })
  const large = face({ box: [0, 0, 100, 100] })
  t.match(enrolmentFace([large], 0.4), { face: large })
  t.match(enrolmentFace([large, face({ box: [0, 0, 50, 50] })], 0.4), { face: large })
  t.match(enrolmentFace([large, face({ box: [0, 0, 80, 80] })], 0.4), { rejection: { code: 'multiple_faces' } })
})

t.test('a large face beside it counts when it could be enrolled itself', async t => {
  const large = face({ box: [0, 0, 100, 100] })
  const beside = (quality: Partial<FaceQuality>) => face({ box: [120, 0, 210, 90], quality })
  for (const quality of [{ inside: 0.6 }, { yaw: 70 }, { sharpness: 0.001 }, { size: 40 }, { score: 0.1 }]) {
    t.match(enrolmentFace([large, beside(quality)], 0.4), { face: large }, JSON.stringify(quality))
    t.match(
      enrolmentFace([large, beside(quality), beside({})], 0.4),
      { rejection: { code: 'multiple_faces' } },
      'a third one that could'
    )
  }
  const unseen = { ...beside({}), embedding: null }
  t.match(
    enrolmentFace([large, unseen], 0.4),
    { rejection: { code: 'multiple_faces' } },
    'nobody knows whether it could'
  )
})

t.test('each limit has its code', async t => {
  t.equal(qualityProblem(face(), 0.4), null)
  for (const [quality, code] of [
    [{ size: 40 }, 'face_too_small'],
    [{ sharpness: 0.003 }, 'too_blurry'],
    [{ brightness: 10 }, 'too_dark'],
    [{ brightness: 250 }, 'too_bright'],
    [{ yaw: -80 }, 'extreme_pose'],
    [{ pitch: 70 }, 'extreme_pose'],
    [{ roll: 90 }, 'extreme_pose'],
    [{ inside: 0.5 }, 'face_cut_off'],
    [{ score: 0.39 }, 'face_unclear']
  ] as const) {
    t.match(qualityProblem(face({ quality }), 0.4), { code }, code)
  }
  t.equal(qualityProblem(face({ quality: { score: 0.4 } }), 0.4), null)
  t.match(
    qualityProblem(face({ quality: { score: 0.1, sharpness: 0.003 } }), 0.4),
    { code: 'too_blurry' },
    'the more exact name goes first'
  )
  t.equal(qualityProblem(face({ quality: { score: null } }), 0.4), null, 'an embedder that was never calibrated')
})
