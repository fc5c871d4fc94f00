import t from 'tap'
import { build, signup } from '../helpers/app.ts'
import {
  launch,
  noBrowser,
  openPage,
  overflowsSideways,
  screenshot,
  seriousProblems,
  serve
} from '../helpers/browser.ts'
import { drawing, portrait, samplePhoto } from '../helpers/photos.ts'

const screens = {
  desk: { viewport: { width: 1200, height: 900 } },
  phone: { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 }
}

t.test('accessibility in a browser', { skip: noBrowser }, async t => {
  const [{ app }, browser] = await Promise.all([build(t), launch(t)])
  const address = await serve(app)
  await signup(app, 'Anna', await portrait('anna1'), await portrait('anna3'))

  for (const colorScheme of ['light', 'dark'] as const) {
    for (const [device, screen] of Object.entries(screens)) {
      t.test(`axe finds nothing serious, ${colorScheme}, ${device}`, async t => {
        const page = await openPage(t, browser, address, {
          ...screen,
          colorScheme,
          reducedMotion: 'reduce',
          expectedErrors: /404|422/
        })
        const check = async (state: string) => {
          t.same(await seriousProblems(page), [], state)
          t.notOk(await overflowsSideways(page), `${state} fits the width`)
          await screenshot(page, `${device}-${colorScheme}-${state}`)
        }
        await page.locator('#connection-toggle').click()
        await page.getByRole('button', { name: 'Ping' }).click()
        await page.getByText(/Answered in/).first().waitFor()
        await check('connection')
        await page.locator('#connection-toggle').click()

        await page.getByRole('textbox', { name: 'User name' }).fill('Wall')
        await page
          .locator('#enrol-source input')
          .setInputFiles({ name: 'wall.png', mimeType: 'image/png', buffer: await drawing('png') })
        await page.getByRole('button', { name: 'Use camera' }).click()
        await page.getByRole('button', { name: 'Take photo' }).waitFor()
        await check('enrol-live')
        const shutter = (await page.getByRole('button', { name: 'Take photo' }).boundingBox())!
        t.ok(shutter.y + shutter.height <= page.viewportSize()!.height, 'the shutter is in sight')
        await page.getByRole('button', { name: 'Done' }).click()
        await page.getByRole('button', { name: 'Enrol with 1 photo' }).click()
        await page.getByText('No photo was accepted').waitFor()
        await check('enrol-rejected')

        await page.getByRole('tab', { name: 'Verify' }).click()
        await page.getByRole('combobox', { name: 'User name' }).fill('Anna')
        await page.getByRole('combobox', { name: 'Task' }).selectOption('waste')
        await page
          .locator('#verify-source input')
          .setInputFiles({ name: 'proof.jpg', mimeType: 'image/jpeg', buffer: await samplePhoto(3) })
        await page.getByRole('button', { name: 'Verify', exact: true }).click()
        await page.getByRole('article', { name: 'Approved' }).waitFor()
        await page.getByText('Answer as JSON').click()
        await check('verdict')

        await page.getByRole('tab', { name: 'Users' }).click()
        await page.getByText('Anna', { exact: true }).click()
        await page.getByText('fr_feature').waitFor()
        await check('users')
        await page.getByRole('button', { name: 'Delete Anna' }).click()
        await check('users-delete')
        await page.keyboard.press('Escape')

        await page.getByRole('tab', { name: 'System' }).click()
        await page.getByText('The service is ready.').waitFor()
        await check('system')
      })
    }
  }

  t.test('nothing needs sideways scrolling at 320 pixels', async t => {
    const page = await openPage(t, browser, address, { viewport: { width: 320, height: 640 }, expectedErrors: /404/ })
    for (const name of ['Enrol', 'Verify', 'Users', 'System']) {
      await page.getByRole('tab', { name }).click()
      t.notOk(await overflowsSideways(page), name)
    }
  })
})
