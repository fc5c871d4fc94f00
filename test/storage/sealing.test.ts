import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import t from 'tap'
import { ConfigError, loadConfig } from '../../src/config/config.ts'
import { createSealer, newTemplateKey, openSealer, plainSealer } from '../../src/storage/sealing.ts'

const [key, other] = [randomBytes(32), randomBytes(32)]
const plain = Buffer.from('an embedding of a face')

t.test('what was sealed opens in its own context only, and any changed byte shows', async t => {
  const sealer = createSealer(key)
  const sealed = sealer.seal(plain, 'ana')
  t.equal(sealed.bytes.length, plain.length + 28)
  t.notOk(Buffer.from(sealed.bytes).includes('face'))
  t.same(Buffer.from(sealer.open(sealed, 'ana')), plain)
  t.notSame(sealer.seal(plain, 'ana').bytes, sealed.bytes, 'a nonce of its own each time')
  t.throws(() => sealer.open(sealed, 'ben'), { code: 'store_corrupt' })
  for (let index = 0; index < sealed.bytes.length; index++) {
    const bytes = Uint8Array.from(sealed.bytes, (byte, at) => at === index ? byte ^ 1 : byte)
    t.throws(() => sealer.open({ ...sealed, bytes }, 'ana'), { code: 'store_corrupt' }, `byte ${index}`)
  }
  for (const length of [0, 5, 12, 20, 27, 28, sealed.bytes.length - 1]) {
    t.throws(
      () => sealer.open({ ...sealed, bytes: sealed.bytes.subarray(0, length) }, 'ana'),
      { code: 'store_corrupt' },
      `${length} bytes`
    )
  }
  const empty = sealer.seal(new Uint8Array(0), '')
  t.equal(sealer.open(empty, '').length, 0)
})

t.test('old keys read, plain values only without a key or during the rotation', async t => {
  const old = createSealer(key)
  const now = createSealer(other, [key])
  t.same(Buffer.from(now.open(old.seal(plain, 'ana'), 'ana')), plain)
  t.not(now.keyId, old.keyId)
  t.equal(now.seal(plain, 'ana').keyId, now.keyId)
  t.ok(now.opens(old.keyId) && now.opens(now.keyId) && !now.opens(null) && !old.opens(now.keyId))
  t.throws(() => old.open(now.seal(plain, 'ana'), 'ana'), {
    code: 'store_sealed',
    message: new RegExp(String(now.keyId))
  })
  t.throws(() => old.open({ keyId: null, bytes: plain }, 'ana'), { code: 'store_sealed', message: /rotate-templates/ })
  t.same(createSealer(key, [], true).open({ keyId: null, bytes: plain }, 'ana'), plain)
  t.same(plainSealer.open(plainSealer.seal(plain, 'ana'), 'ben'), plain)
})

t.test('keys come in base64 or hex, from a setting or a file', async t => {
  const folder = t.testdir({ 'key.txt': `${key.toString('base64')}\n`, 'bad.txt': 'secret' })
  const id = createSealer(key).keyId
  for (const env of [
    { TEMPLATE_KEY: key.toString('base64') },
    { TEMPLATE_KEY: key.toString('base64url') },
    { TEMPLATE_KEY: key.toString('hex').toUpperCase() },
    { TEMPLATE_KEY_FILE: join(folder, 'key.txt') }
  ]) t.equal(openSealer(loadConfig(env)).keyId, id, Object.keys(env)[0]!)
  t.equal(openSealer(loadConfig({})).keyId, null)
  t.ok(
    openSealer(
      loadConfig({
        TEMPLATE_KEY: newTemplateKey(),
        TEMPLATE_KEYS_OLD: `${other.toString('hex')}, ${key.toString('hex')}`
      })
    ).opens(id)
  )
  for (const env of [
    { TEMPLATE_KEY: 'secret' },
    { TEMPLATE_KEY: key.toString('hex').slice(2) },
    { TEMPLATE_KEYS_OLD: `${key.toString('hex')},secret` },
    { TEMPLATE_KEY_FILE: join(folder, 'bad.txt') },
    { TEMPLATE_KEY_FILE: join(folder, 'missing.txt') },
    { TEMPLATE_KEY: key.toString('hex'), TEMPLATE_KEY_FILE: join(folder, 'key.txt') }
  ]) {
    const error = t.throws(() => openSealer(loadConfig(env)), ConfigError) as Error
    t.notMatch(error.message, 'secret')
    t.notMatch(error.message, key.toString('hex').slice(2))
  }
})
