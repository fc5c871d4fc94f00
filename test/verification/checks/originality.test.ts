import t from 'tap'
import type { EarlierPhoto } from '../../../src/originality/earlier-photos.ts'
import { checkOriginality } from '../../../src/verification/checks/originality.ts'

const at = '2026-05-04T09:30:00.000Z'
const claim = { username: 'ana', task: 'waste', at, shared: false }
const proof = (username: string, task: string, createdAt: string): EarlierPhoto => ({
  kind: 'proof',
  username,
  verification: { id: 'v1', task, createdAt }
})
const shot = (username: string): EarlierPhoto => ({ kind: 'shot', username, verification: null })

t.test('a photo that nobody used passes, and without a search the check is skipped', async t => {
  t.match(checkOriginality([], claim), { outcome: 'passed' })
  t.match(checkOriginality(undefined, claim), { outcome: 'skipped', reason: 'disabled' })
})

t.test('an own proof of the same task a few minutes before is allowed, and nothing else of the user', async t => {
  t.match(checkOriginality([proof('ana', 'waste', '2026-05-04T09:16:00.000Z')], claim), { outcome: 'passed' })
  t.match(checkOriginality([proof('ana', 'waste', '2026-05-04T09:14:00.000Z')], claim), {
    outcome: 'failed',
    reason: 'recycled_photo',
    match: { kind: 'proof', own: true, verification: 'v1' }
  })
  t.match(checkOriginality([proof('ana', 'planting', at)], claim), { outcome: 'failed', match: { verification: 'v1' } })
  t.match(checkOriginality([shot('ana')], claim), { outcome: 'failed', match: { kind: 'shot', own: true } })
})

t.test("another user's photo is known to exist, and no more", async t => {
  const found = checkOriginality([proof('ben', 'waste', at)], claim)
  t.match(found, { outcome: 'failed', match: { kind: 'proof', own: false } })
  t.notMatch(JSON.stringify(found), /v1|ben/)
  t.match(checkOriginality([shot('ben')], claim), { outcome: 'failed', match: { kind: 'shot', own: false } })
})

t.test('a shared photo of one task is allowed where the operator says so', async t => {
  const shared = { ...claim, shared: true }
  t.match(checkOriginality([proof('ben', 'waste', at)], shared), { outcome: 'passed' })
  t.match(checkOriginality([proof('ben', 'planting', at)], shared), { outcome: 'failed' })
  t.match(checkOriginality([shot('ben')], shared), { outcome: 'failed' })
})
