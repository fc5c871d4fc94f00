/**
 * Takeover by drift: a caller who may enrol adds photos that fade from the enrolled person to another one, each like
 * those before it, until nothing of the enrolled person is left.
 */
import t from 'tap'
import sharp from 'sharp'
import { build, send, signup, verify } from '../helpers/app.ts'
import { face } from '../helpers/faces.ts'
import { buildLight, embeddingAt, seeing } from '../helpers/light-app.ts'
import { portrait } from '../helpers/photos.ts'
import type { Services } from '../../src/server/services.ts'

const SIDE = 320
const FADES = [0.2, 0.35, 0.5, 0.65, 0.8]

/** The face in the middle of a square, so that two of them can be laid over each other. */
async function aligned ({ inference, config }: Services, photo: Buffer): Promise<Buffer> {
  const [found] = await inference.onPhoto(async run => {
    const { frame } = await run('decode', { bytes: photo, maxPixels: config.MAX_PHOTO_MEGAPIXELS * 1e6 })
    return run('faces', { frame: frame!, embedLimit: 1 })
  })
  const [x1, y1, x2, y2] = found!.box
  const side = 1.9 * Math.max(x2 - x1, y2 - y1)
  const around = await sharp(photo)
    .extend({ top: 200, bottom: 200, left: 200, right: 200, extendWith: 'copy' })
    .toBuffer()
  const [left, top] = [(x1 + x2 - side) / 2 + 200, (y1 + y2 - side) / 2 + 200].map(Math.round)
  return sharp(around)
    .extract({ left: left!, top: top!, width: Math.round(side), height: Math.round(side) })
    .resize(SIDE, SIDE)
    .jpeg({ quality: 95 })
    .toBuffer()
}

const fade = async (from: Buffer, to: Buffer, share: number) =>
  sharp(from)
    .composite([{ input: await sharp(to).ensureAlpha(share).png().toBuffer() }])
    .jpeg({ quality: 95 })
    .toBuffer()

/** The same face on another day: brighter or darker, cut a little differently. */
const variant = (photo: Buffer, number: number) =>
  sharp(photo)
    .extract({ left: 2 * number, top: number, width: SIDE - 4 * number, height: SIDE - 2 * number })
    .modulate({ brightness: 0.88 + 0.04 * number })
    .jpeg({ quality: 92 - number })
    .toBuffer()

t.test('eleven added photos that fade from one person to another change neither who passes nor who fails', async t => {
  const { app, services } = await build(t)
  const names = ['anna1', 'berta', 'clara'] as const
  const photos = Object.fromEntries(
    await Promise.all(names.map(async name => [name, await aligned(services, await portrait(name))]))
  ) as Record<(typeof names)[number], Buffer>
  for (const victim of names) {
    for (const attacker of names.filter(name => name !== victim)) {
      const user = `${victim} ${attacker}`
      t.equal((await signup(app, user, photos[victim])).statusCode, 200, 'the victim is enrolled')
      const added: number[] = []
      for (const share of FADES) {
        added.push((await signup(app, user, await fade(photos[victim], photos[attacker], share))).statusCode)
      }
      for (let i = 1; i <= 6; i++) added.push((await signup(app, user, await variant(photos[attacker], i))).statusCode)
      t.same(
        [added.length, added.slice(-6)],
        [11, Array(6).fill(409)],
        `${user}: no photo of the attacker is taken (${added.join()})`
      )

      const passes = async (name: (typeof names)[number]) =>
        (await verify(app, user, 'waste', await variant(photos[name], 7))).json()
      const [mine, other] = [await passes(victim), await passes(attacker)]
      t.equal(mine.checks.face.outcome, 'passed', `${user}: the victim passes (${mine.similarity})`)
      t.equal(other.checks.face.outcome, 'failed', `${user}: the attacker fails (${other.similarity})`)
    }
  }
})

/** A photo's text is the angle of its face, in degrees. */
const look = (bytes: Uint8Array) =>
  seeing({
    faces: [face({ embedding: embeddingAt((Number(Buffer.from(bytes).toString().split(' ')[0]) * Math.PI) / 180) })]
  })

t.test('a chain of shots, each like the last, ends where it no longer matches the first enrolment', async t => {
  const { app, services } = await buildLight(t, {}, look)
  const enrol = (degrees: number, note = '') => signup(app, 'ana', Buffer.from(`${degrees} ${note}`))
  const passes = async (degrees: number) =>
    (await verify(app, 'ana', 'waste', Buffer.from(`${degrees} proof ${Math.random()}`))).json().checks.face.outcome
  await enrol(0)
  // 0.41 is the cosine of 65.8 degrees.
  for (const degrees of [30, 60, 61, 62, 63, 64, 65]) t.equal((await enrol(degrees)).json().status, true, `${degrees}`)
  for (const degrees of [67, 80, 90]) {
    t.match((await enrol(degrees)).json(), { code: 409, error: 'identity_conflict' }, `${degrees}`)
  }
  t.match(
    (await services.store.findUser('ana'))!.shots.map(({ anchor }) => anchor),
    [true, undefined, undefined, undefined, undefined, undefined],
    'five added ones beside the anchor'
  )
  t.same(
    await Promise.all([0, 30, 65, 90, 120, 130].map(passes)),
    ['passed', 'passed', 'passed', 'failed', 'failed', 'failed'],
    'added shots let in no one far from the anchor'
  )

  await enrol(-64, 'and back')
  t.equal(await passes(0), 'passed')
})

t.test('an admin who replaces a template sets its anchor', async t => {
  const { app } = await buildLight(t, {}, look)
  await signup(app, 'ana', Buffer.from('0'))
  await send(app, '/api/signup', [['username', 'ana'], ['mode', 'replace'], ['images', { bytes: Buffer.from('90') }]])
  t.equal((await signup(app, 'ana', Buffer.from('0 again'))).statusCode, 409)
  t.equal((await signup(app, 'ana', Buffer.from('80'))).statusCode, 200)
})
