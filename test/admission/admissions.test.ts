import t from 'tap'
import { type Admission, createAdmissions } from '../../src/admission/admissions.ts'

/** Reserves until refused. */
function fill (reserve: (client: string) => Admission, client: string): Admission[] {
  const admissions: Admission[] = []
  try {
    for (;;) admissions.push(reserve(client))
  } catch {
    return admissions
  }
}

t.test('one client leaves room for others, who get as much in time', async t => {
  const { reserve, taken } = createAdmissions(64, () => 1)
  const flood = fill(reserve, 'flood')
  t.equal(flood.length, 48)
  t.throws(() => reserve('flood'), { code: 'overloaded', message: /Your requests hold 48 of the 64/ })
  const ana = fill(reserve, 'ana')
  t.equal(ana.length, 12)
  t.ok(fill(reserve, 'ben').length > 0, 'and a third one finds room as well')
  for (let i = 0; i < 200; i++) {
    flood.shift()?.release()
    flood.push(...fill(reserve, 'flood'))
    ana.push(...fill(reserve, 'ana'))
  }
  t.ok(ana.length >= flood.length - 1, `${ana.length} and ${flood.length}`)
  for (const admission of [...flood, ...ana]) admission.release()
  t.equal(taken(), 3)
})

t.test('a small queue is used as a whole', async t => {
  for (const max of [1, 2, 3]) t.equal(fill(createAdmissions(max, () => 1).reserve, 'ana').length, max)
})

t.test('each photo counts, also beyond the limit; released once', async t => {
  const { reserve, taken } = createAdmissions(4, photos => photos / 2)
  const signup = reserve('ana')
  signup.count(5)
  t.equal(taken(), 5)
  t.throws(() => reserve('ben'), { code: 'overloaded', message: /All 4 slots/, headers: { 'retry-after': '3' } })
  signup.release()
  signup.release()
  signup.count(3)
  t.equal(taken(), 0)
  reserve('ben').count(0)
  t.equal(taken(), 1, 'a form without a photo has its slot until it is refused')
})
