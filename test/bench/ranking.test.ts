import t from 'tap'
import { bestAccuracy, rankingOf, readPairs } from '../../bench/ranking.ts'

t.test('pairs are read, evenly over the file', async t => {
  const text = '2\nAna\t1\t12\nBob\t2\t3\nAna\t1\tBob\t2\nBob\t3\tCy\t100\n'
  t.strictSame(readPairs(text, 4), [
    { names: ['Ana/Ana_0001.jpg', 'Ana/Ana_0012.jpg'], same: true },
    { names: ['Bob/Bob_0002.jpg', 'Bob/Bob_0003.jpg'], same: true },
    { names: ['Ana/Ana_0001.jpg', 'Bob/Bob_0002.jpg'], same: false },
    { names: ['Bob/Bob_0003.jpg', 'Cy/Cy_0100.jpg'], same: false }
  ])
  t.same(readPairs(text, 2).map(({ same }) => same), [true, false])
  t.equal(readPairs(text, 100).length, 4)
})

t.test('the best threshold', async t => {
  const pairs = (same: number[], different: number[]) => [
    ...same.map(likeness => ({ likeness, same: true })),
    ...different.map(likeness => ({ likeness, same: false }))
  ]
  t.equal(bestAccuracy(pairs([0.9, 0.8], [0.1, 0.2])), 1)
  t.equal(bestAccuracy(pairs([0.9, 0.3], [0.1, 0.5])), 0.75)
  t.equal(bestAccuracy(pairs([0.5], [0.5])), 0.5, 'a threshold cannot part what is equal')
  t.equal(bestAccuracy(pairs([0.1], [0.9, 0.8])), 2 / 3, 'all of them different')
})

t.test('the ranking is the area under the ROC curve', async t => {
  const scores = (genuine: number[], others: number[]) => [
    ...genuine.map(score => ({ score, genuine: true })),
    ...others.map(score => ({ score, genuine: false }))
  ]
  t.equal(rankingOf(scores([0.9, 0.8], [0.1])), 1)
  t.equal(rankingOf(scores([0.1], [0.9, 0.2])), 0)
  t.equal(rankingOf(scores([0.5, 0.9], [0.5, 0.1])), 0.875)
})
