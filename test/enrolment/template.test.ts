import t from 'tap'
import { type Candidate, changeTemplate, MAX_SHOTS } from '../../src/enrolment/template.ts'
import type { User } from '../../src/storage/store.ts'

const contract = { model: 'm', preprocessing: '1', dimension: 2 }
const towards = (degrees: number) => Float32Array.from([Math.cos(degrees * Math.PI / 180), Math.sin(degrees * Math.PI / 180)])
const candidate = (index: number, degrees: number, sha256 = `sha-${index}`): Candidate => ({
  index, filename: `${index}.jpg`, shot: { sha256, embedding: towards(degrees), createdAt: '2026-01-01T00:00:00.000Z' }
})
const user = (shots: Candidate[], change: Partial<User> = {}): User => ({
  username: 'u', createdAt: '', updatedAt: '', contract, consent: null, shots: shots.map(({ shot }) => shot), ...change
})

t.test('a new user takes all shots of one person', async t => {
  const { enrolment, duplicates } = changeTemplate(null, [candidate(0, 0), candidate(1, 20)], contract, 0.5)
  t.equal(enrolment.shots.length, 2)
  t.strictSame(duplicates, [])
})

t.test('a stranger among the shots stops the whole request and is named', async t => {
  t.throws(() => changeTemplate(null, [candidate(0, 0), candidate(1, 10), candidate(2, 120)], contract, 0.5), {
    code: 'identity_conflict', statusCode: 409, details: { rejected: [{ index: 2, code: 'not_same_person' }] }
  })
})

t.test('an existing user accepts only the same person', async t => {
  const enrolled = user([candidate(0, 0, 'old')])
  t.equal(changeTemplate(enrolled, [candidate(0, 30)], contract, 0.5).enrolment.shots.length, 2)
  t.throws(() => changeTemplate(enrolled, [candidate(0, 0), candidate(1, 100)], contract, 0.5), { code: 'identity_conflict' })
})

t.test('stored shots are not stored again', async t => {
  const enrolled = user([candidate(0, 0, 'old')])
  const { enrolment, duplicates } = changeTemplate(enrolled, [candidate(0, 0, 'old'), candidate(1, 10)], contract, 0.5)
  t.equal(enrolment.shots.length, 2)
  t.strictSame(duplicates.map(({ index }) => index), [0])
  t.equal(changeTemplate(enrolled, [candidate(0, 0, 'old')], contract, 0.5).enrolment.shots.length, 1)
})

t.test('the anchor is kept, and the newest of the added shots', async t => {
  const anchor = changeTemplate(null, [candidate(0, 0, 'anchor-0'), candidate(1, 1, 'anchor-1')], contract, 0.5).enrolment
  t.strictSame(anchor.shots.map(({ anchor }) => anchor), [true, true])
  const added = Array.from({ length: MAX_SHOTS }, (_, index) => candidate(index, index, `old-${index}`))
  const full = changeTemplate(user([], { shots: anchor.shots }), added, contract, 0.5).enrolment
  const { enrolment } = changeTemplate(user([], { shots: full.shots }), [candidate(0, 5), candidate(1, 6)], contract, 0.5)
  t.strictSame(enrolment.shots.map(({ sha256 }) => sha256), ['anchor-0', 'anchor-1', 'old-2', 'old-3', 'old-4', 'sha-0', 'sha-1'])
})

t.test('added shots must match the anchor, not only each other', async t => {
  const anchor = changeTemplate(null, [candidate(0, 0)], contract, 0.5).enrolment
  const { enrolment } = changeTemplate(user([], { shots: anchor.shots }), [candidate(1, 50)], contract, 0.5)
  t.throws(() => changeTemplate(user([], { shots: enrolment.shots }), [candidate(2, 70)], contract, 0.5), { code: 'identity_conflict' })
})

t.test('of shots without a mark the oldest are the anchor', async t => {
  const later = { ...candidate(1, 50, 'later').shot, createdAt: '2026-02-01T00:00:00.000Z' }
  const stored = user([candidate(0, 0, 'first')])
  const { enrolment } = changeTemplate({ ...stored, shots: [...stored.shots, later] }, [candidate(2, 10)], contract, 0.5)
  t.strictSame(enrolment.shots.map(({ sha256, anchor }) => [sha256, anchor]), [['first', true], ['later', undefined], ['sha-2', undefined]])
  t.throws(() => changeTemplate({ ...stored, shots: [...stored.shots, later] }, [candidate(2, 80)], contract, 0.5), { code: 'identity_conflict' })
})

t.test('a template of another model is never compared', async t => {
  t.throws(() => changeTemplate(user([candidate(0, 0)], { contract: { ...contract, model: 'other' } }), [candidate(0, 0)], contract, 0.5), { code: 'reenrol_required', statusCode: 409 })
})
