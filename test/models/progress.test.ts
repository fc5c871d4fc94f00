import { PassThrough } from 'node:stream'
import t from 'tap'
import { megabytes, reportProgress } from '../../src/models/progress.ts'

function output (isTTY: boolean) {
  const out = Object.assign(new PassThrough({ encoding: 'utf8' }), {
    isTTY,
    columns: 120,
    cursorTo () {},
    clearLine () {}
  })
  return { stream: out as unknown as NodeJS.WriteStream, text: () => String(out.read() ?? '') }
}

const progress = { origin: 'npm package weights@1.0.0', written: 5_000_000, total: 20_000_000, downloaded: 7_340_000 }

t.test('megabytes', async t => {
  t.equal(megabytes(21_923_525), '21.9 MB')
  t.equal(megabytes(0), '0.0 MB')
})

t.test('a bar with sizes on a terminal', async t => {
  const { stream, text } = output(true)
  const report = reportProgress(stream)
  report.onProgress(progress)
  report.stop()
  t.match(text(), /█+░+ 5\.0 MB of 20\.0 MB, 7\.3 MB downloaded \| npm package weights@1\.0\.0/)
})

t.test('a line for each origin elsewhere', async t => {
  const { stream, text } = output(false)
  const report = reportProgress(stream)
  for (let i = 0; i < 100; i++) report.onProgress(progress)
  report.onProgress({ ...progress, origin: 'npm package others@2.0.0' })
  report.stop()
  t.equal(text(), 'Installing from npm package weights@1.0.0: 5.0 MB of 20.0 MB, 7.3 MB downloaded\n' +
    'Installing from npm package others@2.0.0: 5.0 MB of 20.0 MB, 7.3 MB downloaded\n')
})

t.test('nothing to install shows nothing', async t => {
  for (const isTTY of [true, false]) {
    const { stream, text } = output(isTTY)
    reportProgress(stream).stop()
    t.equal(text(), '')
  }
})
