/** A challenge that a real person passes by turning the head, in front of a camera that plays photos of that person. */
import { readFile } from 'node:fs/promises'
import t from 'tap'
import { build, signup } from '../helpers/app.ts'
import { launchWithVideo, noBrowser, openPage, screenshot, serve } from '../helpers/browser.ts'
import { shared, withoutShared } from '../helpers/models.ts'
import { changed } from '../helpers/photos.ts'

const photo = (number: string) => readFile(shared(`images/wild/spoof/real/codersworld_live_${number}.jpg`))

/** One person at one webcam, straight and in every pose that a challenge may ask for. */
const poses = { centre: '010', left: '008', right: '011', up: '001', down: '003' }
/** Frames of one pose, some 1.5 s: the camera drifts by a pixel from one to the next, so that no two are equal. */
const FRAMES = 45

async function turningHead (): Promise<Buffer[]> {
  const shown = await Promise.all(Object.values(poses).map(photo))
  return (await Promise.all(shown.map(bytes =>
    Promise.all(Array.from({ length: FRAMES }, (_, i) => changed(bytes, image =>
      image.extract({ left: i % 30, top: Math.floor(i / 3), width: 600, height: 450 }).jpeg({ quality: 92 })))
    )))).flat()
}

t.test('a person who turns the head passes', { skip: noBrowser || withoutShared }, async t => {
  const { app, services } = await build(t, { LIVENESS_MODE: 'challenge' })
  await signup(app, 'Max', await photo('015'), await photo('017'))
  t.equal((await services.store.findUser('Max'))?.shots.length, 2)
  const browser = await launchWithVideo(t, await turningHead())
  const page = await openPage(t, browser, await serve(app))
  await page.evaluate(`{
    const send = XMLHttpRequest.prototype.send
    XMLHttpRequest.prototype.send = function (form) {
      const frames = form.getAll('frames')
      if (frames.length > 0) {
        window.sent = Promise.all(frames.map(async frame =>
          new Uint8Array(await crypto.subtle.digest('SHA-256', await frame.arrayBuffer())).join()))
      }
      return send.call(this, form)
    }
  }`)
  await page.evaluate(`Promise.all([import('/challenge.js'), import('/api.js')]).then(([{ runChallenge }, { Api }]) => {
    window.passed = runChallenge(new Api(location.origin), 'Max')
  })`)
  await page.getByRole('button', { name: 'Start', exact: true }).click()
  await page.locator('.challenge [data-step]:not([data-step=""])').waitFor()
  await screenshot(page, 'challenge-person')
  t.type(await page.evaluate('window.passed'), 'string', 'the id of the challenge')
  const [challenge] = await services.store.challengesOf('Max')
  t.match(challenge, { status: 'passed', reasons: [] })
  const sent = await page.evaluate<string[]>('window.sent')
  t.equal(sent.length, 8)
  t.equal(new Set(sent).size, 8, 'no picture is sent twice')
})
