import t from 'tap'
import { failureReasons } from '../../src/schemas/verify.ts'
import { photoRejections } from '../../src/schemas/signup.ts'

const { default: english } = await import(new URL('../../static/strings.en.js', import.meta.url).href)

t.test('the page has words for every code of the service', async t => {
  for (const code of photoRejections) {
    t.type(english.enrol.reasons[code], 'string', `reason ${code}`)
    t.type(english.enrol.hints[code], 'string', `hint ${code}`)
  }
  for (const reason of failureReasons) t.type(english.verify.next[reason], 'string', `advice for ${reason}`)
})
