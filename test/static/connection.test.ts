import t from 'tap'
import type { Page } from 'playwright-core'
import { build, signup } from '../helpers/app.ts'
import { launch, noBrowser, openPage, overflowsSideways, screenshot, serve } from '../helpers/browser.ts'
import { portrait } from '../helpers/photos.ts'

t.test('connection, users and system in a browser', { skip: noBrowser }, async t => {
  const [{ app, services }, browser] = await Promise.all([build(t), launch(t)])
  const address = await serve(app)
  await signup(app, 'Anna', await portrait('anna1'), await portrait('anna3'))
  await signup(app, 'Berta', await portrait('berta'))

  const openConnection = (page: Page) => page.locator('#connection-toggle').click()

  t.test('pings the API base', async t => {
    const page = await openPage(t, browser, address)
    await openConnection(page)
    t.equal(await page.getByRole('textbox', { name: 'API base' }).inputValue(), address)
    await page.getByRole('button', { name: 'Ping' }).click()
    await page.locator('#connection').getByText(/Answered in \d+ ms\. Version/).waitFor()
    t.pass('answered')
  })

  t.test('explains a base that does not answer, forbids this page, or is no address', async t => {
    const other = await build(t)
    const elsewhere = await serve(other.app)
    const page = await openPage(t, browser, address, { expectedErrors: /CORS|ERR_CONNECTION_REFUSED|ERR_FAILED|404/ })
    await openConnection(page)
    const ping = async (base: string) => {
      await page.getByRole('textbox', { name: 'API base' }).fill(base)
      await page.getByRole('button', { name: 'Ping' }).click()
    }
    await ping('localhost without scheme')
    await page.getByText('must be an address such as').waitFor()
    await ping(`${elsewhere}/api/`)
    await page.getByText(`start it with CORS_ORIGINS=${address}`).first().waitFor()
    t.equal(await page.getByRole('textbox', { name: 'API base' }).inputValue(), elsewhere, 'the base is tidied')
    await screenshot(page, 'connection-cross-origin')
    await ping(`${address}/nowhere`)
    await page.locator('#connection').getByText('There is nothing at GET /nowhere/api/health.').waitFor()
    await other.app.close()
    await ping(elsewhere)
    await page.locator('#connection-summary').getByText('No connection').waitFor()
  })

  t.test('works with a base of another origin that allows it', async t => {
    const other = await build(t, { CORS_ORIGINS: address })
    const elsewhere = await serve(other.app)
    const page = await openPage(t, browser, address)
    await openConnection(page)
    await page.getByRole('textbox', { name: 'API base' }).fill(elsewhere)
    await page.getByRole('button', { name: 'Ping' }).click()
    await page.getByText(/Answered in/).first().waitFor()
    await page.getByRole('tab', { name: 'Enrol' }).click()
    await page.getByRole('textbox', { name: 'User name' }).fill('Far Anna')
    await page
      .locator('#enrol-source input')
      .setInputFiles({ name: 'anna.jpg', mimeType: 'image/jpeg', buffer: await portrait('anna1') })
    await page.getByRole('button', { name: 'Enrol with 1 photo' }).click()
    await page.getByText('Far Anna is enrolled.').first().waitFor()
    t.ok(await other.services.store.findUser('Far Anna'))
  })

  t.test('asks for a key when the service wants one, and keeps it in memory only', async t => {
    const page = await openPage(t, browser, address, { expectedErrors: /401/ })
    await page.route('**/api/users?*', route =>
      route.request().headers().authorization === 'Bearer open sesame'
        ? route.continue()
        : route.fulfill({
          status: 401,
          json: {
            status: 'error',
            code: 401,
            error: 'unauthorized',
            message: 'An API key is needed.',
            requestId: 'r-1'
          }
        })
    )
    await page.getByRole('tab', { name: 'Users' }).click()
    await page.getByRole('alert').getByText('Enter an API key at the top').waitFor()
    const key = page.getByLabel('API key')
    await key.waitFor()
    t.equal(await page.evaluate('document.activeElement.id'), 'key')
    await screenshot(page, 'connection-key')
    await key.fill('open sesame')
    await page.getByRole('button', { name: 'Use key' }).click()
    await page.getByText('Berta').waitFor()
    const kept = await page.evaluate<string>('JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])')
    t.notMatch(kept, 'sesame')
    t.match(kept, /""\]$/, 'no cookie')
    await page.reload()
    await page.getByRole('alert').getByText('Enter an API key at the top').waitFor()
  })

  t.test('asks for the key before anything else, checks it at once, and goes on with what it interrupted', async t => {
    const { app: guarded, services } = await build(t, {
      API_KEYS: `page:enrol+verify+read:${'k'.repeat(40)}`,
      ALLOW_UNAUTHENTICATED: 'false'
    })
    const place = await serve(guarded)
    const page = await openPage(t, browser, place, { expectedErrors: /401/ })
    const key = page.getByLabel('API key')
    await key.waitFor()
    await page.locator('#connection-summary').getByText('Key needed').waitFor()
    await key.fill('wrong')
    await page.getByRole('button', { name: 'Use key' }).click()
    await page.getByRole('alert').getByText('does not know this key').waitFor()
    await page.getByRole('textbox', { name: 'User name' }).fill('Keyed Anna')
    await page
      .locator('#enrol-source input')
      .setInputFiles({ name: 'anna.jpg', mimeType: 'image/jpeg', buffer: await portrait('anna1') })
    await page.getByRole('button', { name: 'Enrol with 1 photo' }).click()
    await page.locator('#enrol-result').getByText('what you did goes on by itself').waitFor()
    await key.fill('k'.repeat(40))
    await page.getByRole('button', { name: 'Use key' }).click()
    await page.getByText('Keyed Anna is enrolled.').first().waitFor()
    await page.locator('#connection-summary').getByText('Ready').waitFor()
    t.ok(await services.store.findUser('Keyed Anna'))
  })

  t.test('the pill shows a lost connection and its return', async t => {
    const page = await openPage(t, browser, address, { expectedErrors: /ERR_|Failed to load/ })
    const pill = page.locator('#connection-summary')
    await pill.getByText('Ready').waitFor()
    await page.context().setOffline(true)
    await pill.getByText('Offline').waitFor()
    await page.context().setOffline(false)
    await pill.getByText('Ready').waitFor()
    await page.route('**/api/**', route => route.abort())
    await page.getByRole('tab', { name: 'Users' }).click()
    await pill.getByText('No connection').waitFor()
    await page.unroute('**/api/**')
    await pill.getByText('Ready').waitFor()
    t.pass('without a reload')
  })

  t.test('a name without a space breaks no layout', async t => {
    const long = 'W'.repeat(64)
    await signup(app, long, await portrait('clara'))
    const page = await openPage(t, browser, address, { viewport: { width: 360, height: 640 }, isMobile: true })
    await page.getByRole('tab', { name: 'Users' }).click()
    await page.getByText(long).waitFor()
    t.notOk(await overflowsSideways(page))
    await page.getByRole('button', { name: `Delete ${long}` }).click()
    await screenshot(page, 'phone-long-name')
    t.ok(
      await page.evaluate(
        '{ const dialog = document.querySelector("dialog[open]"); dialog.scrollWidth <= dialog.clientWidth }'
      )
    )
    await page.keyboard.press('Escape')
    await page.getByRole('tab', { name: 'Enrol' }).click()
    await page.getByRole('textbox', { name: 'User name' }).fill('W'.repeat(65))
    await page.getByText('at most 64 characters; this one has 65').waitFor()
    t.equal((await page.getByRole('textbox', { name: 'User name' }).inputValue()).length, 65, 'nothing is cut')
    await services.store.deleteUser(long, {
      event: 'delete',
      requestId: 'r',
      key: null,
      username: long,
      photos: [],
      consent: null,
      details: {}
    })
  })

  t.test('lists users, shows their shots and deletes one after confirmation', async t => {
    const page = await openPage(t, browser, address)
    await page.getByRole('tab', { name: 'Users' }).click()
    await page.getByText('Anna', { exact: true }).click()
    await page.getByText('fr_feature').waitFor()
    t.equal(await page.locator('.user-detail ol li').count(), 2)
    await screenshot(page, 'users')

    await page.getByRole('button', { name: 'Delete Berta' }).click()
    const dialog = page.getByRole('dialog', { name: 'Delete Berta?' })
    await screenshot(page, 'users-delete')
    await page.keyboard.press('Escape')
    t.ok(await services.store.findUser('Berta'), 'Escape deletes nobody')
    await page.getByRole('button', { name: 'Delete Berta' }).click()
    await dialog.getByRole('button', { name: 'Delete for good' }).click()
    await page.getByText('Berta is deleted: 1 shot erased').first().waitFor()
    t.equal(await services.store.findUser('Berta'), null)
    t.equal(await page.getByRole('button', { name: 'Delete Berta' }).count(), 0)
  })

  t.test('pages through many users', async t => {
    const page = await openPage(t, browser, address)
    const date = '2025-01-01T00:00:00.000Z'
    const user = (username: string) => ({ username, shots: 1, createdAt: date, updatedAt: date })
    await page.route('**/api/users?*', route => route.request().url().includes('cursor=two')
      ? route.fulfill({ json: { users: [user('Zoe')], total: 2, next: null } })
      : route.fulfill({ json: { users: [user('Ada')], total: 2, next: 'two' } }))
    await page.getByRole('tab', { name: 'Users' }).click()
    await page.getByRole('button', { name: 'Show more' }).click()
    await page.getByText('Zoe').waitFor()
    t.ok(await page.getByText('Ada').isVisible())
    t.equal(await page.getByRole('button', { name: 'Show more' }).count(), 0)
  })

  t.test('shows readiness, models, tasks and live throughput', async t => {
    const page = await openPage(t, browser, address, { expectedErrors: /404/ })
    let requests = 0
    await page.route('**/api/metrics', route => {
      requests += 30
      return route.fulfill({
        contentType: 'text/plain; version=0.0.4',
        body: [
          [0.1, 10],
          [0.25, 25],
          [0.5, 30],
          ['+Inf', 30]
        ]
          .map(
            ([le, count]) =>
              `eco_http_request_duration_seconds_bucket{method="POST",route="/api/verify",status="200",le="${le}"} ${count}`
          )
          .concat(
            `eco_http_request_duration_seconds_count{method="POST",route="/api/verify",status="200"} ${requests}`,
            ''
          )
          .join('\n')
      })
    })
    await page.getByRole('tab', { name: 'System' }).click()
    await page.getByText('The service is ready.').waitFor()
    await page.getByText('up to 250 ms').waitFor()
    t.ok(await page.getByText('up to 500 ms').isVisible(), 'half of the verifications, and all but a twentieth')
    t.ok(await page.getByText('YOLOv8n, the 80 classes of COCO').isVisible())
    t.ok(await page.getByText('Licence: AGPL-3.0').getByText('gets its source code').isVisible())
    await screenshot(page, 'system')
    await page.unroute('**/api/metrics')
    await page.route('**/api/metrics', route => route.fulfill({ status: 404, json: {} }))
    await page.getByRole('button', { name: 'Reload' }).click()
    await page.getByText('Requests per second', { exact: true }).waitFor({ state: 'detached' })
  })

  t.test('says why the service is not ready', async t => {
    const page = await openPage(t, browser, address, { expectedErrors: /503|404/ })
    await page.route('**/api/ready', async route => {
      const ready = await (await route.fetch()).json()
      await route.fulfill({ status: 503, json: { ...ready, ready: false, problems: ['The store does not answer.'] } })
    })
    await page.getByRole('tab', { name: 'System' }).click()
    await page.getByText('The store does not answer.').waitFor()
    t.ok(await page.getByText('The service is not ready.').isVisible())
  })

  t.test('speaks a language that is being translated, and English for what its file leaves out', async t => {
    const page = await openPage(t, browser, address)
    await page.route('**/strings.nl.js', route =>
      route.fulfill({
        contentType: 'text/javascript',
        body: "export default { enrol: { title: 'Persoon inschrijven', submit: { one: 'Met 1 foto', other: 'Met {count} foto' } } }"
      })
    )
    await page.goto(`${address}/?lang=nl`)
    await page.getByRole('heading', { name: 'Persoon inschrijven' }).waitFor()
    t.equal(await page.getAttribute('html', 'lang'), 'nl')
    t.ok(await page.getByRole('tab', { name: 'Verify' }).isVisible())
  })
})
