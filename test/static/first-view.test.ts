/** What a browser fetches until the page stands: few files, so that it is quick on a slow phone. */
import t, { type Test } from 'tap'
import type { Browser } from 'playwright-core'
import { launch, noBrowser, openPage, serve } from '../helpers/browser.ts'
import { buildLight } from '../helpers/light-app.ts'

const MOST_REQUESTS = 15
const MOST_BYTES = 150 * 1000

/** Opens the page and waits until it asks for nothing more; answers with what went over the network. */
async function firstView (t: Test, browser: Browser, env: Record<string, string>, locale: string) {
  const { app } = await buildLight(t, env)
  const paths: string[] = []
  app.server.on('request', ({ url }) => paths.push(url!))
  const address = await serve(app)
  const page = await openPage(t, browser, 'about:blank', { locale, expectedErrors: /401/ })
  const session = await page.context().newCDPSession(page)
  let bytes = 0
  session.on('Network.loadingFinished', ({ encodedDataLength }) => { bytes += encodedDataLength })
  await session.send('Network.enable')
  await page.goto(address, { waitUntil: 'networkidle' })
  await page.locator('#start-up').waitFor({ state: 'detached' })
  await page.locator('#enrol-form').getByRole('button').first().waitFor()
  await page.waitForLoadState('networkidle')
  return { app, page, paths, bytes: () => bytes }
}

t.test('the first view in a browser', { skip: noBrowser }, async t => {
  const browser = await launch(t)
  const secret = 's'.repeat(40)

  for (const [name, env, locale, strings] of [
    ['in English', {}, 'en', '/strings.en.js'],
    ['in the language with the longest texts', {}, 'hi-IN', '/strings.hi.js'],
    ['where a key is demanded', { API_KEYS: `desk:admin:${secret}` }, 'de', '/strings.de.js']
  ] as const) {
    t.test(name, async t => {
      const { paths, bytes } = await firstView(t, browser, env, locale)
      t.comment(`${paths.length} requests, ${bytes()} bytes`)
      t.ok(paths.length <= MOST_REQUESTS, paths.join(' '))
      t.ok(bytes() <= MOST_BYTES)
      t.same(paths.filter(path => path.includes('strings.')), [strings], 'the language in use and no other')
      t.same(paths.filter(path => path.endsWith('.css')), ['/styles.css'], 'one stylesheet')
      t.equal(new Set(paths).size, paths.length, 'nothing is asked for twice')
    })
  }

  t.test('the files of a view come when it opens, and the stylesheet is known again', async t => {
    const { app, page, paths } = await firstView(t, browser, {}, 'en')
    t.notOk(paths.includes('/history.js'))
    await page.locator('#tab-history').click()
    await page.getByText('No verification fits.').waitFor()
    t.ok(paths.includes('/history.js'))
    const { headers: { etag } } = await app.inject('/styles.css')
    t.equal((await app.inject({ url: '/styles.css', headers: { 'if-none-match': etag! } })).statusCode, 304)
    await page.reload()
    await page.getByText('No verification fits.').waitFor()
    t.equal(await page.locator('#tab-history').getAttribute('aria-selected'), 'true')
  })

  t.test('a view whose file cannot be fetched says so and offers another attempt', async t => {
    const { page } = await firstView(t, browser, {}, 'en')
    page.removeAllListeners('console')
    await page.route('**/users.js', route => route.abort())
    await page.locator('#tab-users').click()
    await page.getByRole('alert').getByText('No connection').waitFor()
    await page.unroute('**/users.js')
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByText('Nobody is enrolled yet.').waitFor()
    t.pass('and comes with it')
  })
})
