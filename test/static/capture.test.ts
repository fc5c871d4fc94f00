/** What a person sees before the shutter: hints, and the countdown to a photo that is taken by itself. */
import t, { type Test } from 'tap'
import type { Page } from 'playwright-core'
import { build } from '../helpers/app.ts'
import {
  launch,
  noBrowser,
  openPage,
  overflowsSideways,
  screenshot,
  seriousProblems,
  serve
} from '../helpers/browser.ts'
import { obedientHead } from '../helpers/challenge-frames.ts'
import { buildLight } from '../helpers/light-app.ts'

const phone = { viewport: { width: 360, height: 640 }, isMobile: true, hasTouch: true }
const shot = (page: Page, number: number) => page.getByRole('img', { name: `Shot ${number}, Ready to send` })
const words = (page: Page, found: string) => page.locator('.stage-hint').getByText(found, { exact: true }).waitFor()

t.test('the camera in a browser', { skip: noBrowser }, async t => {
  const browser = await launch(t)
  const started = async (t: Test, options: Parameters<typeof openPage>[3], prepare = '') => {
    const head = obedientHead()
    const { app } = await buildLight(t, {}, head.look)
    const page = await openPage(t, browser, 'about:blank', options)
    await page.context().addInitScript(`
      window.vibrations = []
      navigator.vibrate = pattern => window.vibrations.push(pattern)
      ${prepare}`)
    await page.goto(await serve(app))
    return { page, head, app }
  }
  const open = (page: Page) => page.getByRole('button', { name: 'Use camera' }).click()

  t.test('says what to change, counts down when all is well, and takes the shot', async t => {
    const { page, head } = await started(t, { ...phone, automatic: true })
    head.hold('nobody')
    await open(page)
    await words(page, 'Move your face into the oval')
    t.same(await seriousProblems(page), [])
    head.hold('centre pair')
    await words(page, 'Make sure you are alone in the picture')
    head.hold('between')
    await words(page, 'Look straight into the camera')
    t.equal(await shot(page, 1).count(), 0)
    head.hold('centre')
    await page.locator('.viewfinder.counting').waitFor()
    t.equal(await page.locator('.stage-hint').textContent(), 'Hold it')
    await screenshot(page, 'phone-capture-counting')
    await shot(page, 1).waitFor({ state: 'attached' })
    await words(page, 'Turn your head to your left')
    t.ok(await page.locator('.last-shot').isVisible(), 'the last shot beside the shutter')
    t.same(await page.evaluate('window.vibrations'), [40])
    t.equal(await page.locator('.flash').count(), 0)
    head.hold('left')
    await shot(page, 2).waitFor({ state: 'attached' })
    await words(page, 'Turn your head to your right')

    await page.getByRole('button', { name: 'Automatic shutter' }).click()
    head.hold('right')
    await words(page, 'Good. Take the photo.')
    await page.waitForTimeout(2000)
    t.equal(await shot(page, 3).count(), 0, 'not by itself when that is switched off')
    t.notOk(await overflowsSideways(page))
    t.same(await seriousProblems(page), [])
    await page.getByRole('button', { name: 'Take photo', exact: true }).click()
    await shot(page, 3).waitFor({ state: 'attached' })
    await page.reload()
    await open(page)
    await page.getByRole('button', { name: 'Automatic shutter', pressed: false }).waitFor()
    t.pass('and stays so')
  })

  t.test('without motion the ring does not move, and without hints the shutter still works', async t => {
    const { page, head } = await started(t, { automatic: true, reducedMotion: 'reduce', expectedErrors: /404/ })
    head.hold('centre')
    await open(page)
    await page.locator('.viewfinder.counting').waitFor()
    t.equal(
      await page.evaluate('getComputedStyle(document.querySelector(".face-guide ellipse")).transitionDuration'),
      '0s'
    )
    await shot(page, 1).waitFor()
    await page.route('**/api/hints', route => route.fulfill({ status: 404, json: { error: 'not_found', message: '' } }))
    await page.waitForResponse(response => response.url().endsWith('/api/hints') && response.status() === 404)
    await words(page, 'Turn your head slightly to the left')
    let asked = 0
    page.on('request', request => { asked += Number(request.url().endsWith('/api/hints')) })
    await page.getByRole('button', { name: 'Take photo', exact: true }).click()
    await shot(page, 2).waitFor()
    await page.waitForTimeout(1000)
    t.equal(asked, 0, 'a service without hints is not asked again')
  })

  t.test('lights where the camera has a light, and opens the back camera for a proof', async t => {
    const { page, head } = await started(t, {}, `
      window.facing = []
      const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices)
      navigator.mediaDevices.getUserMedia = choice => (window.facing.push(choice.video.facingMode?.ideal), open(choice))
      MediaStreamTrack.prototype.getCapabilities = () => ({ torch: window.hasTorch === true })
      MediaStreamTrack.prototype.applyConstraints = async ({ advanced: [{ torch }] }) => { window.lit = torch }`)
    await open(page)
    await page.getByRole('button', { name: 'Take photo', exact: true }).waitFor()
    t.notOk(await page.getByRole('button', { name: 'Light of the camera' }).isVisible())
    await page.evaluate('window.hasTorch = true')
    head.hold('nobody')
    await page.getByRole('tab', { name: 'Verify' }).click()
    await page.locator('#verify-source').getByRole('button', { name: 'Use camera' }).click()
    await page.getByRole('button', { name: 'Light of the camera' }).click()
    await page.getByRole('button', { name: 'Light of the camera', pressed: true }).waitFor()
    t.equal(await page.evaluate('window.lit'), true)
    t.same(await page.evaluate('window.facing'), ['user', 'environment'])
    await page.locator('#verify-source').getByText('No face is seen. Show your face as well.').waitFor()
    await screenshot(page, 'capture-proof')
    head.hold('centre')
    await page.locator('#verify-source .stage-hint').waitFor({ state: 'hidden' })
    t.notOk(await page.getByRole('button', { name: 'Automatic shutter' }).isVisible(), 'only for faces')
  })

  t.test('takes the first shot of a real face by itself', async t => {
    const { app } = await build(t)
    const page = await openPage(t, browser, await serve(app), { automatic: true })
    await open(page)
    await shot(page, 1).waitFor()
    await words(page, 'Turn your head to your left')
    await screenshot(page, 'capture-real')
  })
})
