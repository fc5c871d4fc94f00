import t from 'tap'
import { build, send } from '../helpers/app.ts'
import { buildLight } from '../helpers/light-app.ts'
import { samplePhoto } from '../helpers/photos.ts'

t.test('the evidence of a photo, without any user', async t => {
  const { app } = await build(t, { DEBUG_ROUTES: 'true' })
  const answer = await send(app, '/api/debug/evidence', [['file', { bytes: await samplePhoto(3) }]])
  t.equal(answer.statusCode, 200, answer.body)
  const { faces, similarities, detections, width } = answer.json()
  t.equal(width, 1920)
  t.ok(faces.length >= 2)
  for (const face of faces) {
    t.match(face, {
      box: [Number, Number, Number, Number],
      points: { length: 5 },
      quality: { size: Number, yaw: Number },
      liveness: { score: Number, models: [{ id: 'fr_liveness' }] }
    })
  }
  t.ok(Math.abs(similarities[0][0] - 1) < 1e-5)
  t.ok(similarities[0][1] < 0.5, 'different people')
  t.ok(detections.some(({ label }: { label: string }) => label === 'person'))
  t.notMatch(answer.body, /embedding/)
  t.equal(
    (await send(app, '/api/debug/evidence', [['file', { bytes: Buffer.from('text') }]])).json().error,
    'unsupported_image_type'
  )
})

t.test('debug routes are off by default, in production, and for keys without admin', async t => {
  for (const [name, env, status] of [
    ['default', {}, 404],
    ['production', { DEBUG_ROUTES: 'true', ENV: 'production' }, 404],
    ['on', { DEBUG_ROUTES: 'true' }, 200],
    ['key', { DEBUG_ROUTES: 'true', API_KEYS: `app:enrol+verify+read:${'1'.repeat(40)}` }, 403]
  ] as const) {
    const { app } = await buildLight(t, { DATA_DIR: `${t.testdirName}-${name}`, ...env })
    t.equal(
      (await send(app, '/api/debug/evidence', [['file', { bytes: Buffer.from('x') }]], { 'x-api-key': '1'.repeat(40) }))
        .statusCode,
      status,
      name
    )
  }
})
