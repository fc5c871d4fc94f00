import t from 'tap'
import { buildLight } from '../helpers/light-app.ts'

const key = 'k'.repeat(40)
const admin = 'a'.repeat(40)

t.test('shows a key its scopes, whether it sees scores, and what is kept of people', async t => {
  const { app } = await buildLight(t, {
    API_KEYS: `phone:enrol+verify:${key},desk:admin:${admin}`,
    EXPOSE_SCORES: 'false',
    KEEP_PHOTOS: 'proofs',
    RETENTION_DAYS: '90',
    REQUIRE_CONSENT: 'true',
    REVIEW: 'uncertain',
    KEEP_REVIEWED_DAYS: '30'
  })
  const privacy = {
    consentRequired: true,
    photos: { enrol: false, proofs: true },
    reviews: { openDays: 14, keptDays: 30 },
    retentionDays: 90
  }
  const ask = async (secret: string) => (await app.inject({ url: '/api/me', headers: { 'x-api-key': secret } })).json()
  t.strictSame(await ask(key), { key: 'phone', scopes: ['enrol', 'verify'], scores: false, offers: { reviews: true, teaching: false }, privacy })
  t.strictSame(await ask(admin), { key: 'desk', scopes: ['admin'], scores: true, offers: { reviews: true, teaching: false }, privacy })
  t.equal((await app.inject('/api/me')).statusCode, 401)
})

t.test('without keys this machine may do everything', async t => {
  const { app } = await buildLight(t)
  t.strictSame((await app.inject('/api/me')).json(), {
    key: null,
    scopes: ['enrol', 'verify', 'read', 'identify', 'review', 'admin'],
    scores: true,
    offers: { reviews: false, teaching: false },
    privacy: { consentRequired: false, photos: { enrol: false, proofs: false }, reviews: null, retentionDays: null }
  })
})
