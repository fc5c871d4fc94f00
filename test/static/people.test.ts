import t from 'tap'
import type { Page } from 'playwright-core'
import {
  launch,
  noBrowser,
  openPage,
  overflowsSideways,
  screenshot,
  seriousProblems,
  serve
} from '../helpers/browser.ts'
import { buildLight } from '../helpers/light-app.ts'
import { portrait } from '../helpers/photos.ts'

const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true }
const laptop = { viewport: { width: 1280, height: 660 } }
const secrets = { person: 'p'.repeat(40), operator: 'o'.repeat(40) }
const API_KEYS = `phone:enrol+verify:${secrets.person},desk:admin:${secrets.operator}`

t.test('a person and an operator in a browser', { skip: noBrowser }, async t => {
  const [{ app, services }, browser] = await Promise.all([
    buildLight(t, {
      API_KEYS,
      REQUIRE_CONSENT: 'true',
      KEEP_PHOTOS: 'proofs',
      RETENTION_DAYS: '90',
      REPLAY_CHECK: 'none'
    }),
    launch(t)
  ])
  const address = await serve(app)
  const photo = { name: 'anna.jpg', mimeType: 'image/jpeg', buffer: await portrait('anna1') }

  const enter = async (screen: object, secret: string) => {
    const page = await openPage(t, browser, address, { ...screen, expectedErrors: /401/ })
    await page.getByLabel('API key').fill(secret)
    await page.getByRole('button', { name: 'Use key' }).click()
    await page.locator('#connection-summary').getByText('Ready').waitFor()
    return page
  }
  const tabs = async (page: Page) => (await page.getByRole('tab').allTextContents()).map(name => name.trim())
  const verify = async (page: Page) => {
    await page.getByRole('tab', { name: 'Verify' }).click()
    await page.locator('#verify-name').fill('Anna')
    await page.getByRole('combobox', { name: 'Task' }).selectOption('waste')
    await page.locator('#verify-source input').setInputFiles(photo)
    await page.getByRole('button', { name: 'Verify', exact: true }).click()
    await page.getByRole('article').waitFor()
  }

  t.test('what is stored is shown before the camera opens, and consent is asked for where it is demanded', async t => {
    const page = await enter(phone, secrets.person)
    await page.getByText('numbers that are computed from the face').waitFor()
    t.match(await page.locator('#enrol .privacy').textContent(), /not kept.*after 90 days.*tell the operator/)
    await page.getByLabel('User name').first().fill('Anna')
    await page.getByRole('button', { name: 'Use camera' }).click()
    await page.getByRole('alert').getByText('Enter the consent reference first').waitFor()
    t.equal(await page.evaluate('document.activeElement.id'), 'enrol-consent')
    await screenshot(page, 'phone-consent')
    t.same(await seriousProblems(page), [])
    t.notOk(await overflowsSideways(page))
    await page.getByLabel('Consent reference').fill('form 17')
    await page.locator('#enrol-source input').setInputFiles(photo)
    await page.getByRole('button', { name: 'Enrol with 1 photo' }).click()
    await page.getByText('Anna is enrolled.').first().waitFor()
    t.equal((await services.store.findUser('Anna'))?.consent, 'form 17')
    await page.getByRole('tab', { name: 'Verify' }).click()
    t.match(await page.locator('#verify .privacy').textContent(), /photos are kept as well.*after 90 days/)
  })

  t.test('a person sees what to do next, without scores, evidence and the views of operators', async t => {
    const page = await enter(phone, secrets.person)
    await page.getByRole('tab', { name: 'Users' }).waitFor({ state: 'hidden' })
    t.same(await tabs(page), ['Enrol', 'Verify'])
    await verify(page)
    const card = page.getByRole('article')
    t.equal(await card.getByText('Answer as JSON').count(), 0)
    t.equal(await card.getByRole('meter').count(), 0)
    t.notMatch(await card.locator('.checks').first().textContent(), /\d\.\d\d/)
    t.ok(
      (await card.getByRole('heading', { name: 'What to do next' }).boundingBox())!.y <
        (await card.locator('.checks').first().boundingBox())!.y
    )
    await screenshot(page, 'phone-person-verdict')
    t.same(await seriousProblems(page), [])
    await card.getByText('Scores', { exact: true }).click()
    t.ok(await card.getByRole('meter').first().isVisible(), 'answers of this service carry scores')
  })

  t.test('an operator sees scores and JSON, and can look at the page as a person does', async t => {
    const page = await enter(laptop, secrets.operator)
    t.same(await tabs(page), ['Enrol', 'Verify', 'History', 'Users', 'System'])
    await verify(page)
    const card = page.getByRole('article')
    t.ok(await card.getByRole('meter').first().isVisible())
    t.ok(await card.getByText('Answer as JSON').isVisible())
    await screenshot(page, 'laptop-operator-verdict')
    await page.locator('#connection-toggle').click()
    await page.getByLabel('Show the page as a person sees it').check()
    await page.getByRole('tab', { name: 'Users' }).waitFor({ state: 'hidden' })
    t.notOk(await overflowsSideways(page))
    await page.getByLabel('Show the page as a person sees it').uncheck()
    await page.getByRole('tab', { name: 'Enrol' }).click()
    await page.getByRole('link', { name: 'Erase a user' }).click()
    await page.getByRole('button', { name: 'Delete Anna' }).waitFor()
    t.pass('and come back')
  })
})
