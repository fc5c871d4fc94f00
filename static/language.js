/** Picks the language of the page and gives out its texts. */

/** The languages that have a file strings.<code>.js, by their own names; `rtl` ones are written from right to left. */
export const languages = {
  en: { name: 'English', rtl: false },
  de: { name: 'Deutsch', rtl: false },
  fr: { name: 'Français', rtl: false },
  es: { name: 'Español', rtl: false },
  hi: { name: 'हिन्दी', rtl: false },
  ar: { name: 'العربية', rtl: true }
}

let strings = {}
/** For what a language that is not in the list yet leaves out; those in it are complete. */
let english = {}
let language = 'en'

/**
 * Loads the strings named by ?lang=, else of the first language of the browser that has a file; no other file is asked
 * for. Without one the page is English.
 */
export async function loadLanguage () {
  const asked = new URLSearchParams(location.search).get('lang')
  const found = asked === null ? navigator.languages.map(codeOf).find(code => code in languages) : codeOf(asked)
  const code = /^[a-z]{2,3}$/.test(found) ? found : 'en'
  try {
    strings = await stringsOf(code)
    language = code
    if (!(code in languages)) english = await stringsOf('en')
  } catch {
    strings = await stringsOf('en')
  }
  document.documentElement.lang = language
  document.documentElement.dir = languages[language]?.rtl ? 'rtl' : 'ltr'
}

async function stringsOf (code) {
  return (await import(`./strings.${code}.js`)).default
}

/** `pt` of `pt-BR`. */
function codeOf (tag) {
  return tag.toLowerCase().split('-')[0]
}

/** The text behind a dotted key with its `{placeholders}` filled; `count` chooses the plural form. */
export function text (key, values = {}) {
  const found = lookup(strings, key) ?? lookup(english, key)
  if (found === undefined) throw new Error(`strings.${language}.js has no text ${key}`)
  const template =
    typeof found === 'string' ? found : (found[new Intl.PluralRules(language).select(values.count)] ?? found.other)
  return template.replace(/\{(\w+)\}/g, (placeholder, name) => {
    const value = values[name]
    return typeof value === 'number' ? number(value) : value ?? placeholder
  })
}

/** The text behind a key, or that of another key when the strings have none (codes that a newer server may send). */
export function textOr (fallback, key, values) {
  const known = lookup(strings, key) ?? lookup(english, key)
  return text(known === undefined ? fallback : key, values)
}

/** A list of texts, for example the poses. */
export function texts (key) {
  return lookup(strings, key) ?? lookup(english, key)
}

export function number (value, digits = 0) {
  // Never "-0.00", which a small negative number would be rounded to.
  return value.toLocaleString(language, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
    signDisplay: 'negative'
  })
}

export function percent (share) {
  return share.toLocaleString(language, { style: 'percent', maximumFractionDigits: 0 })
}

export function date (iso) {
  return new Date(iso).toLocaleString(language, { dateStyle: 'medium', timeStyle: 'short' })
}

/** The time of the day, for a moment that is near. */
export function clock (moment) {
  return new Date(moment).toLocaleTimeString(language, { timeStyle: 'short' })
}

export function day (iso) {
  return new Date(iso).toLocaleDateString(language, { dateStyle: 'medium' })
}

/** Lets the person choose; the page starts again in the chosen language, which its address then names. */
export function offerLanguages (select) {
  for (const [code, { name }] of Object.entries(languages)) {
    const option = document.createElement('option')
    Object.assign(option, { value: code, textContent: name, lang: code, selected: code === language })
    select.append(option)
  }
  select.addEventListener('change', () => {
    const address = new URL(location.href)
    address.searchParams.set('lang', select.value)
    location.assign(address)
  })
}

/** Seconds in the two largest fitting units of time. */
export function duration (seconds) {
  const units = [['day', 86400], ['hour', 3600], ['minute', 60], ['second', 1]]
  const first = units.findIndex(([, size]) => seconds >= size)
  if (first === -1) return unit(0, 'second')
  const parts = []
  let rest = Math.floor(seconds)
  for (const [name, size] of units.slice(first, first + 2)) {
    const amount = Math.floor(rest / size)
    rest -= amount * size
    if (amount > 0) parts.push(unit(amount, name))
  }
  return parts.join(' ')
}

/** Fills the texts, labels and placeholders that the HTML names. */
export function translatePage () {
  for (const node of document.querySelectorAll('[data-text]')) node.textContent = text(node.dataset.text)
  for (const node of document.querySelectorAll('[data-label]')) { node.setAttribute('aria-label', text(node.dataset.label)) }
}

function unit (amount, name) {
  return amount.toLocaleString(language, { style: 'unit', unit: name, unitDisplay: 'long' })
}

function lookup (tree, key) {
  return key.split('.').reduce((branch, name) => branch?.[name], tree)
}
