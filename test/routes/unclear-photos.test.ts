/**
 * Photos that lie on their side, and faces that nobody could recognise, through the public door with the real models.
 */
import t from 'tap'
import { build, signup, verify } from '../helpers/app.ts'
import { withoutStarter } from '../helpers/models.ts'
import { changed, covered, portrait, samplePhoto } from '../helpers/photos.ts'

const turned = (photo: Buffer, degrees: number) => changed(photo, image => image.rotate(degrees))
const eyes = { left: 60, top: 170, width: 300, height: 90 }

t.test('recognisable faces', { skip: withoutStarter }, async t => {
  const { app } = await build(t)
  t.equal(
    (await signup(app, 'anna', await portrait('anna1'), await turned(await portrait('anna3'), 90))).json().shots,
    2,
    'enrolled, one photo lying on its side'
  )
  const proof = await samplePhoto(3)
  const upright = (await verify(app, 'anna', 'waste', proof)).json()
  t.match(upright, { status: 'approved', photo: { width: 1920, height: 1350, turned: 0 } })

  for (const [degrees, back] of [[90, 270], [180, 180], [270, 90]] as const) {
    t.test(`a proof that is turned by ${degrees} degrees is judged upright`, async t => {
      const verdict = (await verify(app, 'anna', 'waste', await turned(proof, degrees))).json()
      t.match(verdict, { status: 'approved', photo: { width: 1920, height: 1350, turned: back } })
      t.ok(
        Math.abs(verdict.similarity - upright.similarity) < 0.03,
        `similarity ${verdict.similarity}, upright ${upright.similarity}`
      )
      t.ok(
        Math.abs(verdict.liveness_score - upright.liveness_score) < 0.1,
        `liveness ${verdict.liveness_score}, upright ${upright.liveness_score}`
      )
      t.same(
        verdict.checks.face.box.map((side: number) => Math.round(side / 40)),
        upright.checks.face.box.map((side: number) => Math.round(side / 40)),
        'boxes are those of the upright photo'
      )
    })
  }

  t.test('a face that cannot be recognised is neither compared nor enrolled', async t => {
    const photo = await covered(await portrait('clara'), eyes)
    const verdict = (await verify(app, 'anna', 'waste', photo)).json()
    t.match(verdict, {
      status: 'rejected',
      reason: 'Face not recognisable',
      similarity: null,
      checks: { face: { outcome: 'failed', reason: 'face_unclear', score: null } }
    })
    t.ok(verdict.reasons.includes('face_unclear'))
    t.ok(verdict.checks.face.faces.every(({ similarity }: { similarity: null }) => similarity === null))
    t.ok(verdict.checks.face.faces[0].quality < 0.4)

    const refused = await signup(app, 'clara', photo)
    t.equal(refused.statusCode, 422)
    t.match(refused.json(), { error: 'no_usable_face', rejected: [{ code: 'face_unclear' }] })
    t.equal((await signup(app, 'clara', await portrait('clara'))).statusCode, 200, 'the same photo uncovered')
  })
})

t.test('the operator can switch the limit off', { skip: withoutStarter }, async t => {
  const { app } = await build(t, { FACE_QUALITY_THRESHOLD: '0' })
  t.equal((await signup(app, 'clara', await covered(await portrait('clara'), eyes))).statusCode, 200)
})
