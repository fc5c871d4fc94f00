import t from 'tap'
import { normalizeUsername } from '../../src/users/username.ts'

t.test('names of any script are kept, trimmed and normalised', async t => {
  for (const name of ['alice', 'Ana María', 'Zoë_1', '张伟', 'Ольга', 'हिन्दी', 'a.b@c+d-e', '__proto__', 'constructor', 'CON', 'x'.repeat(64)]) {
    t.equal(normalizeUsername(`  ${name} `), name.normalize('NFC'), name)
  }
  t.equal(normalizeUsername('Zoe\u0308'), 'Zo\u00eb', 'a decomposed name equals the composed one')
})

t.test('everything else is refused with the rule', async t => {
  for (const name of ['', '   ', '.', '..', '../../etc/passwd', 'a/b', 'a\\b', 'a\u0000b', 'a\nb', '<script>', 'x'.repeat(65), '😀', '-_-', "a' OR 1=1", '\u202Eabc']) {
    t.throws(() => normalizeUsername(name), { code: 'invalid_username', statusCode: 400 }, JSON.stringify(name))
  }
})
