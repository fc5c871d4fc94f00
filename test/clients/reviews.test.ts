import t from 'tap'
import { VerificationClient } from '../../clients/typescript/src/index.ts'
import { buildLight, seeing } from '../helpers/light-app.ts'

const blob = (bytes: Buffer) => new Blob([new Uint8Array(bytes)])

t.test('a person appeals, and another decides', async t => {
  const [app, desk] = ['a', 'd'].map(letter => letter.repeat(40)) as [string, string]
  const { app: service } = await buildLight(
    t,
    { API_KEYS: `app:enrol+verify:${app},desk:review:${desk}`, REVIEW: 'uncertain', LIVENESS_UNCERTAIN: '0.1..0.6' },
    bytes => seeing({
      liveness: { score: Buffer.from(bytes).toString().startsWith('unsure') ? 0.3 : 0.97, models: [] },
      detections: []
    })
  )
  const baseUrl = await service.listen({ host: '127.0.0.1', port: 0 })
  const [person, reviewer] = [app, desk].map(apiKey => new VerificationClient({ baseUrl, apiKey })) as [
    VerificationClient, VerificationClient
  ]
  await person.enrol('ana', [blob(Buffer.from('shot'))])
  const photo = blob(Buffer.from('no cup'))
  const { id: verification } = await person.verify('ana', 'waste', photo)
  await t.rejects(person.appeal(verification, { photo: blob(Buffer.from('another')) }), { code: 'photo_differs' })
  const { review } = await person.appeal(verification, { statement: 'It is behind me.', photo })
  await t.rejects(person.appeal(verification), { code: 'not_appealable' })

  t.match(await reviewer.reviews({ limit: 50, state: 'open' }), {
    reviews: [{ id: review.id, reason: 'appeal', user: 'ana', verification }], next: null
  })
  t.match(await reviewer.review(review.id), { statement: 'It is behind me.', machine: { reasons: ['task_not_shown'] } })
  t.match(await reviewer.decide(review.id, 'approve', { note: 'seen' }), { id: review.id, state: 'approved' })
  await t.rejects(reviewer.decide(review.id, 'reject'), { code: 'review_decided', status: 409 })
  await t.rejects(reviewer.review('nothing'), { code: 'not_found' })
  await t.rejects(person.reviews(), { code: 'forbidden' })
})
