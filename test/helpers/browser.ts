/** Drives the page in Debian's Chromium, with a camera that plays sample photos. */
import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { FastifyInstance } from 'fastify'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import type { Test } from 'tap'
import { cameraFrames } from './photos.ts'

const PATHS = [
  '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'
]
const executable = process.env.CHROMIUM_PATH ?? PATHS.find(path => existsSync(path))

/** For the tests' skip option: false, or the sentence that says why they cannot run. */
export const noBrowser = executable === undefined && 'needs Chromium: install it or name it in CHROMIUM_PATH'

/** Before the page starts: no photo is taken by itself. An empty page keeps nothing. */
const KEEP_SHUTTER = "if (location.protocol === 'http:') localStorage.setItem('automatic-capture', 'off')"

const screenshots = fileURLToPath(new URL('../../.cache/screenshots', import.meta.url))

/** A browser whose camera shows the person of cut-out `anna1`, slowly moving. */
export async function launch (t: Test): Promise<Browser> {
  return launchWithVideo(t, await cameraFrames('anna1'))
}

/** A browser whose camera plays these JPEG pictures of one size, over and over. */
export async function launchWithVideo (t: Test, frames: readonly Buffer[]): Promise<Browser> {
  const video = join(t.testdir({}), 'camera.mjpeg')
  await writeFile(video, Buffer.concat(frames))
  return start(t, '--use-fake-device-for-media-stream', `--use-file-for-fake-video-capture=${video}`)
}

/** A browser with two cameras; Chromium can show nothing but test patterns then. */
export async function launchWithTwoCameras (t: Test): Promise<Browser> {
  return start(t, '--use-fake-device-for-media-stream=device-count=2')
}

async function start (t: Test, ...camera: string[]): Promise<Browser> {
  const browser = await chromium.launch({
    executablePath: executable!,
    headless: true,
    args: [
      '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync', ...camera
    ]
  })
  t.teardown(() => browser.close())
  return browser
}

/** Starts listening; the page lives under the service's own content security policy. */
export async function serve (app: FastifyInstance): Promise<string> {
  return app.listen({ host: '127.0.0.1', port: 0 })
}

export interface OpenOptions extends BrowserContextOptions {
  /** Default true: the camera may be used without asking. */
  camera?: boolean
  /** Default false: photos are taken by the shutter alone. */
  automatic?: boolean
  /** Part of a console message that the test itself causes. */
  expectedErrors?: RegExp
}

/** Opens the page in a context of its own; an error on the page or its console fails the test. */
export async function openPage (
  t: Test,
  browser: Browser,
  address: string,
  { camera = true, automatic = false, expectedErrors, ...options }: OpenOptions = {}
): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width: 1200, height: 900 },
    permissions: camera ? ['camera'] : [],
    ...options
  })
  t.teardown(() => context.close())
  if (!automatic) await context.addInitScript(KEEP_SHUTTER)
  const page = await context.newPage()
  page.setDefaultTimeout(30_000)
  page.on('pageerror', error => t.fail(`error on the page: ${error.message}`))
  page.on('console', message => {
    if (message.type() === 'error' && expectedErrors?.test(message.text()) !== true) { t.fail(`error on the console: ${message.text()}`) }
  })
  await page.goto(address)
  await page.locator('#start-up').waitFor({ state: 'detached' })
  return page
}

/** Takes shots with the enrolment camera, each of another frame. */
export async function takeShots (page: Page, count: number): Promise<void> {
  for (let taken = 1; taken <= count; taken++) {
    await page.getByRole('button', { name: 'Take photo' }).click()
    await page.getByRole('img', { name: `Shot ${taken}, Ready to send` }).waitFor()
    await page.locator('.flash').waitFor({ state: 'detached' })
    await page.evaluate(
      'new Promise(resolve => { let frames = 0; const video = document.querySelector("#enrol-source video"); const next = () => ++frames === 4 ? resolve() : video.requestVideoFrameCallback(next); next() })'
    )
  }
}

/** Keeps a picture for people to look at: the whole page, on a phone what its screen shows. */
export async function screenshot (page: Page, name: string): Promise<void> {
  await mkdir(screenshots, { recursive: true })
  await page.screenshot({
    path: join(screenshots, `${name}.png`),
    fullPage: page.viewportSize()!.width >= 768,
    animations: 'disabled'
  })
}

interface Violation { id: string, impact: string, help: string, nodes: { target: string[], failureSummary: string }[] }

/** What axe-core finds serious or critical, one line each. */
export async function seriousProblems (page: Page): Promise<string[]> {
  const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
  await page.evaluate(axe)
  const violations = await page.evaluate<Violation[]>('axe.run().then(result => result.violations)')
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(node => `${id} at ${node.target.join(' ')}: ${node.failureSummary}`))
}

/** True when the page can be scrolled sideways, which no viewport should need. */
export async function overflowsSideways (page: Page): Promise<boolean> {
  return page.evaluate<boolean>('document.documentElement.scrollWidth > document.documentElement.clientWidth')
}
