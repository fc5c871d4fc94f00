import t from 'tap'
import { nameKeys, normalizeUsername, refuseInvisible } from '../../src/users/username.ts'

t.test('names of any script are kept, trimmed and normalised', async t => {
  for (const name of [
    'alice',
    'Ana María',
    'Zoë_1',
    '张伟',
    'Ольга',
    'हिन्दी',
    'a.b@c+d-e',
    '__proto__',
    'constructor',
    'CON',
    'x'.repeat(64)
  ]) {
    t.equal(normalizeUsername(`  ${name} `), name.normalize('NFC'), name)
  }
  t.equal(normalizeUsername('Zoe\u0308'), 'Zo\u00eb', 'a decomposed name equals the composed one')
})

t.test('everything else is refused with the rule', async t => {
  for (const name of [
    '',
    '   ',
    '.',
    '..',
    '../../etc/passwd',
    'a\u200Bb',
    'a\u200Db',
    'a/b',
    'a\\b',
    'a\u0000b',
    'a\nb',
    '<script>',
    'x'.repeat(65),
    '😀',
    '-_-',
    "a' OR 1=1",
    '\u202Eabc'
  ]) {
    t.throws(() => normalizeUsername(name), { code: 'invalid_username', statusCode: 400 }, JSON.stringify(name))
  }
})

t.test(
  'apostrophes, joiners inside words, foreign spaces and the separators of identity providers are accepted',
  async t => {
    for (const name of [
      "O'Brien",
      'D\u2019Angelo',
      'Gal\u00B7la',
      'auth0|5f7c8ec7c33c6c004bbafe82',
      'urn:oid:1.2',
      '\u0645\u06CC\u200C\u062E\u0648\u0627\u0647\u0645',
      '\u0DC1\u0DCA\u200D\u0DBB\u0DD3'
    ]) {
      t.equal(normalizeUsername(name), name.normalize('NFC'), name)
      refuseInvisible(normalizeUsername(name))
    }
    t.equal(normalizeUsername('\u3000\u5C71\u7530\u3000\u592A\u90CE\u00A0'), '\u5C71\u7530 \u592A\u90CE')
  }
)

t.test('the message names the character that is not accepted', async t => {
  for (const [name, said] of [
    ['a=b', 'U+003D EQUALS SIGN at position 2'],
    ['ana\u200B', 'U+200B ZERO WIDTH SPACE at position 4'],
    ['\u{1F600}', 'U+1F600 GRINNING FACE'],
    ['a\u202Eb', 'U+202E RIGHT-TO-LEFT OVERRIDE']
  ] as const) {
    t.throws(() => normalizeUsername(name), {
      code: 'invalid_username',
      message: new RegExp(said.replaceAll('+', '\\+'))
    })
  }
  t.throws(() => refuseInvisible(normalizeUsername('ana\uFE0F')), {
    code: 'invalid_username',
    message: /U\+FE0F VARIATION SELECTOR-16 at position 4, which cannot be seen/
  })
  t.throws(() => refuseInvisible(normalizeUsername('ana\u3164')), { message: /U\+3164 HANGUL FILLER/ })
})

t.test('case, width and what cannot be seen make no different names; names that look alike have one skeleton', async t => {
  for (const [one, other] of [
    ['Anna', 'anna'],
    ['\uFF21nna', 'anna'],
    ['an\uFE0Fna', 'anna'],
    ['Zo\u00EB', 'ZO\u00CB']
  ] as const) { t.equal(nameKeys(one).lookup, nameKeys(other).lookup, other) }
  t.not(nameKeys('\u0430nna').lookup, nameKeys('anna').lookup)
  for (const [one, other] of [
    ['\u0430nna', 'anna'],
    ['Iris', 'lris'],
    ['arnold', 'amold'],
    ["O'Brien", 'O\u2019Brien'],
    ['user0', 'userO']
  ] as const) { t.equal(nameKeys(one).skeleton, nameKeys(other).skeleton, other) }
  for (const [one, other] of [
    ['anna', 'anne'],
    ['\u5C71\u7530', '\u5C71\u672C']
  ] as const) { t.not(nameKeys(one).skeleton, nameKeys(other).skeleton) }
})
