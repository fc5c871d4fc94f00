import t from 'tap'
import { type Candidate, changeTemplate, MAX_SHOTS } from '../../src/enrolment/template.ts'
import type { User } from '../../src/storage/store.ts'

const contract = { model: 'm', preprocessing: '1', dimension: 2 }
/** A right angle is cosine 0. */
const rules = { similarity: 0.5, agreement: 0.3 }
const towards = (degrees: number) =>
  Float32Array.from([Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)])
const candidate = (index: number, degrees: number, sha256 = `sha-${index}`): Candidate => ({
  index, filename: `${index}.jpg`, shot: { sha256, embedding: towards(degrees), createdAt: '2026-01-01T00:00:00.000Z' }
})
const user = (shots: Candidate[], change: Partial<User> = {}): User => ({
  username: 'u', createdAt: '', updatedAt: '', contract, consent: null, shots: shots.map(({ shot }) => shot), ...change
})

t.test('a new user takes all shots of one person', async t => {
  const { enrolment, duplicates } = changeTemplate(null, [candidate(0, 0), candidate(1, 20)], contract, rules)
  t.equal(enrolment.shots.length, 2)
  t.strictSame(duplicates, [])
})

t.test('a stranger among the shots stops the whole request and is named', async t => {
  t.throws(() => changeTemplate(null, [candidate(0, 0), candidate(1, 10), candidate(2, 120)], contract, rules), {
    code: 'identity_conflict', statusCode: 409, details: { rejected: [{ index: 2, code: 'not_same_person' }] }
  })
})

t.test('photos of a first enrolment are held to the agreement, added ones to the similarity', async t => {
  // cos 65 degrees = 0.42
  t.equal(changeTemplate(null, [candidate(0, 0), candidate(1, 65)], contract, rules).enrolment.shots.length, 2)
  t.throws(() => changeTemplate(null, [candidate(0, 0), candidate(1, 75)], contract, rules), {
    code: 'identity_conflict'
  })
  t.throws(() => changeTemplate(user([candidate(0, 0, 'old')]), [candidate(1, 65)], contract, rules), {
    code: 'identity_conflict'
  })
})

t.test('the odd photo is named, and let go where the sender wants it', async t => {
  const photos = [candidate(0, 0), candidate(1, 120), candidate(2, 10)]
  t.throws(() => changeTemplate(null, photos, contract, rules), {
    message: /Photo 2 \(1\.jpg\) does not match the others/
  })
  const { enrolment, odd } = changeTemplate(null, photos, contract, { ...rules, partial: true })
  t.strictSame(enrolment.shots.map(({ sha256 }) => sha256), ['sha-0', 'sha-2'])
  t.strictSame(odd.map(({ index }) => index), [1])

  const partial = { ...rules, partial: true }
  t.throws(
    () => changeTemplate(null, photos.slice(0, 2), contract, partial),
    { code: 'identity_conflict' },
    'of two nobody can say which one is odd'
  )
  t.throws(
    () => changeTemplate(null, [candidate(0, 0), candidate(1, 120), candidate(2, 240)], contract, partial),
    { code: 'identity_conflict' },
    'three people'
  )
  t.throws(
    () => changeTemplate(user([candidate(0, 0, 'old')]), photos, contract, partial),
    { code: 'identity_conflict' },
    'an added photo must match, or a stranger could try many'
  )
})

t.test('an existing user accepts only the same person', async t => {
  const enrolled = user([candidate(0, 0, 'old')])
  t.equal(changeTemplate(enrolled, [candidate(0, 30)], contract, rules).enrolment.shots.length, 2)
  t.throws(() => changeTemplate(enrolled, [candidate(0, 0), candidate(1, 100)], contract, rules), {
    code: 'identity_conflict'
  })
})

t.test('stored shots are not stored again', async t => {
  const enrolled = user([candidate(0, 0, 'old')])
  const { enrolment, duplicates } = changeTemplate(
    enrolled,
    [candidate(0, 0, 'old'), candidate(1, 10)],
    contract,
    rules
  )
  t.equal(enrolment.shots.length, 2)
  t.strictSame(duplicates.map(({ index }) => index), [0])
  t.equal(changeTemplate(enrolled, [candidate(0, 0, 'old')], contract, rules).enrolment.shots.length, 1)
})

t.test('the anchor is kept, and the newest of the added shots', async t => {
  const anchor = changeTemplate(
    null,
    [candidate(0, 0, 'anchor-0'), candidate(1, 1, 'anchor-1')],
    contract,
    rules
  ).enrolment
  t.strictSame(anchor.shots.map(({ anchor }) => anchor), [true, true])
  const added = Array.from({ length: MAX_SHOTS }, (_, index) => candidate(index, index, `old-${index}`))
  const full = changeTemplate(user([], { shots: anchor.shots }), added, contract, rules).enrolment
  const { enrolment } = changeTemplate(
    user([], { shots: full.shots }),
    [candidate(0, 5), candidate(1, 6)],
    contract,
    rules
  )
  t.strictSame(
    enrolment.shots.map(({ sha256 }) => sha256),
    ['anchor-0', 'anchor-1', 'old-2', 'old-3', 'old-4', 'sha-0', 'sha-1']
  )
})

t.test('added shots must match the anchor, not only each other', async t => {
  const anchor = changeTemplate(null, [candidate(0, 0)], contract, rules).enrolment
  const { enrolment } = changeTemplate(user([], { shots: anchor.shots }), [candidate(1, 50)], contract, rules)
  t.throws(() => changeTemplate(user([], { shots: enrolment.shots }), [candidate(2, 70)], contract, rules), {
    code: 'identity_conflict'
  })
})

t.test('of shots without a mark the oldest are the anchor', async t => {
  const later = { ...candidate(1, 50, 'later').shot, createdAt: '2026-02-01T00:00:00.000Z' }
  const stored = user([candidate(0, 0, 'first')])
  const { enrolment } = changeTemplate(
    { ...stored, shots: [...stored.shots, later] },
    [candidate(2, 10)],
    contract,
    rules
  )
  t.strictSame(
    enrolment.shots.map(({ sha256, anchor }) => [sha256, anchor]),
    [
      ['first', true],
      ['later', undefined],
      ['sha-2', undefined]
    ]
  )
  t.throws(() => changeTemplate({ ...stored, shots: [...stored.shots, later] }, [candidate(2, 80)], contract, rules), {
    code: 'identity_conflict'
  })
})

t.test('a template of another model is never compared', async t => {
  t.throws(
    () =>
      changeTemplate(
        user([candidate(0, 0)], { contract: { ...contract, model: 'other' } }),
        [candidate(0, 0)],
        contract,
        rules
      ),
    { code: 'reenrol_required', statusCode: 409 }
  )
})
