import t from 'tap'
import { build, signup, verify } from '../helpers/app.ts'
import {
  launch, noBrowser, openPage, overflowsSideways, screenshot, seriousProblems, serve
} from '../helpers/browser.ts'
import { portrait } from '../helpers/photos.ts'

const { Measured } = await import(new URL('../../static/measured.js', import.meta.url).href)
const { parseMetrics, quantile, scoreHistogram, verdictReasons } = await import(
  new URL('../../static/metrics.js', import.meta.url).href
)

const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true }
const laptop = { viewport: { width: 1280, height: 660 } }

const scrape = (verifications: number, slow: number) => parseMetrics(`
# HELP eco_http_request_duration_seconds Requests
eco_http_request_duration_seconds_bucket{le="0.5",method="POST",route="/api/verify",status="200"} ${verifications - slow}
eco_http_request_duration_seconds_bucket{le="5",method="POST",route="/api/verify",status="200"} ${verifications}
eco_http_request_duration_seconds_bucket{le="+Inf",method="POST",route="/api/verify",status="200"} ${verifications}
eco_http_request_duration_seconds_count{method="POST",route="/api/verify",status="200"} ${verifications}
eco_http_request_duration_seconds_count{method="GET",route="/api/ready",status="200"} 10
eco_verdict_reasons_total{reason="no_face"} 2
eco_verdict_reasons_total{reason="face_mismatch"} 7
eco_similarity_score_bucket{le="0.5",status="rejected"} 3
eco_similarity_score_bucket{le="1",status="rejected"} 3
eco_similarity_score_bucket{le="+Inf",status="rejected"} 3
eco_similarity_score_bucket{le="0.5",status="approved"} 1
eco_similarity_score_bucket{le="1",status="approved"} 9
eco_similarity_score_bucket{le="+Inf",status="approved"} 9
eco_queue_waiting 4
eco_queue_active 2
`)

t.test('charts are made of what came between two looks at the metrics', async t => {
  const measured = new Measured()
  measured.add(scrape(100, 0), 1000)
  measured.add(scrape(130, 3), 1003)
  t.match(measured.rows, [
    { at: 1000, requests: null, verifications: null, p95: null, waiting: 4, active: 2 },
    { at: 1003, requests: 10, verifications: 10, p95: 5000 }
  ])
  measured.add(scrape(133, 3), 1200)
  t.equal(measured.rows[2]!.p95, null, 'what is older than a minute counts no more')
  measured.add(scrape(5, 0), 1203)
  t.equal(measured.rows.length, 1, 'a service that started anew begins anew')
  t.same(verdictReasons(scrape(1, 0)), [['face_mismatch', 7], ['no_face', 2]])
  t.same(scoreHistogram(scrape(1, 0), 'eco_similarity_score'), {
    upTo: [0.5, 1], approved: [1, 8], rejected: [3, 0]
  })
  t.equal(scoreHistogram(scrape(1, 0), 'eco_liveness_score'), null, 'a caller who sees no scores gets none')
  t.equal(quantile({ count: 0, buckets: [] }, 0.95), null)
})

t.test('the system in a browser', { skip: noBrowser }, async t => {
  const [{ app }, browser] = await Promise.all([
    build(t, { TASKS_FILE: 'config/tasks.json', REPLAY_CHECK: 'none', EMBEDDING_THRESHOLD: '0.45' }),
    launch(t)
  ])
  const address = await serve(app)
  await signup(app, 'Anna', await portrait('anna1'))
  for (const name of ['anna3', 'anna1', 'berta'] as const) await verify(app, 'Anna', 'waste', await portrait(name))

  t.test('the chart library is served from its package, and nothing else of it', async t => {
    t.equal((await app.inject('/vendor/uplot/uPlot.iife.min.js')).statusCode, 200)
    t.match((await app.inject('/vendor/uplot/uPlot.min.css')).headers['content-type'], /^text\/css/)
    for (const path of ['package.json', '../package.json', 'uPlot.esm.js', '']) {
      t.equal((await app.inject(`/vendor/uplot/${path}`)).statusCode, 404, path)
    }
  })

  for (const [screen, options] of Object.entries({ phone, laptop })) {
    t.test(`charts, thresholds and tasks with their figures, ${screen}`, async t => {
      const page = await openPage(t, browser, address, options)
      t.equal(await page.locator('script[src*=uplot]').count(), 0, 'the library is not part of the first view')
      await page.getByRole('tab', { name: 'System' }).click()
      await page.locator('.chart canvas').nth(4).waitFor()
      await page.waitForTimeout(4000)
      t.equal(await page.locator('.chart').count(), 6)
      t.match(await page.locator('.charts').textContent(), /The face is not that of the enrolled person|The task is not/)
      t.match(await page.locator('.chart').nth(4).textContent(), /lines at 0\.45/)
      const rows = page.locator('.chart').first().locator('table tbody tr')
      await page.locator('.chart summary').first().click()
      t.ok(await rows.first().isVisible(), 'numbers stand beside the drawing')
      t.match(await page.locator('#system-report').textContent(), /set by EMBEDDING_THRESHOLD[\s\S]*measured for the model/)
      t.match(await page.locator('.task-states').textContent(), /of near misses[\s\S]*Taught on .* threshold 0\.\d\d/)
      t.equal(await page.getByRole('link', { name: 'API documentation' }).getAttribute('href'), `${address}/docs`)
      t.same(await seriousProblems(page), [])
      t.notOk(await overflowsSideways(page))
      await screenshot(page, `${screen}-system`)
      await page.waitForTimeout(3500)
      t.ok(await rows.first().isVisible(), 'a new look does not close the table')
    })
  }

  t.test('the verdict of a taught task shows how much the photo looks like its examples', async t => {
    const page = await openPage(t, browser, address, laptop)
    await page.getByRole('tab', { name: 'Verify' }).click()
    await page.getByRole('combobox', { name: 'User name' }).fill('Anna')
    await page.getByRole('combobox', { name: 'Task' }).selectOption('planting')
    const buffer = await portrait('anna3')
    await page.locator('#verify-source input').setInputFiles({ name: 'proof.jpg', mimeType: 'image/jpeg', buffer })
    await page.getByRole('button', { name: 'Verify', exact: true }).click()
    const card = page.getByRole('article')
    await card.getByText(/Likeness to the example photos of “planting/).waitFor()
    t.equal(await card.getByRole('meter', { name: /Task shown: score 0\.\d\d, needed 0\.\d\d/ }).count(), 1)
    await screenshot(page, 'laptop-verdict-scene')
  })

  t.test('right to left, in the dark', async t => {
    const page = await openPage(t, browser, `${address}/?lang=ar#/system`, { ...laptop, colorScheme: 'dark' })
    await page.locator('.chart canvas').nth(4).waitFor()
    t.notOk(await overflowsSideways(page))
    t.same(await seriousProblems(page), [])
    await screenshot(page, 'laptop-system-dark-rtl')
  })
})
