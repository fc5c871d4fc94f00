import t from 'tap'
import { formatTable } from '../../../scripts/evaluate/table.ts'

t.test('columns line up, numbers to the right', async t => {
  t.equal(
    formatTable({
      title: 'Rates',
      rows: [
        { of: 'some', count: 12, rate: 0.5 },
        { of: 'x', count: 3, rate: null }
      ]
    }),
    ['Rates', '-----', 'of    count  rate', 'some     12  0.5000', 'x         3       -', ''].join('\n')
  )
})

t.test('small rates keep their digits, an empty table says so', async t => {
  t.match(formatTable({ title: 'T', rows: [{ rate: 0.00012 }] }), '1.2e-4')
  t.match(formatTable({ title: 'T', note: 'why', rows: [] }), /why\nnothing to measure/)
})
