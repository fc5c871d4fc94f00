import { readFile } from 'node:fs/promises'
import t from 'tap'
import { signup, verify } from '../helpers/app.ts'
import {
  launch,
  noBrowser,
  openPage,
  overflowsSideways,
  screenshot,
  seriousProblems,
  serve
} from '../helpers/browser.ts'
import { buildLight, embeddingAt, seeing } from '../helpers/light-app.ts'
import { face } from '../helpers/faces.ts'
import { portrait } from '../helpers/photos.ts'

const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true }
const laptop = { viewport: { width: 1280, height: 660 } }

t.test('past verifications and users in a browser', { skip: noBrowser }, async t => {
  const photos = await Promise.all((['anna1', 'anna3', 'berta', 'clara'] as const).map(name => portrait(name)))
  // The third and fourth show strangers; all others one person.
  const look = (bytes: Uint8Array) =>
    seeing({
      faces: [
        face({
          embedding: embeddingAt(Math.max(0, photos.findIndex(photo => photo.equals(bytes)) - 1)),
          box: [10, 10, 110, 110]
        })
      ]
    })
  const [{ app, services }, browser] = await Promise.all([
    buildLight(t, { KEEP_PHOTOS: 'all', REPLAY_CHECK: 'none' }, look),
    launch(t)
  ])
  const address = await serve(app)
  await signup(app, 'Anna', photos[0]!)
  await signup(app, 'Anna', photos[1]!)
  await signup(app, 'Berta', photos[2]!)
  await verify(app, 'Anna', 'waste', photos[1]!)
  await verify(app, 'Anna', 'waste', photos[3]!)
  await verify(app, 'Berta', 'waste', photos[2]!)

  for (const [screen, options] of Object.entries({ phone, laptop })) {
    t.test(`records are filtered, shown with their photos and exported, ${screen}`, async t => {
      const page = await openPage(t, browser, address, options)
      await page.getByRole('tab', { name: 'History' }).click()
      await page.locator('.record').nth(2).waitFor()
      t.equal(await page.locator('.record.rejected').count(), 1)
      t.match(
        await page.locator('.record.rejected').textContent(),
        /Anna.*not that of the enrolled person.*Same person/
      )
      const kept = page.locator('.kept-photo[src]').first()
      await kept.waitFor()
      t.ok(
        await kept.evaluate(
          (image: {
            complete: boolean
            naturalWidth: number
            addEventListener: (event: string, listener: () => void) => void
          }) =>
            image.complete
              ? image.naturalWidth
              : new Promise<number>(resolve => image.addEventListener('load', () => resolve(image.naturalWidth)))
        ),
        'a kept photo is shown'
      )
      t.same(await seriousProblems(page), [])
      t.notOk(await overflowsSideways(page))
      await screenshot(page, `${screen}-history`)
      await page.locator('.record.approved').first().getByRole('button').click()
      const dialog = page.getByRole('dialog')
      await dialog.locator('.mark.face.subject.passed').waitFor()
      t.match(await dialog.locator('.mark.detection.matched').allTextContents(), ['person 90%', 'cup 80%'])
      t.same(await seriousProblems(page), [])
      t.notOk(await overflowsSideways(page))
      await screenshot(page, `${screen}-history-evidence`)
      await page.keyboard.press('Escape')
      await dialog.waitFor({ state: 'detached' })
      await page.getByLabel('User name').filter({ visible: true }).fill('Berta')
      await page.getByRole('button', { name: 'Show', exact: true }).click()
      await page.locator('.record').nth(1).waitFor({ state: 'detached' })
      const download = page.waitForEvent('download')
      await page.getByRole('button', { name: 'Download as CSV' }).click()
      const lines = (await readFile(await (await download).path(), 'utf8')).trim().split('\r\n')
      t.equal(lines.length, 2)
      t.match(lines[1], /Berta,waste,approved/)
      await page.getByLabel('From').fill('2099-01-01')
      await page.getByRole('button', { name: 'Show', exact: true }).click()
      await page.getByText('No verification fits.').waitFor()
    })
  }

  t.test('users are searched and sorted; an added shot is removed, those of the first enrolment stay', async t => {
    const page = await openPage(t, browser, address, phone)
    await page.getByRole('tab', { name: 'Users' }).click()
    await page.locator('.user').nth(1).waitFor()
    await page.getByLabel('Sort by').selectOption('newest')
    t.match(await page.locator('.user').first().textContent(), /Berta/)
    await page.getByLabel('Search by name').fill('nobody')
    await page.getByText('There is no user of this name.').waitFor()
    await page.getByLabel('Search by name').fill('ann')
    await page.getByText('Anna', { exact: true }).click()
    await page.getByText('first enrolment, stays').waitFor()
    t.equal(await page.locator('.shot-list li').count(), 2)
    t.same(await seriousProblems(page), [])
    t.notOk(await overflowsSideways(page))
    await screenshot(page, 'phone-users-shots')
    await page.getByRole('button', { name: 'Remove shot 2 of Anna' }).click()
    await page.getByRole('button', { name: 'Remove shot 2 of Anna' }).waitFor({ state: 'detached' })
    t.equal((await services.store.findUser('Anna'))?.shots.length, 1)
    t.equal((await services.store.listPhotos('Anna')).filter(({ kind }) => kind === 'enrol').length, 1)
  })
})
