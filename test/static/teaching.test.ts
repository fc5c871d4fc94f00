import { existsSync } from 'node:fs'
import { cp, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import {
  launch, noBrowser, openPage, overflowsSideways, screenshot, seriousProblems, serve
} from '../helpers/browser.ts'
import { buildLight, seeing } from '../helpers/light-app.ts'
import { portrait } from '../helpers/photos.ts'
import { temporaryFolder } from '../helpers/temporary-folder.ts'

const contract = 'maps-1/0123456789abcdef/640'
const laptop = { viewport: { width: 1280, height: 660 } }
const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true }

/** The last byte of a photo is its number; from 100 on it shows the task, but for one that nearly does. */
function look (bytes: Uint8Array) {
  const number = bytes.at(-1)!
  const numbers = Float32Array.of(number >= 100 && number !== 111 ? 1 : 0, Math.sin(number), Math.cos(3 * number))
  return seeing({ features: { contract, mean: numbers, max: numbers, regions: [] } })
}

t.test('a task is taught on the page', { skip: noBrowser }, async t => {
  const folder = temporaryFolder(t)
  const TASKS_FILE = join(folder, 'config', 'tasks.json')
  await mkdir(join(folder, 'config', 'scenes'), { recursive: true })
  await cp('config/tasks.json', TASKS_FILE)
  const env = { TEACHING: 'true', FEATURES: contract, TASKS_FILE, DATA_DIR: join(folder, 'data') }
  const [{ app }, browser, photo] = await Promise.all([buildLight(t, env, look), launch(t), portrait('anna1')])
  const address = await serve(app)
  const photos = (from: number, count: number) => Array.from({ length: count }, (_, i) => ({
    name: `${from + i}.jpg`, mimeType: 'image/jpeg', buffer: Buffer.concat([photo, Buffer.of(from + i)])
  }))

  const page = await openPage(t, browser, `${address}/#/teaching`, laptop)
  const begin = page.getByRole('button', { name: 'Teach', exact: true })
  await begin.waitFor()
  t.ok(await begin.isDisabled(), 'not without photos')
  t.same(await seriousProblems(page), [])
  await page.locator('#teaching-yes').setInputFiles(photos(100, 14))
  await page.getByText('14 photos').waitFor()
  await page.locator('#teaching-no').setInputFiles(photos(0, 24))
  await page.getByText('24 photos').waitFor()
  await screenshot(page, 'laptop-teaching')
  await page.locator('#teaching-task').selectOption('waste')
  await begin.click()
  await page.getByRole('heading', { name: 'What was learned: waste' }).waitFor()
  t.match(await page.locator('#teaching .figures').textContent(), /93\s?%.*14 photos.*0\s?%.*24 photos/)
  await page.locator('.teaching-worst img[src][alt="111.jpg: shows the task, not proved"]').waitFor()
  t.same(await seriousProblems(page), [])
  t.notOk(await overflowsSideways(page))
  await screenshot(page, 'laptop-teaching-learned')
  await page.getByRole('button', { name: 'Keep' }).click()
  await page.getByText('is kept. The service uses it after its next start.').waitFor()
  t.ok(existsSync(join(folder, 'config', 'scenes', 'waste.json')))
  t.notOk(existsSync(join(folder, 'data', 'teaching')), 'the photos are gone')

  const small = await openPage(t, browser, `${address}/?lang=ar#/teaching`, phone)
  await small.locator('#teaching-yes').setInputFiles(photos(100, 2))
  await small.getByText('صورتان').waitFor()
  t.notOk(await overflowsSideways(small))
  t.same(await seriousProblems(small), [])
  await screenshot(small, 'phone-teaching-rtl')
})
