import t from 'tap'
import TestReporter from '../../scripts/test-reporter.ts'

async function reported (tap: string): Promise<string> {
  const reporter = new TestReporter()
  reporter.end(tap)
  let text = ''
  for await (const chunk of reporter) text += String(chunk)
  return text
}

const file = (number: number, seconds: number, ok = true) =>
  `${ok ? 'ok' : 'not ok'} ${number} - test/${number}.test.ts # time=${seconds * 1000}ms {\n    ${ok ? 'ok' : 'not ok'} 1 - inner\n    1..1\n}\n\n`

t.test('names what failed, and nothing of what passed', async t => {
  const text = await reported(`TAP version 14\n${file(1, 1)}${file(2, 2, false)}1..2\n`)
  t.match(text, /^FAILED test\/2\.test\.ts\n\nFAILED test\/2\.test\.ts > inner\n/)
  t.match(text, /\n2 files, 1 failed\. 1 assertions passed, 1 failed, 0 skipped\.\n$/)
  t.notMatch(text, 'test/1.test.ts')
})

t.test('lists the slowest of many files', async t => {
  const text = await reported(`TAP version 14\n${Array.from({ length: 12 }, (_, i) => file(i + 1, i + 1)).join('')}1..12\n`)
  const listed = [...text.matchAll(/^ +(\d+) s {2}test\/(\d+)\.test\.ts$/gm)].map(([, seconds, name]) => [seconds, name])
  t.same(listed, Array.from({ length: 10 }, (_, i) => [String(12 - i), String(12 - i)]))
})
