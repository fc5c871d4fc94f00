/** The camera on every screen: its controls are in sight, on top, and apart from each other. */
import t, { type Test } from 'tap'
import type { Browser, Locator, Page } from 'playwright-core'
import { send } from '../helpers/app.ts'
import {
  launch,
  launchWithVideo,
  noBrowser,
  openPage,
  overflowsSideways,
  screenshot,
  seriousProblems,
  serve
} from '../helpers/browser.ts'
import { obedientHead } from '../helpers/challenge-frames.ts'
import { buildLight } from '../helpers/light-app.ts'
import { cameraFrames, changed, portrait } from '../helpers/photos.ts'

const mobile = { isMobile: true, hasTouch: true }
const screens = {
  phone: { viewport: { width: 390, height: 844 }, ...mobile, colorScheme: 'dark' },
  'small-phone': { viewport: { width: 360, height: 640 }, ...mobile },
  'small-phone-ar': { viewport: { width: 360, height: 640 }, ...mobile, locale: 'ar' },
  'phone-on-its-side': { viewport: { width: 844, height: 390 }, ...mobile },
  laptop: { viewport: { width: 1280, height: 660 } },
  'laptop-dark-ar': { viewport: { width: 1280, height: 660 }, colorScheme: 'dark', locale: 'ar' },
  // 1280 x 660 with the page at 200 %.
  'laptop-zoomed': { viewport: { width: 640, height: 330 }, deviceScaleFactor: 2 }
} as const

/** Inside the screen, and what a finger would meet in its middle. */
async function isInReach (page: Page, control: Locator): Promise<boolean> {
  const box = (await control.boundingBox())!
  const { width, height } = page.viewportSize()!
  const inside = box.x >= 0 && box.y >= 0 && box.x + box.width <= width + 0.5 && box.y + box.height <= height + 0.5
  return inside && await control.evaluate((node: { contains: (other: unknown) => boolean }, [x, y]) =>
    node.contains((globalThis as unknown as { document: { elementFromPoint: (x: number, y: number) => unknown } })
      .document.elementFromPoint(x!, y!)), [box.x + box.width / 2, box.y + box.height / 2])
}

async function look (t: Test, browser: Browser, orientation: string): Promise<void> {
  const head = obedientHead()
  const { app } = await buildLight(t, { LIVENESS_MODE: 'challenge' }, head.look)
  await send(app, '/api/signup', [['username', 'Anna'], ['images', { bytes: await portrait('anna1') }]])
  const address = await serve(app)
  for (const [name, screen] of Object.entries(screens)) {
    await t.test(`${name}, ${orientation} camera`, async t => {
      const page = await openPage(t, browser, 'about:blank', screen)
      await page.context().addInitScript('MediaStreamTrack.prototype.getCapabilities = () => ({ torch: true })')
      await page.goto(address)
      head.hold('between')
      await page.locator('#enrol-source .stage-empty button').first().click()
      const live = page.locator('#enrol-source .stage-live')
      await page.locator('#enrol-source .stage-hint').waitFor()
      await page.waitForResponse('**/api/hints')
      await live.locator('.shutter').click()
      await live.locator('.last-shot').waitFor()
      await page.locator('.flash').waitFor({ state: 'detached' })
      for (const control of await live.locator('button:visible').all()) {
        t.ok(await isInReach(page, control), `${await control.getAttribute('aria-label')} is in reach`)
      }
      const boxes = await Promise.all((await live.locator('button:visible, .last-shot, .stage-hint').all())
        .map(async control => (await control.boundingBox())!))
      t.equal(boxes.filter((one, i) => boxes.some((other, j) => i < j &&
        one.x < other.x + other.width && other.x < one.x + one.width &&
        one.y < other.y + other.height && other.y < one.y + one.height)).length, 0, 'none lies on another')
      t.notOk(await overflowsSideways(page))
      t.same(await seriousProblems(page), [])
      await screenshot(page, `screens-${orientation}-${name}`)
      await live.locator('.close').click()

      await page.evaluate(`Promise.all([import('/challenge.js'), import('/api.js')])
        .then(([{ runChallenge }, { Api }]) => { runChallenge(new Api(location.origin), 'Anna') })`)
      const dialog = page.getByRole('dialog')
      await dialog.getByRole('button').first().click()
      await dialog.locator('[data-step]:not([data-step=""])').waitFor()
      t.ok(await isInReach(page, dialog.getByRole('button').last()), 'the challenge can be left')
      t.ok(await isInReach(page, dialog.locator('.challenge-words')), 'what it asks for can be read')
      t.notOk(await dialog.evaluate((node: { scrollWidth: number, clientWidth: number }) =>
        node.scrollWidth > node.clientWidth))
      t.same(await seriousProblems(page), [])
      await screenshot(page, `screens-${orientation}-${name}-challenge`)
    })
  }
}

t.test('the camera on every screen, in a browser', { skip: noBrowser }, async t => {
  await t.test('landscape', async t => look(t, await launch(t), 'landscape'))
  await t.test('portrait', async t => {
    const frames = await Promise.all((await cameraFrames('anna1', 30)).map(frame =>
      changed(frame, image => image.extract({ left: 80, top: 0, width: 360, height: 480 }).jpeg())))
    await look(t, await launchWithVideo(t, frames), 'portrait')
  })
})
