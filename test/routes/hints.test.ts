import t from 'tap'
import { build, send } from '../helpers/app.ts'
import { buildLight } from '../helpers/light-app.ts'
import { changed, drawing, portrait, samplePhoto } from '../helpers/photos.ts'

/** A frame as a page sends it: the person on a plain wall, changed by a pipeline. */
async function frame (change: Parameters<typeof changed>[1], height = 400): Promise<Buffer> {
  const person = await changed(await portrait('anna1'), image => change(image.resize({ height })).png())
  return changed(await drawing('png', { width: 640, height: 480 }), image => image.composite([{ input: person }]).jpeg())
}

t.test('hints for one photo with the real models', async t => {
  const { app } = await build(t)
  const hint = async (bytes: Buffer, fields: [string, string][] = []) =>
    (await send(app, '/api/hints', [...fields, ['frame', { bytes }]])).json()
  const good = await hint(await frame(image => image))
  t.match(good, { hint: 'hold', photo: { width: 640, height: 480 }, yaw: Number, pitch: Number })
  t.ok(good.box[2] - good.box[0] > 100)
  t.match(await hint(await frame(image => image.linear(0.15, 0))), { hint: 'too_dark' })
  t.match(await hint(await frame(image => image.blur(8))), { hint: 'too_blurry' })
  t.match(await hint(await frame(image => image, 130)), { hint: 'closer' })
  t.match(await hint(await frame(image => image), [['step', 'left']]), { hint: 'turn_left' })
  t.match(await hint(await drawing('jpeg')), { hint: 'no_face', box: null, yaw: null })
})

t.test('hints are for every caller with a key, and for small photos', async t => {
  const { app } = await buildLight(t, { API_KEYS: `phone:enrol:${'p'.repeat(40)}` })
  const bytes = await drawing('jpeg')
  t.equal((await send(app, '/api/hints', [['frame', { bytes }]])).statusCode, 401)
  const key = { 'x-api-key': 'p'.repeat(40) }
  t.equal((await send(app, '/api/hints', [['frame', { bytes }]], key)).statusCode, 200)
  t.match((await send(app, '/api/hints', [], key)).json(), { error: 'missing_field' })
  t.match(
    (await send(app, '/api/hints', [['step', 'sideways'], ['frame', { bytes }]], key)).json(),
    { error: 'invalid_request' }
  )
})

t.test('a photo of more than a megapixel is no hint', async t => {
  const { app } = await build(t)
  t.match(
    (await send(app, '/api/hints', [['frame', { bytes: await samplePhoto(1) }]])).json(),
    { error: 'too_many_pixels', message: /1 megapixel|1000000|1 MP/i }
  )
})
