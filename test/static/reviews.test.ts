import { createHash } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import type { Page } from 'playwright-core'
import t from 'tap'
import { send } from '../helpers/app.ts'
import {
  launch, noBrowser, openPage, type OpenOptions, overflowsSideways, screenshot, seriousProblems, serve
} from '../helpers/browser.ts'
import { face } from '../helpers/faces.ts'
import { buildLight, embeddingAt, seeing } from '../helpers/light-app.ts'
import { portrait } from '../helpers/photos.ts'

const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true }
const laptop = { viewport: { width: 1280, height: 660 } }
const secrets = { app: 'a'.repeat(40), eva: 'e'.repeat(40), max: 'm'.repeat(40), desk: 'd'.repeat(40) }
const API_KEYS = `app:enrol+verify:${secrets.app},eva:review:${secrets.eva},max:review:${secrets.max},desk:enrol+verify+read:${secrets.desk}`

const people = ['ana', 'ben', 'cai'] as const

/** A proof ends with the name of its person, and is neither live nor a print; an enrolment photo is the name alone. */
function look (bytes: Uint8Array) {
  const name = Buffer.from(bytes.subarray(-3)).toString()
  const score = bytes.byteLength > 3 ? 0.3 : 0.97
  const hash = createHash('sha512').update(bytes).digest()
  const angle = 1.5 * people.findIndex(person => person === name)
  return seeing({
    faces: [face({ embedding: embeddingAt(angle), box: [60, 30, 140, 130] })],
    liveness: { score, models: [{ id: 'fr_liveness', score }] },
    hashes: { windows: [new Uint8Array(hash)], mirrored: [] }
  })
}

const settings = {
  API_KEYS, REVIEW: 'uncertain', LIVENESS_UNCERTAIN: '0.1..0.6', TASKS_FILE: 'config/demonstration.json', REPLAY_CHECK: 'none'
}

/** @returns id of the review of a new user's proof */
async function prove (app: FastifyInstance, username: string, photo: Buffer) {
  const bytes = Buffer.concat([photo, Buffer.from(username)])
  const headers = { 'x-api-key': secrets.app }
  await send(app, '/api/signup', [['username', username], ['images', { bytes: Buffer.from(username) }]], headers)
  const proof: Parameters<typeof send>[2] = [['username', username], ['task', 'waste'], ['file', { bytes }]]
  const answer = await send(app, '/api/verify', proof, headers)
  return (answer.json() as { review: { id: string } }).review.id
}

async function until (happened: () => Promise<boolean>) {
  for (let tries = 0; tries < 100 && !await happened(); tries++) await pause(100)
}

t.test('reviews in a browser', { skip: noBrowser }, async t => {
  const [browser, photo] = await Promise.all([launch(t), portrait('anna1')])

  const built = async (env: Record<string, string> = {}) => {
    const { app, services } = await buildLight(t, { ...settings, ...env }, look)
    return { app, services, address: await serve(app) }
  }
  const enter = async (address: string, key: keyof typeof secrets, options: OpenOptions = {}) => {
    const page = await openPage(t, browser, `${address}/#/reviews`, { ...laptop, expectedErrors: /401/, ...options })
    await page.getByLabel('API key').fill(secrets[key])
    await page.getByRole('button', { name: 'Use key' }).click()
    await page.locator('#connection-summary').getByText('Ready').waitFor()
    return page
  }
  /** Waits until the review of this user is shown, with its photo. */
  const shown = async (page: Page, user: string) => {
    await page.locator('.review .facts dd').first().getByText(user, { exact: true }).waitFor()
    await page.locator('.review img').waitFor()
  }

  t.test('a queue is worked by keyboard, and the last decision is undone', async t => {
    const { app, services, address } = await built()
    const ids = { ana: '', ben: '', cai: '' }
    for (const name of people) ids[name] = await prove(app, name, photo)
    const state = async (name: keyof typeof ids) => (await services.store.findReview(ids[name]))?.state
    const page = await enter(address, 'eva')
    await page.getByRole('tab', { name: 'Reviews', selected: true }).waitFor()
    t.same((await page.getByRole('tab').filter({ visible: true }).allTextContents()).map(name => name.trim()), ['Reviews'])
    await shown(page, 'ana')
    t.match(await page.locator('.review').textContent(), /Is a live person in the photo\?[\s\S]*waste|Waste/)
    t.equal(await page.locator('.review .mark.face.subject').count(), 1, 'the evidence is drawn over the photo')
    t.ok(await page.locator('.review img').evaluate((image: { decode: () => Promise<void>, naturalWidth: number }) => image.decode().then(() => image.naturalWidth)))
    t.ok(await page.locator('.review .checks .check.uncertain').isVisible(), 'in the words of the machine')
    t.same(await seriousProblems(page), [])
    await screenshot(page, 'laptop-reviews')

    await page.keyboard.press('n')
    await page.keyboard.type('a print, rim seen')
    await page.keyboard.press('Escape')
    await page.keyboard.press('r')
    await shown(page, 'ben')
    t.equal(await state('ana'), 'open', 'not sent before the time to undo is over')
    await page.getByText('Rejected: ana').waitFor()
    await page.keyboard.press('u')
    await shown(page, 'ana')
    t.equal(await page.getByLabel('Note').inputValue(), 'a print, rim seen', 'the note is still there')
    await page.keyboard.press('s')
    await shown(page, 'ben')
    await page.keyboard.press('a')
    await shown(page, 'cai')
    await screenshot(page, 'laptop-reviews-undo')
    t.same(await seriousProblems(page), [])
    await page.waitForTimeout(11_000)
    t.equal(await state('ben'), 'approved', 'sent when the time to undo is over')
    await page.keyboard.press('a')
    await shown(page, 'ana')
    await page.keyboard.press('a')
    await page.getByText('Nothing waits for you').waitFor()
    t.same(await seriousProblems(page), [])
    await screenshot(page, 'laptop-reviews-empty')
    t.equal(await state('cai'), 'open')
    await page.goto('about:blank')
    await until(async () => await state('ana') !== 'open')
    t.same([await state('cai'), await state('ana')], ['approved', 'approved'], 'sent at once on leaving')
  })
  t.test('a second reviewer is needed, somebody else was faster, and time runs out, on a phone', async t => {
    const { app, services, address } = await built({ REVIEW_APPROVALS: '2' })
    const ids = { ana: '', ben: '', cai: '' }
    for (const name of people) ids[name] = await prove(app, name, photo)
    const decide = (id: string, decision: string, key: keyof typeof secrets) => app.inject({
      method: 'POST', url: `/api/reviews/${id}`, headers: { 'x-api-key': secrets[key] }, payload: { decision }
    })
    const page = await enter(address, 'eva', { ...phone, expectedErrors: /401|409/ })
    await shown(page, 'ana')
    t.notOk(await overflowsSideways(page))
    await screenshot(page, 'phone-reviews')
    await page.getByRole('button', { name: 'Approve' }).tap()
    await shown(page, 'ben')
    await decide(ids.ben, 'reject', 'max')
    await page.getByRole('button', { name: 'Approve' }).tap()
    await shown(page, 'cai')
    await page.getByText('Your approval of ana is noted. Another reviewer has to approve as well.').waitFor()
    await page.getByText('The decision on ben was not taken').waitFor()
    await services.store.expireReviews('2999-01-01T00:00:00.000Z')
    t.same(await seriousProblems(page), [])
    await page.getByRole('button', { name: 'Approve' }).tap()
    await page.getByText('1 approval of yours waits for another reviewer.').waitFor()
    await page.getByText('The decision on cai was not taken').waitFor()
  })

  t.test('what the network loses is kept, shown, and sent when it is back', async t => {
    const { app, services, address } = await built()
    const id = await prove(app, 'ana', photo)
    const page = await enter(address, 'eva', { expectedErrors: /401|INTERNET_DISCONNECTED|Failed to fetch/ })
    await shown(page, 'ana')
    await page.context().setOffline(true)
    await page.getByRole('button', { name: 'Approve' }).click()
    await page.getByText('1 decision is not sent yet').waitFor()
    t.equal((await services.store.findReview(id))?.state, 'open')
    await screenshot(page, 'laptop-reviews-offline')
    await page.context().setOffline(false)
    await page.getByText('1 decision is not sent yet').waitFor({ state: 'detached' })
    await until(async () => (await services.store.findReview(id))?.state !== 'open')
    t.equal((await services.store.findReview(id))?.state, 'approved')
  })

  t.test('only a key with the scope sees the tab', async t => {
    const { address } = await built()
    const page = await enter(address, 'desk')
    await page.getByRole('tab', { name: 'History' }).waitFor()
    t.notOk(await page.locator('#tab-reviews').isVisible())
  })
})
