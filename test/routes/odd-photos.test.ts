/** Difficult files through the public door, against the shared test photos. */
import { readFile } from 'node:fs/promises'
import t from 'tap'
import { build, signup, verify } from '../helpers/app.ts'
import { shared, withoutShared } from '../helpers/models.ts'

const odd = (name: string) => readFile(shared(`images/odd/${name}`))

/** Every file that decodes to the portrait, with the least similarity to the plain one. */
const accepted: Record<string, number> = {
  'base_480x640.png': 0.97,
  'jpeg_baseline.jpg': 0.97,
  'jpeg_progressive.jpg': 0.97,
  'jpeg_grayscale.jpg': 0.9,
  'jpeg_cmyk.jpg': 0.8,
  'jpeg_named.png': 0.97,
  'png_alpha.png': 0.97,
  'png_16bit.png': 0.9,
  'webp_lossy.webp': 0.95,
  'webp_animated_3_frames.webp': 0.85,
  'large_12mp_4032x3024.jpg': 0.7,
  'face_fills_frame.jpg': 0.9
}

const refused: Record<string, [status: number, error: string]> = {
  'truncated.jpg': [422, 'unreadable_image'],
  'truncated_header.jpg': [422, 'unreadable_image'],
  'zero_byte.jpg': [422, 'unreadable_image'],
  'text_named.jpg': [415, 'unsupported_image_type'],
  'html_named.png': [415, 'unsupported_image_type'],
  'gif_still.gif': [415, 'unsupported_image_type'],
  'gif_animated_3_frames.gif': [415, 'unsupported_image_type'],
  'bomb_header_50000x50000.png': [413, 'too_many_pixels'],
  'bomb_valid_16000x16000.png': [413, 'too_many_pixels']
}

t.test('difficult files get the right answer', { skip: withoutShared }, async t => {
  const { app } = await build(t)
  t.equal((await signup(app, 'A', await odd('exif/orientation_1.jpg'))).statusCode, 200)

  t.test('all eight EXIF orientations are one photo', async t => {
    const names = [
      ...Array.from({ length: 8 }, (_, index) => `orientation_${index + 1}.jpg`),
      'orientation_6_lossless.webp'
    ]
    for (const name of names) {
      const verdict = (await verify(app, 'A', 'planting', await odd(`exif/${name}`))).json()
      t.match(verdict.photo, { width: 480, height: 640 }, name)
      t.ok(verdict.similarity > 0.98, `${name}: similarity ${verdict.similarity}`)
    }
  })

  for (const [name, least] of Object.entries(accepted)) {
    t.test(name, async t => {
      const answer = await verify(app, 'A', 'planting', await odd(name))
      t.equal(answer.statusCode, 200)
      t.ok(answer.json().similarity > least, `similarity ${answer.json().similarity}`)
    })
  }

  for (const [name, [status, error]] of Object.entries(refused)) {
    t.test(name, async t => {
      const proof = await verify(app, 'A', 'planting', await odd(name))
      t.match(
        { status: proof.statusCode, body: proof.json() },
        { status, body: { status: 'error', code: status, error, message: String, requestId: String } }
      )
      t.equal((await signup(app, 'B', await odd(name))).statusCode, status)
    })
  }

  for (const name of ['tiny_16x16.jpg', 'tiny_1x1.png', 'wide_4000x20.jpg']) {
    t.test(name, async t => {
      const proof = await verify(app, 'A', 'planting', await odd(name))
      t.match(
        { status: proof.statusCode, body: proof.json() },
        { status: 200, body: { status: 'rejected', reason: 'No face detected' } }
      )
      t.equal((await signup(app, 'B', await odd(name))).statusCode, 422)
    })
  }
})
