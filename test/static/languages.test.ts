import t from 'tap'
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

const phone = { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true }
const laptop = { viewport: { width: 1280, height: 660 } }

t.test('the languages of the page in a browser', { skip: noBrowser }, async t => {
  const [{ app }, browser] = await Promise.all([buildLight(t), launch(t)])
  const address = await serve(app)
  const photo = { name: 'anna.jpg', mimeType: 'image/jpeg', buffer: await portrait('anna1') }

  for (const [screen, options] of Object.entries({ phone, laptop })) {
    t.test(`Arabic is written from right to left, ${screen}`, async t => {
      const page = await openPage(t, browser, address, { ...options, locale: 'ar' })
      t.equal(await page.getAttribute('html', 'dir'), 'rtl')
      const check = async (state: string) => {
        t.same(await seriousProblems(page), [], state)
        t.notOk(await overflowsSideways(page), `${state} fits the width`)
        await screenshot(page, `${screen}-ar-${state}`)
      }
      await page.locator('#enrol-name').fill('آنا')
      await page.locator('#enrol-source input').setInputFiles(photo)
      await page.locator('.shot.ready').waitFor()
      await check('enrol')
      await page.locator('#enrol-submit').click()
      await page.locator('.shot.accepted').or(page.locator('#enrol-result .notice')).first().waitFor()
      await page.locator('#tab-verify').click()
      await page.locator('#verify-name').fill('آنا')
      await page.locator('#verify-task').selectOption('waste')
      await page.locator('#verify-source input').setInputFiles(photo)
      await page.locator('#verify-submit').click()
      await page.locator('.verdict').waitFor()
      await check('verdict')
      await page.locator('#tab-users').click()
      await page.locator('.user').first().waitFor()
      await check('users')
      await page.locator('#tab-system').click()
      await page.locator('.readiness').waitFor()
      await check('system')
    })
  }

  t.test('every language fits a small phone, and is chosen by the browser or by the person', async t => {
    for (const [locale, title] of [
      ['de-AT', 'Eine Person anmelden'],
      ['fr-FR', 'Inscrire une personne'],
      ['es-MX', 'Registrar a una persona'],
      ['hi-IN', 'किसी व्यक्ति का पंजीकरण']
    ] as const) {
      const page = await openPage(t, browser, address, { ...phone, locale })
      await page.getByRole('heading', { name: title }).waitFor()
      for (const tab of await page.getByRole('tab').all()) {
        await tab.click()
        t.notOk(await overflowsSideways(page), `${locale} ${await tab.textContent()}`)
      }
      await page.locator('#tab-enrol').click()
      await screenshot(page, `phone-${locale}`)
      await page.context().close()
    }
    const page = await openPage(t, browser, address, { locale: 'ja' })
    t.equal(await page.getAttribute('html', 'lang'), 'en', 'English for what is not there')
    await page.locator('#connection-toggle').click()
    await page.getByLabel('Language').selectOption('Deutsch')
    await page.getByRole('heading', { name: 'Eine Person anmelden' }).waitFor()
    t.match(page.url(), /lang=de/)
  })
})
