import t from 'tap'
import { withSections } from '../../bench/results.ts'

const document = '# Benchmark\n\nold head\n\n## Start\n\nold\n\n## GPU\n\nnone\n\n### of 2\n\n## Overload and crashes\n\nsoak\n'

t.test('a full run leaves what it did not measure', async t => {
  t.equal(
    withSections(document, [{ title: 'Start', text: 'new\n' }, { title: 'Scenes', text: 'first' }], '# Benchmark\n\nnew head'),
    '# Benchmark\n\nnew head\n\n## Start\n\nnew\n\n## GPU\n\nnone\n\n### of 2\n\n## Overload and crashes\n\nsoak\n\n## Scenes\n\nfirst\n'
  )
})

t.test('a run of its own replaces its section and leaves the head', async t => {
  t.equal(withSections(document, [{ title: 'GPU', text: 'one' }]), document.replace('none\n\n### of 2', 'one'))
  t.equal(withSections(document, []), document)
})
