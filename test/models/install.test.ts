import { execFile } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t, { type Test } from 'tap'
import { InstallError, type InstallErrorCode } from '../../src/models/install-error.ts'
import { installFiles, type InstallProgress } from '../../src/models/install.ts'
import type { RemoteFile } from '../../src/models/manifest.ts'
import { startRegistry, useNpmSettings } from './registry.ts'

/** Two files of a small package on the real registry. */
const code: RemoteFile = {
  file: 'ms/index.js',
  size: 3024,
  sha256: 'e5f0b6a946a9b2b356a28557728410717df54ea2f599edb619f9839df6b7b0e9',
  sources: [{ type: 'npm', package: 'ms', version: '2.1.3', path: 'index.js' }]
}
const licence: RemoteFile = {
  file: 'ms/license.md',
  size: 1079,
  sha256: '1662fae9b5314d11cf51284e2dcd1f006a354f7343f08712a730fcff9a359801',
  sources: [{ type: 'npm', package: 'ms', version: '2.1.3', path: 'license.md' }]
}

/** A file of the test's own registry. */
function weights (text = 'weights', more: Partial<RemoteFile> = {}): RemoteFile {
  return {
    file: 'pack/weights.onnx',
    size: Buffer.byteLength(text),
    sha256: createHash('sha256').update(text).digest('hex'),
    sources: [{ type: 'npm', package: 'weights', version: '1.0.0', path: 'weights.onnx' }],
    ...more
  }
}

async function folder (t: Test): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'install-'))
  t.teardown(() => rm(dir, { recursive: true }))
  return dir
}

function filesIn (dir: string): string[] {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(({ name }) => name)
    .sort()
}

async function failure (t: Test, installing: Promise<unknown>, code: InstallErrorCode): Promise<string> {
  const error = await installing.then(() => undefined, (error: unknown) => error)
  if (!(error instanceof InstallError)) throw new Error(`expected an InstallError ${code}, found ${error}`)
  t.equal(error.code, code, error.message)
  return error.message
}

t.test('files of a published package', async t => {
  useNpmSettings(t, { npm_config_fetch_retries: '2' })
  const dir = await folder(t)
  const seen: InstallProgress[] = []
  t.same(await installFiles([code, licence], { dir, onProgress: progress => seen.push(progress) }), {
    installed: [code.file, licence.file],
    present: []
  })
  t.same(filesIn(dir), ['index.js', 'license.md'])
  t.match(readFileSync(join(dir, licence.file), 'utf8'), 'The MIT License')
  t.match(seen.at(-1), {
    origin: 'npm package ms@2.1.3',
    written: code.size + licence.size,
    total: code.size + licence.size
  })
  t.ok(seen.at(-1)!.downloaded > 0)

  useNpmSettings(t, { npm_config_registry: 'http://127.0.0.1:1' })
  t.same(
    await installFiles([code, licence], { dir }),
    { installed: [], present: [code.file, licence.file] },
    'a second time needs no registry'
  )
})

t.test('packages, versions and paths that do not exist', async t => {
  useNpmSettings(t, { npm_config_fetch_retries: '2' })
  const dir = await folder(t)
  const source = { type: 'npm' as const, package: 'ms', version: '2.1.3', path: 'index.js' }
  await failure(
    t,
    installFiles([{ ...code, sources: [{ ...source, version: '0.0.999' }] }], { dir }),
    'package_not_found'
  )
  t.match(
    await failure(
      t,
      installFiles([{ ...code, sources: [{ ...source, path: 'weights.onnx' }] }], { dir }),
      'path_not_in_package'
    ),
    /no file weights\.onnx/
  )
  t.same(filesIn(dir), [])

  const { url } = await startRegistry(t, 'weights', {})
  useNpmSettings(t, { npm_config_registry: url })
  t.match(await failure(t, installFiles([code], { dir }), 'package_not_found'), /127\.0\.0\.1.*no ms@2\.1\.3/)
})

t.test('one download has all wanted files of a package', async t => {
  const registry = await startRegistry(t, 'weights', { 'a.onnx': 'aaa', 'b.onnx': 'bb', 'c.onnx': 'c' })
  useNpmSettings(t, { npm_config_registry: registry.url })
  const dir = await folder(t)
  const files = ['aaa', 'c'].map(text =>
    weights(text, {
      file: `${text}.onnx`,
      sources: [{ type: 'npm', package: 'weights', version: '1.0.0', path: `${text[0]}.onnx` }]
    })
  )
  await installFiles(files, { dir })
  t.same(filesIn(dir), ['aaa.onnx', 'c.onnx'])
  t.equal(registry.downloads, 1)
})

t.test('a scope has its own registry', async t => {
  const { url } = await startRegistry(t, '@eco/weights', { 'weights.onnx': 'weights' })
  useNpmSettings(t, { npm_config_registry: 'http://127.0.0.1:1' })
  const project = await folder(t)
  writeFileSync(join(project, 'npmrc'), `@eco:registry=${url}\n`)
  useNpmSettings(t, { npm_config_registry: 'http://127.0.0.1:1', npm_config_userconfig: join(project, 'npmrc') })
  const dir = await folder(t)
  await installFiles(
    [
      weights('weights', {
        sources: [{ type: 'npm', package: '@eco/weights', version: '1.0.0', path: 'weights.onnx' }]
      })
    ],
    { dir }
  )
  t.same(filesIn(dir), ['weights.onnx'])
})

t.test('other bytes than the manifest says', async t => {
  const { url } = await startRegistry(t, 'weights', { 'weights.onnx': 'weights' })
  useNpmSettings(t, { npm_config_registry: url })
  const dir = await folder(t)
  const sha = weights().sha256
  const wrongHash = await failure(t, installFiles([weights('weighty')], { dir }), 'wrong_sha256')
  t.match(wrongHash, sha, 'found')
  t.match(wrongHash, weights('weighty').sha256, 'expected')
  t.match(wrongHash, 'npm pack weights@1.0.0', 'how to do it by hand')
  t.match(wrongHash, join(dir, 'pack/weights.onnx'))
  t.match(
    await failure(t, installFiles([weights('weights', { size: 6 })], { dir }), 'wrong_size'),
    /expected 6 bytes, found more than 6/
  )
  t.match(
    await failure(t, installFiles([weights('weights', { size: 8 })], { dir }), 'wrong_size'),
    /expected 8 bytes, found 7/
  )
  t.same(filesIn(dir), [])

  await installFiles([weights()], { dir })
  t.same(filesIn(dir), ['weights.onnx'], 'the right bytes are accepted afterwards')
})

t.test('archives that are not what was published', async t => {
  const dir = await folder(t)
  for (const [what, code, send] of [
    ['cut off', 'damaged_download', (response, archive) => response.end(archive.subarray(0, archive.length / 2))],
    ['not an archive', 'damaged_download', response => response.end('x'.repeat(2000))],
    ['forbidden', 'registry_refused', response => response.writeHead(403).end()],
    ['connection lost', 'registry_unreachable', (response, archive) => {
      response.writeHead(200, { 'content-length': archive.length })
      response.write(archive.subarray(0, archive.length / 2), () => response.destroy())
    }]
  ] satisfies [string, InstallErrorCode, Parameters<typeof startRegistry>[3]][]) {
    const { url } = await startRegistry(t, 'weights', { 'weights.onnx': 'weights' }, send)
    useNpmSettings(t, { npm_config_registry: url })
    await failure(t, installFiles([weights()], { dir }), code)
    t.same(filesIn(dir), [], what)
  }
})

t.test('no registry', async t => {
  useNpmSettings(t, { npm_config_registry: 'http://127.0.0.1:1' })
  const dir = await folder(t)
  t.match(
    await failure(t, installFiles([code], { dir }), 'registry_unreachable'),
    /127\.0\.0\.1:1 could not be reached \(ECONNREFUSED\)/
  )
  t.same(filesIn(dir), [])
})

t.test('stopped by the caller', async t => {
  const dir = await folder(t)
  await failure(t, installFiles([weights()], { dir, signal: AbortSignal.abort() }), 'aborted')

  const text = randomBytes(200_000).toString('hex')
  const { url } = await startRegistry(t, 'weights', { 'weights.onnx': text }, (response, archive) => {
    response.writeHead(200, { 'content-length': archive.length })
    response.write(archive.subarray(0, archive.length - 1000))
  })
  useNpmSettings(t, { npm_config_registry: url })
  const stop = new AbortController()
  const stopped = failure(
    t,
    installFiles([weights(text)], {
      dir,
      signal: stop.signal,
      onProgress: ({ written }) => {
        if (written > 0) stop.abort()
      }
    }),
    'aborted'
  )
  t.match(await stopped, /stopped/)
  t.same(filesIn(dir), [])
})

t.test('a folder that cannot be written', async t => {
  const dir = await folder(t)
  writeFileSync(join(dir, 'ms'), 'a file where the folder should be')
  t.match(await failure(t, installFiles([code], { dir }), 'not_writable'), join(dir, 'ms'))
  t.same(filesIn(dir), ['ms'])
})

t.test('a changed file is reported, never overwritten', async t => {
  const dir = await folder(t)
  mkdirSync(join(dir, 'ms'))
  writeFileSync(join(dir, code.file), 'x'.repeat(code.size))
  t.match(await failure(t, installFiles([code], { dir }), 'file_changed'), /delete it to have it installed again/)
  t.equal(readFileSync(join(dir, code.file), 'utf8'), 'x'.repeat(code.size))
})

t.test('a file without a source that can be fetched', async t => {
  const dir = await folder(t)
  t.match(
    await failure(t, installFiles([weights('weights', { sources: [] })], { dir }), 'no_source'),
    /By hand: .*pack\/weights\.onnx \(7 bytes, sha256 /
  )
  t.same(filesIn(dir), [])
})

t.test('several processes install into one folder', async t => {
  const registry = await startRegistry(t, 'weights', { 'weights.onnx': 'weights' })
  useNpmSettings(t, { npm_config_registry: registry.url })
  const dir = await folder(t)
  const install = `
    import { installFiles } from ${JSON.stringify(new URL('../../src/models/install.ts', import.meta.url).href)}
    await installFiles(${JSON.stringify([weights()])}, { dir: ${JSON.stringify(dir)} })`
  await Promise.all([
    ...[1, 2].map(() => promisify(execFile)(process.execPath, ['--input-type=module', '--eval', install])),
    ...[1, 2, 3].map(() => installFiles([weights()], { dir }))
  ])
  t.same(filesIn(dir), ['weights.onnx'])
  t.equal(readFileSync(join(dir, 'pack/weights.onnx'), 'utf8'), 'weights')
})

t.test('what a killed process left is cleared away, what another is writing is not', async t => {
  const { url } = await startRegistry(t, 'weights', { 'weights.onnx': 'weights' })
  useNpmSettings(t, { npm_config_registry: url })
  const dir = await folder(t)
  mkdirSync(join(dir, 'pack'))
  const stale = join(dir, 'pack/weights.onnx.1.part')
  writeFileSync(stale, 'wei')
  const yesterday = new Date(Date.now() - 24 * 60 * 60 * 1000)
  utimesSync(stale, yesterday, yesterday)
  const fresh = join(dir, 'pack/weights.onnx.2.part')
  writeFileSync(fresh, 'wei')
  await installFiles([weights()], { dir })
  t.notOk(existsSync(stale))
  t.ok(existsSync(fresh))
})
