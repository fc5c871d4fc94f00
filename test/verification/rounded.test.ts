import t from 'tap'
import { rounded } from '../../src/verification/rounded.ts'

t.test('numbers are rounded wherever they stand, everything else stays', async t => {
  const value = {
    score: 0.123456,
    none: null,
    box: [1.00004, -2.00006, 3],
    text: '0.123456',
    nested: { yes: true, missing: undefined }
  }
  t.strictSame(rounded(value), {
    score: 0.1235,
    none: null,
    box: [1, -2.0001, 3],
    text: '0.123456',
    nested: { yes: true, missing: undefined }
  })
  t.equal(value.score, 0.123456, 'the value itself is not changed')
})
