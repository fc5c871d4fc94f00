import t from 'tap'
import type { Page } from 'playwright-core'
import { build, signup } from '../helpers/app.ts'
import { launch, noBrowser, openPage, overflowsSideways, screenshot, serve } from '../helpers/browser.ts'
import { portrait, samplePhoto } from '../helpers/photos.ts'

t.test('verification in a browser', { skip: noBrowser }, async t => {
  const [{ app, services }, browser] = await Promise.all([build(t, { QUEUE_MAX: '1' }), launch(t)])
  const address = await serve(app)
  await signup(app, 'Anna', await portrait('anna1'))

  async function fillIn (page: Page, task: string, sample: number): Promise<void> {
    await page.getByRole('tab', { name: 'Verify' }).click()
    await page
      .getByRole('textbox', { name: 'User name' })
      .or(page.getByRole('combobox', { name: 'User name' }))
      .fill('Anna')
    await page.getByRole('combobox', { name: 'Task' }).selectOption({ label: task })
    await page
      .locator('#verify-source input')
      .setInputFiles({ name: 'proof.jpg', mimeType: 'image/jpeg', buffer: await samplePhoto(sample) })
    await page.getByRole('img', { name: 'The chosen photo' }).waitFor()
  }
  const send = (page: Page) => page.getByRole('button', { name: 'Verify', exact: true }).click()

  t.test('waits for a photo that a slow phone still prepares', async t => {
    const page = await openPage(t, browser, address)
    await page.evaluate(`{
      const decode = window.createImageBitmap
      window.createImageBitmap = (...args) => new Promise(resolve => { window.finishPreparing = () => resolve(decode(...args)) })
    }`)
    await page.getByRole('tab', { name: 'Verify' }).click()
    await page.getByRole('combobox', { name: 'User name' }).fill('Anna')
    await page.getByRole('combobox', { name: 'Task' }).selectOption({ label: 'Waste collection' })
    await page
      .locator('#verify-source input')
      .setInputFiles({ name: 'proof.jpg', mimeType: 'image/jpeg', buffer: await samplePhoto(3) })
    await page.getByText('Preparing').waitFor()
    await send(page)
    await send(page)
    let requests = 0
    page.on('request', request => { requests += Number(request.url().endsWith('/api/verify')) })
    await page.evaluate('window.finishPreparing()')
    await page.getByRole('article', { name: 'Approved' }).waitFor()
    t.equal(requests, 1, 'an impatient second press sends nothing more')
  })

  t.test('shows an approved verdict with every check and the marked photo', async t => {
    const page = await openPage(t, browser, address)
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await fillIn(page, 'Waste collection', 3)
    const answered = page.waitForResponse('**/api/verify')
    await send(page)
    const answer = await (await answered).json()
    const card = page.getByRole('article', { name: 'Approved' })
    await card.waitFor()
    await screenshot(page, 'verify-approved')
    t.ok(await card.locator('header').getByText('demonstration', { exact: true }).isVisible(), 'a demonstration says so')

    t.equal(await card.getByRole('meter').count(), 3)
    const similarity = card.getByRole('meter', { name: 'Same person' })
    t.equal(await similarity.getAttribute('aria-valuenow'), answer.similarity.toFixed(3))
    t.ok(await card.getByText('The face is that of the enrolled person.').isVisible(), 'in the words of the page')
    const stage = page.locator('#verify-source')
    t.equal(await stage.locator('.mark.face').count(), answer.checks.face.faces.length)
    t.equal(
      await stage
        .locator('.mark.face.subject.passed')
        .getByText(/^Anna \d/)
        .count(),
      1,
      'under the name of the user'
    )
    t.equal(await page.locator('#verify img:visible').count(), 1, 'the photo is shown once')
    t.equal(await stage.locator('.mark.detection').count(), answer.checks.task.detections.length)

    const picture = (await stage.locator('.marked-photo').boundingBox())!
    const subject = (await stage.locator('.mark.subject').boundingBox())!
    const [x1, y1, x2] = answer.checks.face.box
    const scale = picture.width / answer.photo.width
    t.ok(
      Math.abs(subject.x - picture.x - x1 * scale) < 2 &&
        Math.abs(subject.y - picture.y - y1 * scale) < 2 &&
        Math.abs(subject.width - (x2 - x1) * scale) < 2,
      'the frame lies on the face'
    )

    t.ok(
      (await card.getByRole('heading', { name: 'Approved' }).isVisible()) && (await card.boundingBox())!.y < 300,
      'the verdict is beside the photo'
    )
    t.same(await overlappingLabels(page), [])
    await stage.getByRole('checkbox', { name: 'Detections' }).uncheck()
    t.equal(await stage.locator('.mark.detection:visible').count(), 0)
    await card.getByText('Answer as JSON').click()
    t.same(JSON.parse((await card.locator('pre').textContent())!), answer)

    await card.getByRole('button', { name: 'Copy as curl' }).click()
    await card.getByRole('button', { name: 'Copied' }).waitFor()
    t.equal(
      await page.evaluate('navigator.clipboard.readText()'),
      [
        `curl '${address}/api/verify'`,
        "--form-string 'username=Anna'",
        "--form-string 'task=waste'",
        '-F \'file=@"proof.jpg"\''
      ].join(' \\\n  ')
    )
  })

  t.test('shows a rejected verdict and what to do next', async t => {
    const page = await openPage(t, browser, address)
    await fillIn(page, 'Feeding animals', 6)
    await send(page)
    const card = page.getByRole('article', { name: 'Rejected' })
    await card.waitFor()
    await screenshot(page, 'verify-rejected')
    t.ok(await card.getByText('Let the enrolled person be in the photo').isVisible())
    t.ok(await card.getByText('Show the task itself').isVisible())
    t.equal(await card.locator('.check.failed, .check.uncertain').count(), 3)
    t.equal(await page.locator('.mark.subject.failed').count(), 1, 'a failed face is not green')
    t.notMatch(await page.locator('#verify').innerText(), /-0[.,]00/)
    await card.getByRole('button', { name: 'Take another photo' }).click()
    t.ok(await page.getByRole('button', { name: 'Use camera' }).isVisible())
    t.equal(await page.locator('article.verdict').count(), 0)
  })

  t.test('takes the proof with the camera, on a phone', async t => {
    const page = await openPage(t, browser, address, {
      viewport: { width: 360, height: 740 },
      hasTouch: true,
      isMobile: true,
      deviceScaleFactor: 2
    })
    await page.getByRole('tab', { name: 'Verify' }).tap()
    await page.getByRole('combobox', { name: 'User name' }).fill('Anna')
    await page.getByRole('combobox', { name: 'Task' }).selectOption('planting')
    await page.getByRole('button', { name: 'Use camera' }).tap()
    await page.getByRole('button', { name: 'Take photo' }).waitFor()
    await screenshot(page, 'phone-verify-camera')
    await page.getByRole('button', { name: 'Take photo' }).tap()
    await page.getByRole('img', { name: 'The chosen photo' }).waitFor()
    await page.getByRole('button', { name: 'Verify', exact: true }).tap()
    const card = page.getByRole('article', { name: 'Rejected' })
    await card.waitFor()
    await screenshot(page, 'phone-verdict')
    t.equal(await card.locator('.check.passed').first().getByText('Same person').count(), 1, 'the camera shows Anna')
    t.notOk(await overflowsSideways(page))
  })

  t.test('says that the service is overloaded and tries again', async t => {
    const page = await openPage(t, browser, address, { expectedErrors: /503/ })
    await fillIn(page, 'Waste collection', 3)
    const other = services.inference.reserve('another')
    await send(page)
    const alert = page.getByRole('alert')
    await alert.getByText(/Try again in \d+ seconds?\./).waitFor()
    await screenshot(page, 'verify-overloaded')
    other.release()
    await alert.getByRole('button', { name: 'Try again' }).click()
    await page.getByRole('article', { name: 'Approved' }).waitFor()
    t.pass('the second attempt went through')
  })

  t.test('sends once, however often the button is pressed, and can be stopped', async t => {
    const page = await openPage(t, browser, address)
    let requests = 0
    await page.route('**/api/verify', () => { requests++ })
    await fillIn(page, 'Waste collection', 3)
    await send(page)
    await page.keyboard.press('Enter')
    t.ok(await page.getByRole('button', { name: 'Verify', exact: true }).isDisabled())
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.getByRole('progressbar').waitFor({ state: 'detached' })
    t.equal(requests, 1)
    t.notOk(await page.getByRole('button', { name: 'Verify', exact: true }).isDisabled())
    t.equal(await page.getByRole('alert').count(), 0, 'stopping is no error')
  })

  t.test('names what is missing', async t => {
    const page = await openPage(t, browser, address)
    await page.getByRole('tab', { name: 'Verify' }).click()
    await send(page)
    await page.getByText('Enter the name of an enrolled user.').waitFor()
    await page.getByRole('combobox', { name: 'User name' }).fill('Anna')
    await send(page)
    await page.getByRole('alert').getByText('Choose a task.').waitFor()
    await page.getByRole('combobox', { name: 'Task' }).selectOption('waste')
    await send(page)
    await page.getByText('Take or choose a photo.').waitFor()
    t.pass('user, task and photo')
  })

  t.test('greys out a task that is not available and says why', async t => {
    const page = await openPage(t, browser, address)
    await page.route('**/api/tasks', async route => {
      const list = await (await route.fetch()).json()
      Object.assign(list.tasks[0], { available: false, reason: 'the model does not know its labels' })
      await route.fulfill({ json: list })
    })
    await page.getByRole('tab', { name: 'Verify' }).click()
    const option = page.getByRole('option', {
      name: 'Tree planting (not available: the model does not know its labels)'
    })
    await option.waitFor({ state: 'attached' })
    t.ok(await option.isDisabled())
  })

  t.test('offers to enrol an unknown user', async t => {
    const page = await openPage(t, browser, address, { expectedErrors: /404/ })
    await fillIn(page, 'Waste collection', 3)
    await page.getByRole('combobox', { name: 'User name' }).fill('Nobody')
    const answered = page.waitForResponse('**/api/verify')
    await send(page)
    const { requestId } = await (await answered).json()
    await page.getByRole('alert').getByText('There is no user of this name.').waitFor()
    t.ok(await page.getByText(`Request ${requestId}`).isVisible())
    await page.getByRole('button', { name: 'Enrol Nobody' }).click()
    t.equal(await page.getByRole('textbox', { name: 'User name' }).inputValue(), 'Nobody')
  })

  t.test('a locked user sees until when, without a button that cannot help', async t => {
    const page = await openPage(t, browser, address, { expectedErrors: /429/ })
    await page.route('**/api/verify', route =>
      route.fulfill({
        status: 429,
        headers: { 'retry-after': '600' },
        json: {
          status: 'error',
          code: 429,
          error: 'rate_limited',
          message: '10 verifications failed. Try again in 600 s.',
          requestId: 'r-1'
        }
      })
    )
    await fillIn(page, 'Waste collection', 3)
    await send(page)
    const alert = page.getByRole('alert')
    await alert.getByText('Too many attempts', { exact: true }).waitFor()
    await screenshot(page, 'verify-locked')
    t.match(await alert.innerText(), /Try again at \d{1,2}:\d\d/)
    t.notMatch(await alert.innerText(), /busy|600 s/)
    t.equal(await alert.getByRole('button').count(), 0)
  })

  t.test('clearing the form or another photo stops the upload and breaks no picture', async t => {
    const page = await openPage(t, browser, address)
    await page.route('**/api/verify', () => {})
    await fillIn(page, 'Waste collection', 3)
    await send(page)
    await page.getByRole('progressbar').waitFor()
    await page.getByRole('button', { name: 'Use another photo' }).click()
    await page.getByRole('progressbar').waitFor({ state: 'detached' })
    await page
      .locator('#verify-source input')
      .setInputFiles({ name: 'other.jpg', mimeType: 'image/jpeg', buffer: await samplePhoto(6) })
    await page.getByRole('img', { name: 'The chosen photo' }).waitFor()
    await send(page)
    await page.getByRole('progressbar').waitFor()
    await page.getByRole('button', { name: 'Clear' }).click()
    await page.getByRole('progressbar').waitFor({ state: 'detached' })
    t.same(
      await page.evaluate(
        '[...document.images].filter(image => image.checkVisibility() && image.naturalWidth === 0).map(image => image.src)'
      ),
      []
    )
  })

  t.test('a portrait proof fits the screen of a laptop', async t => {
    const page = await openPage(t, browser, address, { viewport: { width: 1280, height: 660 } })
    await fillIn(page, 'Waste collection', 6)
    await page
      .locator('#verify-source input')
      .setInputFiles({ name: 'portrait.jpg', mimeType: 'image/jpeg', buffer: await portrait('clara') })
    await send(page)
    await page.locator('article.verdict').waitFor()
    await screenshot(page, 'laptop-portrait-verdict')
    const picture = (await page.locator('.marked-photo').boundingBox())!
    t.ok(picture.height <= 660 * 0.7 + 1, `${picture.height} pixels`)
  })
})

/** Texts of shown labels that lie on another one. */
async function overlappingLabels (page: Page): Promise<string[]> {
  return page.evaluate<string[]>(`{
    const labels = [...document.querySelectorAll('.mark span')].filter(label => label.checkVisibility()).map(label => ({ text: label.textContent, box: label.getBoundingClientRect() }))
    labels.filter(({ box }, index) => labels.some((other, at) => at !== index && box.left < other.box.right && other.box.left < box.right && box.top < other.box.bottom && other.box.top < box.bottom)).map(({ text }) => text)
  }`)
}
