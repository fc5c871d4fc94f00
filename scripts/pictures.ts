/**
 * `npm run pictures`: takes the pictures of the README from the running page, in Chromium (CHROMIUM_PATH). Photos are
 * pixelated beyond recognition before each picture, because faces do not belong into a repository.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import { pino } from 'pino'
import { runCommand } from '../src/cli/run-command.ts'
import { buildApp } from '../src/server/app.ts'
import { loadConfig } from '../src/config/config.ts'
import { openServices } from '../src/server/open-services.ts'
import { portrait, samplePhoto } from '../test/helpers/photos.ts'

/** Blocks across a photo: enough to see its composition, too few to know anybody. */
const BLOCKS = 28

const usage = 'npm run pictures   take the pictures of the README from the running page, in Chromium (CHROMIUM_PATH)'

await runCommand({ usage }, takePictures)

async function takePictures (): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'eco-connect-pictures-'))
  const app = await buildApp(
    await openServices(
      loadConfig({ DATA_DIR: dataDir, LOG_LEVEL: 'silent', TASKS_FILE: 'config/demonstration.json' }),
      pino({ level: 'silent' })
    )
  )
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu']
  })
  try {
    const address = await app.listen({ host: '127.0.0.1', port: 0 })
    await enrol(address, 'Anna', await portrait('anna1'))

    const desk = await openPage(browser, address, { width: 1200, height: 820 })
    await verify(desk, 'Waste collection', 3)
    await picture(desk, 'approved')
    await desk.getByRole('tab', { name: 'System' }).click()
    await desk.getByText('fr_feature').waitFor()
    // A line takes a few looks at the metrics.
    await desk.locator('.chart').first().locator('tbody tr').nth(5).waitFor({ state: 'attached' })
    await picture(desk, 'system')

    const phone = await openPage(browser, address, { width: 390, height: 844 })
    await verify(phone, 'Feeding animals', 6)
    await picture(phone, 'rejected-phone')
  } finally {
    await browser.close()
    await app.close()
    await rm(dataDir, { recursive: true })
  }
}

async function openPage (
  browser: Browser,
  address: string,
  viewport: { width: number, height: number }
): Promise<Page> {
  const page = await browser.newPage({ viewport })
  await page.goto(address)
  await page.locator('#start-up').waitFor({ state: 'detached' })
  return page
}

async function enrol (address: string, username: string, photo: Buffer): Promise<void> {
  const form = new FormData()
  form.append('username', username)
  form.append('image', new Blob([new Uint8Array(photo)]), 'anna.jpg')
  const answer = await fetch(`${address}/api/signup`, { method: 'POST', body: form })
  if (!answer.ok) throw new Error(await answer.text())
}

async function verify (page: Page, task: string, sample: number): Promise<void> {
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
  await page.getByRole('button', { name: 'Verify', exact: true }).click()
  await page.locator('article.verdict').waitFor()
}

async function picture (page: Page, name: string): Promise<void> {
  await page.evaluate(`Promise.all([...document.querySelectorAll('main img')].filter(image => image.naturalWidth > 0).map(image => {
    const canvas = document.createElement('canvas')
    canvas.width = ${BLOCKS}
    canvas.height = Math.round(${BLOCKS} * image.naturalHeight / image.naturalWidth)
    const context = canvas.getContext('2d')
    context.imageSmoothingQuality = 'high'
    context.drawImage(image, 0, 0, canvas.width, canvas.height)
    const { width, height } = image.getBoundingClientRect()
    image.style.cssText = 'image-rendering: pixelated; width: ' + width + 'px; height: ' + height + 'px; object-fit: fill'
    image.src = canvas.toDataURL()
    return image.decode()
  }))`)
  const path = `docs/images/${name}.png`
  // On a phone the verdict stands below the photo.
  const verdict = page.locator('article.verdict:visible')
  if (page.viewportSize()!.width < 500) {
    await verdict.evaluate(
      node => (node as unknown as { scrollIntoView (): void }).scrollIntoView()
    )
  }
  await page.screenshot({ path, animations: 'disabled' })
}
