import { existsSync, readFileSync, statSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { KEY_FILE_CHECK_MS, openKeyRing } from '../../src/access/key-ring.ts'
import { runKeys } from '../../src/access/keys-cli.ts'
import { findKey, newSecret, parseKeySetting, storedKey } from '../../src/access/keys.ts'
import { ConfigError, loadConfig } from '../../src/config/config.ts'

const noErrors = (error: unknown) => { throw error }

t.test('a key is found by its secret alone, and the secret is not stored', async t => {
  const [a, b] = [newSecret(), newSecret()]
  const keys = [storedKey('a', ['enrol', 'read'], a), storedKey('b', ['admin'], b)]
  t.match(findKey(keys, a), { name: 'a', scopes: ['enrol', 'read'] })
  t.equal(findKey(keys, b)?.name, 'b')
  for (const wrong of ['', a.slice(0, -1), `${a} `, a.toUpperCase(), newSecret(), keys[0]!.hash]) { t.equal(findKey(keys, wrong), null) }
  t.notOk(JSON.stringify(keys).includes(a.slice(8)))
  t.not(storedKey('x', ['read'], a).hash, storedKey('x', ['read'], a).hash, 'each has a salt of its own')
  t.equal(findKey([], a), null)
})

t.test('API_KEYS is read, and a bad one refused without the secret', async t => {
  const secret = newSecret()
  const keys = parseKeySetting(` app:enrol+verify:${secret} , ops:admin:${'s:'.repeat(20)},`)
  t.match(keys, [{ name: 'app', scopes: ['enrol', 'verify'] }, { name: 'ops', scopes: ['admin'] }])
  t.equal(findKey(keys, secret)?.name, 'app')
  t.equal(findKey(keys, 's:'.repeat(20))?.name, 'ops')
  t.same(parseKeySetting(''), [])
  for (const bad of [
    `app:${secret}`,
    secret,
    `app:enrol:${'short'}`,
    `app:enrol+fly:${secret}`,
    `app::${secret}`,
    `a b:enrol:${secret}`,
    `app:enrol:${secret} x`
  ]) {
    const error = t.throws(() => parseKeySetting(bad), ConfigError) as Error
    t.notMatch(error.message, secret.slice(8), bad)
  }
})

t.test('the commands make, list and remove keys that the service takes up while it runs', async t => {
  const config = { API_KEYS: '', API_KEYS_FILE: '', DATA_DIR: join(t.testdir(), 'data') }
  const path = join(config.DATA_DIR, 'api-keys.json')
  let now = 0
  const ring = openKeyRing(config, noErrors, () => now)
  t.equal(ring.configured, false)
  t.match(runKeys(['list'], config), /no keys/)

  const [secret = ''] = runKeys(['add', 'app', '--scope', 'enrol, verify', '--scope', 'read'], config).split('\n')
  t.match(secret, /^eco_[\w-]{43}$/)
  t.equal(statSync(path).mode & 0o777, 0o600)
  t.notOk(readFileSync(path, 'utf8').includes(secret))
  t.equal(ring.find(secret), null, 'not looked at yet')
  now += KEY_FILE_CHECK_MS
  t.match(ring.find(secret), { name: 'app', scopes: ['enrol', 'verify', 'read'] })
  t.equal(ring.configured, true)
  t.match(runKeys(['list'], config), /^app\tenrol,verify,read\t20/)

  const [other = ''] = runKeys(['add', 'ops', '--scope', 'admin'], config).split('\n')
  t.match(runKeys(['remove', 'app'], config), /removed/)
  now += KEY_FILE_CHECK_MS
  t.equal(ring.find(secret), null)
  t.equal(ring.find(other)?.name, 'ops')

  t.match(runKeys(['remove', 'ops'], config), /No key is left/)
  now += KEY_FILE_CHECK_MS
  t.equal(ring.find(other), null)
  t.equal(ring.configured, true, 'a service that had keys never opens by losing them')
  unlinkSync(path)
  now += KEY_FILE_CHECK_MS
  t.equal(ring.configured, true)
  t.equal(openKeyRing(config, noErrors).configured, false, 'until it is started anew')
})

t.test('commands that cannot be say why and write nothing', async t => {
  const config = { API_KEYS_FILE: join(t.testdir(), 'keys.json'), DATA_DIR: 'unused' }
  for (const [args, message] of [
    [[], /Usage/],
    [['add'], /Usage/],
    [['add', 'app'], /scopes out of enrol, verify, read, identify, review, admin; found none/],
    [['add', 'app', '--scope', 'fly'], /found fly/],
    [['add', 'a b', '--scope', 'read'], /1 to 64 letters/],
    [['add', 'app', 'x', '--scope', 'read'], /Usage/],
    [['add', 'app', '--scoop', 'read'], /scoop/],
    [['remove', 'app'], /no key app/]
  ] as [string[], RegExp][]) t.throws(() => runKeys(args, config), { message }, args.join(' '))
  t.notOk(existsSync(config.API_KEYS_FILE))
  runKeys(['add', 'app', '--scope', 'read'], config)
  t.throws(() => runKeys(['add', 'app', '--scope', 'read'], config), { message: /Two API keys have the name app/ })
})

t.test('a key file that is damaged stops the start, and later leaves the keys in use', async t => {
  const path = join(t.testdir(), 'keys.json')
  const config = { API_KEYS: '', API_KEYS_FILE: path, DATA_DIR: 'unused' }
  t.equal(openKeyRing(config, noErrors).configured, true, 'a named file that is missing does not open the service')
  const [secret = ''] = runKeys(['add', 'app', '--scope', 'read'], config).split('\n')
  const errors: unknown[] = []
  let now = 0
  const ring = openKeyRing(config, error => errors.push(error), () => now)

  for (const bad of [
    '',
    '{"keys":',
    '[]',
    '{"keys":[{"name":"x"}]}',
    readFileSync(path, 'utf8').replace('"read"', '"root"')
  ]) {
    writeFileSync(path, bad)
    t.throws(() => openKeyRing(config, noErrors), ConfigError, bad)
  }
  now += KEY_FILE_CHECK_MS
  t.equal(ring.find(secret)?.name, 'app')
  t.match(errors, [{ name: 'ConfigError' }])
  t.throws(() => openKeyRing({ ...config, API_KEYS_FILE: t.testdir({ folder: {} }) }, noErrors), {
    message: /cannot be read/
  })
})

t.test('a key of a tenant is named with it, in the file, the list and the setting', async t => {
  const config = loadConfig({ DATA_DIR: t.testdir(), API_KEYS: `acme/app:verify:${'s'.repeat(40)}` })
  t.match(runKeys(['add', 'phone', '--scope', 'verify', '--tenant', 'acme'], config), /This is the key acme\/phone/)
  t.match(runKeys(['list'], config), /^acme\/phone\tverify/)
  t.throws(() => runKeys(['add', 'other', '--scope', 'verify', '--tenant', '../up'], config), {
    name: 'ConfigError',
    message: /lower-case/
  })
  t.match(openKeyRing(config, () => {}).find('s'.repeat(40)), { name: 'app', tenant: 'acme' })
  t.throws(() => openKeyRing({ ...config, API_KEYS: `a/b/c:verify:${'s'.repeat(40)}` }, () => {}), {
    name: 'ConfigError'
  })
})
