import t, { type Test } from 'tap'
import type { Page } from 'playwright-core'
import { build, send, signup } from '../helpers/app.ts'
import { launch, launchWithVideo, noBrowser, openPage, screenshot, seriousProblems, serve } from '../helpers/browser.ts'
import { obedientHead } from '../helpers/challenge-frames.ts'
import { buildLight } from '../helpers/light-app.ts'
import { movedPrint, portrait, samplePhoto } from '../helpers/photos.ts'

async function openChallenge (page: Page, user: string): Promise<void> {
  await page.getByRole('tab', { name: 'Verify' }).click()
  await page.getByRole('combobox', { name: 'User name' }).fill(user)
  await page.getByRole('combobox', { name: 'Task' }).selectOption({ label: 'Waste collection' })
  await page
    .locator('#verify-source input')
    .setInputFiles({ name: 'proof.jpg', mimeType: 'image/jpeg', buffer: await samplePhoto(3) })
  await page.getByRole('img', { name: 'The chosen photo' }).waitFor()
  await page.getByRole('button', { name: 'Verify', exact: true }).click()
  await page.getByRole('button', { name: 'Prove it by moving your head' }).click()
  await page.getByRole('dialog', { name: 'Move your head' }).waitFor()
}

/** What the dialog asks for, once the camera is on. */
const hint = (page: Page) =>
  page.getByRole('dialog').getByText(/^(Turn your head to your|Look straight into|Lift your chin|Lower your chin)/)

/** Moves the head as the page asks, until the page asks for nothing more. */
async function follow (page: Page, hold: (pose: string) => void): Promise<void> {
  const asked = page.locator('.challenge [data-step]:not([data-step=""])')
  await asked.waitFor()
  for (
    let step;
    (step = await page.evaluate('document.querySelector(".challenge [data-step]")?.dataset.step')) as string;
  ) {
    hold(step as string)
    await page.waitForTimeout(50)
  }
}

t.test('a challenge in a browser', { skip: noBrowser }, async t => {
  const browser = await launch(t)

  const started = async (t: Test) => {
    const head = obedientHead()
    const { app, services } = await buildLight(t, {}, head.look)
    await send(app, '/api/signup', [['username', 'Anna'], ['images', { bytes: await portrait('anna1') }]])
    return { head, services, address: await serve(app) }
  }

  await t.test('guides through the poses, then judges the proof again', async t => {
    const { address, services, head } = await started(t)
    const page = await openPage(t, browser, address)
    await openChallenge(page, 'Anna')
    t.same(await seriousProblems(page), [])
    await page.keyboard.press('Enter')
    await hint(page).waitFor()
    t.same(await seriousProblems(page), [])
    await screenshot(page, 'challenge')
    await follow(page, head.hold)
    await page.getByRole('article', { name: 'Approved' }).waitFor()
    t.equal(await page.getByRole('dialog').count(), 0)
    t.match(await services.store.challengesOf('Anna'), [{ status: 'used', reasons: [] }])
  })

  await t.test('fills the screen of a phone, keeps still for who asks for it, and ends with Escape', async t => {
    const { address, services } = await started(t)
    const page = await openPage(t, browser, address, { viewport: { width: 390, height: 844 }, reducedMotion: 'reduce' })
    await openChallenge(page, 'Anna')
    const box = await page.getByRole('dialog').boundingBox()
    t.same([box!.x, box!.y, box!.width, box!.height], [0, 0, 390, 844])
    t.equal(
      await page.evaluate('getComputedStyle(document.querySelector(".challenge-progress")).transitionDuration'),
      '0s'
    )
    await page.getByRole('button', { name: 'Start', exact: true }).click()
    await hint(page).waitFor()
    await screenshot(page, 'challenge-phone')
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    t.equal(await page.evaluate('document.querySelector(".challenge")'), null)
    t.same(
      (await services.store.challengesOf('Anna')).map(({ status }) => status).filter(status => status !== 'pending'),
      []
    )
  })

  await t.test('says why it failed and offers another attempt', async t => {
    const { address, services, head } = await started(t)
    const page = await openPage(t, browser, address)
    await page.route('**/frames', async route => {
      const answer = await route.fetch()
      await route.fulfill({ json: { ...await answer.json() as object, status: 'failed', reasons: ['flat_face'] } })
    })
    await openChallenge(page, 'Anna')
    await page.getByRole('button', { name: 'Start', exact: true }).click()
    await follow(page, head.hold)
    await page.getByText('What moved was a picture').first().waitFor()
    t.ok(await page.getByRole('button', { name: 'Try again' }).isVisible())
    t.equal((await services.store.challengesOf('Anna')).length, 1)
  })
})

t.test('a print that is moved about in front of the camera is never taken for a head', { skip: noBrowser }, async t => {
  const { app, services } = await build(t, { LIVENESS_MODE: 'challenge' })
  await signup(app, 'Anna', await portrait('anna3'))
  const frames = await movedPrint('anna1')
  const browser = await launchWithVideo(t, frames)
  // What the page asks after its challenge was judged behind its back.
  const page = await openPage(t, browser, await serve(app), { expectedErrors: /409/ })
  await openChallenge(page, 'Anna')
  await page.getByRole('button', { name: 'Start', exact: true }).click()
  for (let looks = 0; looks < 25; looks++) { await page.waitForResponse(response => response.url().endsWith('/pose') && response.status() === 200) }
  t.equal(await page.getByRole('dialog').count(), 1, 'still asking')
  const [challenge] = await services.store.challengesOf('Anna')
  t.equal(challenge?.status, 'pending')

  const answer = await send(
    app,
    `/api/challenges/${challenge!.id}/frames`,
    frames
      .filter((_, i) => i % 8 === 0)
      .slice(0, 16)
      .map(bytes => ['frames', { bytes }])
  )
  t.match(
    answer.json(),
    { status: 'failed', checks: { poses: { outcome: 'failed', reason: 'pose_missed' } } },
    'sent without the page'
  )
})
