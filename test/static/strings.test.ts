import { readdir } from 'node:fs/promises'
import t from 'tap'
import { failureReasons } from '../../src/schemas/verdict.ts'
import { photoRejections } from '../../src/schemas/signup.ts'

const { default: english } = await import(new URL('../../static/strings.en.js', import.meta.url).href)

t.test('the page has words for every code of the service', async t => {
  for (const code of photoRejections) {
    t.type(english.enrol.reasons[code], 'string', `reason ${code}`)
    t.type(english.enrol.hints[code], 'string', `hint ${code}`)
  }
  for (const reason of failureReasons) t.type(english.verify.next[reason], 'string', `advice for ${reason}`)
})

t.test('every other language has texts that the page knows', async t => {
  const files = (await readdir(new URL('../../static/', import.meta.url))).filter(name => /^strings\.(?!en\.)\w+\.js$/.test(name))
  for (const file of files) {
    const { default: strings } = await import(new URL(`../../static/${file}`, import.meta.url).href)
    const known = new Set(keysOf(english))
    t.same(keysOf(strings).filter(key => !known.has(key)), [], `${file} has no text that strings.en.js lacks`)
    t.same([...known].filter(key => !keysOf(strings).includes(key)), [], `${file} is complete`)
  }
})

/** Dotted keys of every text; plural forms, which differ from language to language, count as one text. */
function keysOf (tree: object, prefix = ''): string[] {
  return Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'object' && !Array.isArray(value) && !('other' in value && 'one' in value) ? keysOf(value, `${prefix}${key}.`) : [`${prefix}${key}`])
}
