import { readdir, readFile } from 'node:fs/promises'
import t from 'tap'
import { failureReasons } from '../../src/schemas/verdict.ts'
import { photoRejections } from '../../src/schemas/signup.ts'

const folder = new URL('../../static/', import.meta.url)
const { languages } = await import(new URL('language.js', folder).href)
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
    t.same(keysOf(strings).filter(key => !known.has(key)), [], `${file} has no text that is not in strings.en.js`)
    t.same([...known].filter(key => !keysOf(strings).includes(key)), [], `${file} is complete`)
  }
  t.same(files.sort(), Object.keys(languages).filter(code => code !== 'en').map(code => `strings.${code}.js`).sort(), 'language.js names them all')
})

t.test('every language fills the same places, in every plural form that it has', async t => {
  for (const code of Object.keys(languages)) {
    const { default: strings } = await import(new URL(`strings.${code}.js`, folder).href)
    for (const key of keysOf(english)) {
      const [expected, found] = [lookup(english, key), lookup(strings, key)]
      if (Array.isArray(expected)) t.equal((found as string[]).length, expected.length, `${code} ${key}`)
      if (Array.isArray(expected)) continue
      const forms = typeof found === 'string' ? { other: found } : found as Record<string, string>
      if (typeof found !== 'string') {
        // `many` of French and Spanish is for millions.
        const categories = new Intl.PluralRules(code).resolvedOptions().pluralCategories.filter(category => code === 'ar' || category !== 'many')
        t.same(categories.filter(category => !(category in forms)), [], `${code} ${key} has its plural forms`)
      }
      t.same(placeholders(forms.other!), placeholders(typeof expected === 'string' ? expected : (expected as Record<string, string>).other!), `${code} ${key}`)
    }
  }
})

t.test('every text is used by the page', async t => {
  const names = (await readdir(folder)).filter(name => /\.(js|html)$/.test(name) && !name.startsWith('strings.'))
  const source = (await Promise.all(names.map(name => readFile(new URL(name, folder), 'utf8')))).join('\n')
  const literals = new Set([...source.matchAll(/['"]([\w.-]+\.[\w.-]+)['"]/g)].map(([, key]) => key))
  const patterns = [...source.matchAll(/`([\w.]+\.[^`]*)`/g)].map(([, template]) => new RegExp(`^${template!.replaceAll('.', '\\.').replace(/\$\{.*?\}(?!\})/g, '[\\w-]+')}$`))
  const unused = keysOf(english).filter(key => !literals.has(key) && !patterns.some(pattern => pattern.test(key)))
  t.same(unused, [])
})

/** Names in braces, in order of the alphabet. */
function placeholders (text: string): string[] {
  return [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!).sort()
}

function lookup (tree: object, key: string): unknown {
  return key.split('.').reduce<unknown>((branch, name) => (branch as Record<string, unknown>)[name], tree)
}

/** Dotted keys of every text; plural forms, which differ from language to language, count as one text. */
function keysOf (tree: object, prefix = ''): string[] {
  return Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'object' && !Array.isArray(value) && !('other' in value && 'one' in value) ? keysOf(value, `${prefix}${key}.`) : [`${prefix}${key}`])
}
