import { readdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import t, { type Test } from 'tap'
import { closest } from '../../src/config/closest.ts'
import { loadConfig } from '../../src/config/config.ts'
import { readEnvironment, unknownNames } from '../../src/config/environment.ts'
import { projectFolder } from '../../src/config/project-folder.ts'
import { temporaryFolder } from '../helpers/temporary-folder.ts'

/** The text in the encodings that editors write. */
const encodings: Record<string, (text: string) => Buffer> = {
  'UTF-8': text => Buffer.from(text),
  'UTF-8 with a byte-order mark': text => Buffer.from(`\ufeff${text}`),
  'UTF-16 little-endian': text => Buffer.from(`\ufeff${text}`, 'utf16le'),
  'UTF-16 big-endian': text => Buffer.from(`\ufeff${text}`, 'utf16le').swap16()
}

function write (t: Test, bytes: Buffer | string): string {
  const path = join(temporaryFolder(t), '.env')
  writeFileSync(path, bytes)
  return path
}

for (const [name, encode] of Object.entries(encodings)) {
  t.test(`the first setting of a file in ${name} counts`, async t => {
    const env = readEnvironment({}, write(t, encode('PORT=5001\r\nHOST="::1"\n# Größe\nMAX_FACES=3\n')))
    t.match(loadConfig(env), { PORT: 5001, HOST: '::1', MAX_FACES: 3 })
  })
}

t.test('what is no text is refused by name', async t => {
  for (const bytes of [
    Buffer.from('PORT=5001\n', 'utf16le'),
    Buffer.from('HOST=gr\xf6\xdfe', 'latin1'),
    Buffer.from([0xff, 0xfe, 0x41])
  ]) {
    t.throws(() => readEnvironment({}, write(t, bytes)), {
      name: 'ConfigError',
      message: /\.env is expected to be UTF-8 text.*save it as UTF-8/
    })
  }
  t.throws(() => readEnvironment({}, temporaryFolder(t)), { name: 'ConfigError', message: /cannot be read/ })
})

t.test('a variable that is set already wins, and a missing file is none', async t => {
  t.match(readEnvironment({ PORT: '1' }, write(t, 'PORT=2\nHOST=localhost')), { PORT: '1', HOST: 'localhost' })
  t.same(readEnvironment({ PORT: '1' }, join(temporaryFolder(t), 'none')), { PORT: '1' })
})

t.test('a misspelt setting is named with the right one', async t => {
  for (const [wrong, right] of [
    ['LIVENESS_TRESHOLD', 'LIVENESS_THRESHOLD'],
    ['API_KEY', 'API_KEYS'],
    ['port', 'PORT'],
    ['LOGLEVEL', 'LOG_LEVEL'],
    ['CORS_ORIGIN', 'CORS_ORIGINS'],
    ['EXPOSE_SCORSE', 'EXPOSE_SCORES']
  ] as [string, string][]) {
    t.throws(
      () => readEnvironment({}, write(t, `HOST=::1\n${wrong}=1`)),
      { name: 'ConfigError', message: new RegExp(`\\.env: there is no setting ${wrong}; did you mean ${right}\\?`) },
      wrong
    )
  }
  const others =
    'HTTPS_PROXY=http://proxy\nNODE_ENV=production\nPGPORT=5432\nPOSTGRES_PASSWORD=x\nTZ=UTC\nOTEL_SERVICE_NAME=eco'
  const path = write(t, `${others}\nMY_SECRET_SAUCE=1`)
  t.equal(readEnvironment({}, path).TZ, 'UTC', 'variables of other programs stay')
  t.same(unknownNames(path), ['MY_SECRET_SAUCE'])
})

t.test('relative paths start at the project, wherever the process was started', async t => {
  const before = process.cwd()
  t.teardown(() => process.chdir(before))
  process.chdir(temporaryFolder(t))
  const config = loadConfig({
    DATA_DIR: 'here',
    API_KEYS_FILE: './keys.json',
    MODEL_MIRROR: 'https://example.org/models/'
  })
  t.equal(config.DATA_DIR, resolve(projectFolder, 'here'))
  t.equal(config.API_KEYS_FILE, resolve(projectFolder, 'keys.json'))
  t.equal(config.TASKS_FILE, resolve(projectFolder, 'config/tasks.json'))
  t.equal(config.MODEL_MIRROR, 'https://example.org/models/')
  t.equal(config.TEMPLATE_KEY_FILE, '', 'not set')
  t.equal(loadConfig({ MODELS_DIR: '/srv/models' }).MODELS_DIR, '/srv/models')
  t.ok(readdirSync(projectFolder).includes('package.json'))
})

t.test('only a slip has a closest name', async t => {
  t.equal(closest('imags', ['images', 'json']), 'images')
  t.equal(closest('iamges', ['images', 'json']), 'images', 'neighbours that changed places are one slip')
  t.equal(closest('photos', ['images', 'json']), null)
  t.equal(closest('x', []), null)
})
