import { createHash } from 'node:crypto'
import t, { type Test } from 'tap'
import { send } from '../helpers/app.ts'
import { face } from '../helpers/faces.ts'
import { buildLight, embeddingAt, seeing } from '../helpers/light-app.ts'

const secrets = {
  app: 'a'.repeat(40),
  shop: 's'.repeat(40),
  eva: 'e'.repeat(40),
  max: 'm'.repeat(40),
  boss: 'b'.repeat(40),
  finder: 'f'.repeat(40)
}
const API_KEYS = `app:enrol+verify:${secrets.app},shop:verify:${secrets.shop},eva:review:${secrets.eva},max:review+read:${secrets.max},boss:admin:${secrets.boss},finder:review+identify:${secrets.finder}`
const as = (name: keyof typeof secrets) => ({ 'x-api-key': secrets[name] })

/** `unsure` is neither live nor a print, `print` is one; the hash makes pictures of one letter the same picture. */
function look (bytes: Uint8Array) {
  const text = Buffer.from(bytes).toString()
  const score = text.startsWith('unsure') ? 0.3 : text.startsWith('print') ? 0 : 0.97
  const bits = new Uint8Array(64)
  createHash('sha512').update(text.split('#')[0]!).digest().copy(bits)
  return seeing({
    faces: [face({ embedding: embeddingAt(text.includes('stranger') ? 1.5 : 0), box: [10, 10, 110, 110] })],
    liveness: { score, models: [{ id: 'fr_liveness', score }] },
    hashes: { windows: [bits], mirrored: [] }
  })
}

async function built (t: Test, env: Record<string, string> = {}) {
  const { app, services } = await buildLight(
    t,
    { API_KEYS, REVIEW: 'uncertain', LIVENESS_UNCERTAIN: '0.1..0.6', TASKS_FILE: 'config/demonstration.json', ...env },
    look
  )
  const enrol = (name: string, photo = `shot of ${name}`) =>
    send(
      app,
      '/api/signup',
      [
        ['username', name],
        ['images', { bytes: Buffer.from(photo) }]
      ],
      as('app')
    )
  const prove = async (photo: string, name = 'ana', task = 'waste') =>
    (
      await send(
        app,
        '/api/verify',
        [
          ['username', name],
          ['task', task],
          ['file', { bytes: Buffer.from(photo) }]
        ],
        as('app')
      )
    ).json()
  const get = async (url: string, key: keyof typeof secrets = 'eva') => app.inject({ url, headers: as(key) })
  const decide = (id: string, body: object, key: keyof typeof secrets = 'eva') =>
    app.inject({
      method: 'POST',
      url: `/api/reviews/${id}`,
      headers: { ...as(key), 'content-type': 'application/json' },
      payload: JSON.stringify(body)
    })
  const appeal = (id: string, parts: Parameters<typeof send>[2], key: keyof typeof secrets = 'app') =>
    send(app, `/api/verifications/${id}/appeal`, parts, as(key))
  await enrol('ana')
  return { app, services, enrol, prove, get, decide, appeal }
}

const shared = await built(t)

t.test('without REVIEW nothing changes', async t => {
  const { prove, get, appeal } = await built(t, { REVIEW: 'off' })
  const verdict = await prove('unsure 1')
  t.match(verdict, { status: 'rejected', reasons: ['liveness_uncertain'] })
  t.notOk('review' in verdict)
  t.same((await get('/api/reviews')).json(), { reviews: [], next: null })
  t.match((await appeal(verdict.id, [['statement', 'why']])).json(), {
    code: 409,
    error: 'not_appealable',
    message: /REVIEW=off/
  })
})

t.test('a person approves what the machine could not decide', async t => {
  const { app, prove, get, decide } = shared
  const verdict = await prove('unsure 1')
  t.match(verdict, { status: 'rejected', reasons: ['liveness_uncertain'], review: { state: 'open' } })
  const { id } = verdict.review
  const url = `/api/reviews/${id}`
  t.match((await get('/api/reviews?state=open&user=ana')).json(), {
    reviews: [
      {
        id,
        reason: 'liveness_uncertain',
        user: 'ana',
        verification: verdict.id,
        task: 'waste',
        key: 'app',
        decisions: []
      }
    ],
    next: null
  })
  const review = (await get(url)).json()
  t.match(review, {
    machine: { status: 'rejected', liveness_score: 0.3, checks: { liveness: { outcome: 'uncertain' } } },
    links: { photo: `${url}/photo`, evidence: `${url}/evidence`, verification: `/api/verifications/${verdict.id}` }
  })
  const photo = await get(`${url}/photo`)
  t.equal(photo.body, 'unsure 1')
  t.match(photo.headers, { 'content-type': 'application/octet-stream', 'cache-control': /no-store/ })
  t.match((await get(`${url}/evidence`)).body, /^<svg [^>]*viewBox="0 0 1280 1280"[\s\S]*<rect [\s\S]*>ana 1\.00</)

  t.match((await decide(id, { decision: 'approve', note: 'blinks' })).json(), { id, state: 'approved' })
  t.match((await get(`/api/verifications/${verdict.id}`, 'max')).json(), {
    status: 'approved',
    reasons: ['liveness_uncertain'],
    liveness_score: 0.3,
    review: { id, state: 'approved' }
  })
  t.match((await decide(id, { decision: 'reject' }, 'max')).json(), { code: 409, error: 'review_decided' })
  t.match((await get(url)).json(), {
    state: 'approved',
    decisions: [{ decision: 'approve', note: 'blinks', key: 'eva', at: /Z$/ }]
  })
  t.match((await get(`${url}/photo`)).json(), { code: 404, error: 'not_found' })

  t.match(
    await prove('unsure 1#saved again', 'ana', 'feeding'),
    { reasons: ['liveness_uncertain', 'task_not_shown', 'recycled_photo'] },
    'the approved photo is known'
  )
  const rows = (await app.inject({ url: '/api/users/ana/export', headers: as('boss') })).json()
  t.match(
    rows.audit
      .filter(({ event }: { event: string }) => event === 'review')
      .map(({ details, key }: Record<string, unknown>) => ({ details, key })),
    [
      { details: { review: id, verification: verdict.id, action: 'photo' }, key: 'eva' },
      { details: { review: id, verification: verdict.id, action: 'approve', state: 'approved' }, key: 'eva' },
      { details: { status: 409, error: 'review_decided' }, key: 'max' }
    ].slice(0, 2)
  )
  t.match(rows.reviews, [
    { id, state: 'approved', decisions: [{ note: 'blinks' }], hasPhoto: false, detail: { status: 'rejected' } }
  ])
})

t.test('of two reviewers at the same moment one wins', async t => {
  const { prove, decide } = shared
  const { review: { id } } = await prove('unsure 5')
  const answers = await Promise.all(
    (['eva', 'max', 'eva', 'max', 'finder'] as const).map((key, i) =>
      decide(id, { decision: i % 2 === 0 ? 'approve' : 'reject' }, key)
    )
  )
  t.same(answers.map(({ statusCode }) => statusCode).sort(), [200, 409, 409, 409, 409])
})

t.test('a second pair of eyes', async t => {
  const { prove, decide } = await built(t, { REVIEW_APPROVALS: '2' })
  const { review: { id } } = await prove('unsure 1')
  t.match((await decide(id, { decision: 'approve' })).json(), { state: 'open' })
  t.match((await decide(id, { decision: 'approve' })).json(), { code: 409, error: 'second_reviewer_required' })
  t.match((await decide(id, { decision: 'approve' }, 'max')).json(), { state: 'approved' })
})

t.test('only what a person could see otherwise is left to a person', async t => {
  const { prove, get, decide } = shared
  t.notOk('review' in await prove('print 1'))
  t.notOk('review' in await prove('unsure stranger'), 'who is another person stays so')
  t.notOk('review' in await prove('unsure 2', 'ana', 'feeding'))
  t.same((await get('/api/reviews?reason=demonstration')).json().reviews, [])
  const shown = await prove('live 1')
  t.match(shown, { status: 'approved', checks: { task: { demonstration: true } }, review: { state: 'open' } })
  t.match((await get('/api/reviews?reason=demonstration')).json().reviews, [{ verification: shown.id }])
  await decide(shown.review.id, { decision: 'approve' })
})

t.test('a rejected demonstration is rejected, and one picture is approved once', async t => {
  const { enrol, prove, decide, get } = await built(t, { DUPLICATE_PERSON: 'off' })
  const { id, review } = await prove('live 1')
  await decide(review.id, { decision: 'reject' })
  t.match((await get(`/api/verifications/${id}`, 'max')).json(), {
    status: 'rejected',
    reasons: [],
    review: { state: 'rejected' }
  })
  await enrol('ben')
  const [first, second] = [await prove('unsure 3'), await prove('unsure 3#again', 'ben')]
  t.match((await decide(first.review.id, { decision: 'approve' })).json(), { state: 'approved' })
  t.match((await decide(second.review.id, { decision: 'approve' })).json(), { code: 409, error: 'replayed_photo' })
  t.match((await decide(second.review.id, { decision: 'reject' })).json(), { state: 'rejected' })
})

t.test('a possible duplicate is left to a person, who learns names with the scope identify alone', async t => {
  const { enrol, get, decide } = await built(t, { IDENTIFY: 'true' })
  t.match((await enrol('eve')).json(), { possible_duplicates: 1 })
  const { reviews: [{ id }] } = (await get('/api/reviews?reason=possible_duplicate')).json()
  t.match((await get(`/api/reviews/${id}`, 'finder')).json(), {
    user: 'eve',
    verification: null,
    possible_duplicates: 1,
    duplicates: [{ user: 'ana', similarity: 1 }]
  })
  t.notOk('duplicates' in (await get(`/api/reviews/${id}`)).json())
  t.equal((await get(`/api/reviews/${id}/photo`)).body, 'shot of eve')
  t.match((await get(`/api/reviews/${id}/evidence`)).json(), { code: 404 })
  t.match((await decide(id, { decision: 'approve' })).json(), { state: 'approved' })
  await enrol('eve', 'another shot')
  t.equal((await get('/api/reviews?user=eve')).json().reviews.length, 1, 'asked once')
})

t.test('a rejection is appealed once, with the very photo', async t => {
  const { prove, get, decide, appeal } = shared
  const { id } = await prove('print 1')
  const file = (text: string): [string, { bytes: Buffer }] => ['file', { bytes: Buffer.from(text) }]
  t.match((await appeal(id, [file('print 2')])).json(), { code: 422, error: 'photo_differs' })
  t.match((await appeal(id, [['statement', 'me']], 'shop')).json(), { code: 404, error: 'not_found' }, 'of another key')
  t.match((await appeal(id, [['statement', 'me']], 'eva')).json(), { code: 403 })
  t.match((await appeal('nothing', [['statement', 'me']])).json(), { code: 404 })
  const answers = await Promise.all([1, 2, 3].map(() => appeal(id, [['statement', 'This is <me>.'], file('print 1')])))
  t.same(answers.map(({ statusCode }) => statusCode).sort(), [201, 409, 409])
  const { review } = answers.find(({ statusCode }) => statusCode === 201)!.json()
  t.match((await get(`/api/reviews/${review.id}`)).json(), {
    reason: 'appeal',
    statement: 'This is <me>.',
    machine: { reasons: ['not_live'] }
  })
  t.equal((await get(`/api/reviews/${review.id}/photo`)).body, 'print 1')
  await decide(review.id, { decision: 'approve' })
  t.match((await get(`/api/verifications/${id}`, 'max')).json(), {
    status: 'approved',
    review: { id: review.id, state: 'approved' }
  })
  t.match((await appeal(id, [])).json(), { code: 409, error: 'not_appealable', message: /approved/ })
})

t.test('scores, scopes and erasure', async t => {
  const { app, prove, get, decide } = await built(t, { EXPOSE_SCORES: 'false' })
  const { review: { id } } = await prove('unsure 1')
  t.match((await get(`/api/reviews/${id}`)).json(), {
    machine: { similarity: null, liveness_score: null, checks: { liveness: { score: null, models: [] } } }
  })
  t.match((await get(`/api/reviews/${id}`, 'boss')).json(), { machine: { liveness_score: 0.3 } })
  for (const url of ['/api/reviews', `/api/reviews/${id}`, `/api/reviews/${id}/photo`, `/api/reviews/${id}/evidence`]) { t.equal((await get(url, 'app')).statusCode, 403, url) }
  t.equal((await decide(id, { decision: 'approve' }, 'app')).statusCode, 403)
  t.match((await decide(id, { decision: 'perhaps' })).json(), { code: 400, error: 'invalid_request' })
  t.match((await decide('nothing', { decision: 'approve' })).json(), { code: 404, error: 'not_found' })
  for (const query of ['cursor=xx', 'state=maybe', 'limit=0', 'reason=x']) { t.equal((await get(`/api/reviews?${query}`)).statusCode, 400, query) }
  t.match((await app.inject({ method: 'DELETE', url: '/api/users/ana', headers: as('boss') })).json(), {
    erased: { reviews: 1 }
  })
  for (const url of [`/api/reviews/${id}`, `/api/reviews/${id}/photo`]) t.equal((await get(url)).statusCode, 404, url)
})

t.test('the backlog shows in the metrics', async t => {
  const { prove, get, decide } = shared
  const { review: { id } } = await prove('unsure 6')
  const scrape = async () => (await get('/api/metrics', 'boss')).body
  t.match(await scrape(), /eco_reviews_open\{reason="liveness_uncertain"\} 1\n/)
  t.match(await scrape(), /eco_review_oldest_seconds (?!0\n)[\d.]+\n/)
  await decide(id, { decision: 'reject' })
  const text = await scrape()
  t.match(text, /eco_reviews_open\{reason="liveness_uncertain"\} 0\n/)
  t.match(text, /eco_review_oldest_seconds 0\n/)
  t.match(text, /eco_reviews_total\{reason="liveness_uncertain",decision="reject"\} 1\n/)
})

t.test('photos of decided reviews are kept for learning where the settings and the consent of the user say so', async t => {
  const { app, services: { store }, prove, get, decide } = await built(t, { KEEP_REVIEWED_DAYS: '30', REQUIRE_CONSENT: 'true' })
  for (const [name, consent] of [['ana', 'form 7'], ['ben', 'form 8']] as const) {
    await send(app, '/api/signup', [
      ['username', name],
      ['consent', consent],
      ['images', { bytes: Buffer.from(`shot of ${name}`) }]
    ], as('app'))
  }
  const asked = async (photo: string, name: string) => (await prove(photo, name)).review.id as string
  const ids = [await asked('unsure 1', 'ana'), await asked('unsure 2', 'ben')] as const
  await store.saveUser('ben', user => ({ ...user!, consent: null }))
  for (const id of ids) t.equal((await decide(id, { decision: 'reject' })).statusCode, 200)
  const photos = await Promise.all(ids.map(id => get(`/api/reviews/${id}/photo`)))
  t.same(photos.map(({ statusCode }) => statusCode), [200, 404], 'without consent it goes with the decision')
  t.equal(photos[0]!.payload, 'unsure 1')
  t.match((await get(`/api/reviews/${ids[0]}`)).json(), { links: { photo: `/api/reviews/${ids[0]}/photo` } })
})

t.test('a second try that proves the task closes the review of the first', async t => {
  const { prove, get, decide } = await built(t)
  const first = await prove('unsure 1')
  t.equal((await prove('clear 3')).status, 'approved')
  t.match((await get(`/api/reviews/${first.review.id}`)).json(), { state: 'expired', decidedAt: null })
  t.match((await decide(first.review.id, { decision: 'approve' })).json(), { error: 'review_decided' })
})
