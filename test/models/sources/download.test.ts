import { createHash, randomBytes } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { InstallError, type InstallErrorCode } from '../../../src/models/install-error.ts'
import { installFiles } from '../../../src/models/install.ts'
import type { RemoteFile, Source } from '../../../src/models/manifest.ts'
import { cut, startFileServer } from '../../helpers/file-server.ts'
import { temporaryFolder } from '../../helpers/temporary-folder.ts'
import { writeZip } from '../../helpers/zip-writer.ts'

function wanted (bytes: Buffer, sources: Source[], file = 'pack/weights.onnx'): RemoteFile {
  return { file, size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex'), sources }
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

const weights = randomBytes(300_000)
const others = randomBytes(1000)

t.test('a file at its own address, and files out of one zip', async t => {
  const zip = writeZip([
    { name: 'weights.onnx', data: weights, deflate: true },
    { name: 'unwanted.onnx', data: others },
    { name: 'inner/others.onnx', data: others }
  ])
  const { url, requests } = await startFileServer(t, { 'plain.onnx': weights, 'pack.zip': zip })
  const dir = temporaryFolder(t)
  await installFiles([wanted(weights, [{ type: 'https', url: `${url}/plain.onnx` }])], { dir })
  t.ok(readFileSync(join(dir, 'pack/weights.onnx')).equals(weights))

  const second = temporaryFolder(t)
  await installFiles([
    wanted(weights, [{ type: 'https', url: `${url}/pack.zip`, path: 'weights.onnx' }]),
    wanted(others, [{ type: 'https', url: `${url}/pack.zip`, path: 'others.onnx' }], 'pack/others.onnx')
  ], { dir: second })
  t.same(filesIn(second), ['others.onnx', 'weights.onnx'], 'neither the archive nor the other member stays')
  t.equal(requests.filter(request => request.includes('pack.zip')).length, 1)
})

t.test('a cut connection is continued, in this run and in the next', async t => {
  let breakAt = [100_000, 200_000]
  const { url, requests } = await startFileServer(t, { 'plain.onnx': weights }, (request, response, bytes) => {
    const to = breakAt.shift()
    if (to === undefined) return false
    cut(response, bytes, Number(/\d+/.exec(request.headers.range ?? '0')), to)
    return true
  })
  const file = wanted(weights, [{ type: 'https', url: `${url}/plain.onnx` }])
  const dir = temporaryFolder(t)
  await installFiles([file], { dir })
  t.same(requests, ['GET /plain.onnx', 'GET /plain.onnx bytes=100000-', 'GET /plain.onnx bytes=200000-'])
  t.same(filesIn(dir), ['weights.onnx'])

  const next = temporaryFolder(t)
  breakAt = [50_000, 50_000, 50_000, 50_000, 50_000, 50_000]
  const message = await failure(t, installFiles([file], { dir: next }), 'source_unreachable')
  for (const told of ['pack/weights.onnx', `${url}/plain.onnx`, file.sha256, join(next, 'pack/weights.onnx')]) { t.match(message, told) }
  t.notMatch(filesIn(next), ['weights.onnx'])
  breakAt = []
  requests.length = 0
  await installFiles([file], { dir: next })
  t.same(requests, ['GET /plain.onnx bytes=50000-'])
  t.same(filesIn(next), ['weights.onnx'])
})

t.test('what was left of another file is not mixed in', async t => {
  const { url } = await startFileServer(t, { 'plain.onnx': weights })
  const address = `${url}/plain.onnx`
  for (const left of [others, Buffer.concat([weights, others])]) {
    const dir = temporaryFolder(t)
    mkdirSync(join(dir, 'cache/downloads'), { recursive: true })
    writeFileSync(
      join(dir, 'cache/downloads', `${createHash('sha256').update(address).digest('hex').slice(0, 32)}.part`),
      left
    )
    await installFiles([wanted(weights, [{ type: 'https', url: address }])], { dir })
    t.ok(readFileSync(join(dir, 'pack/weights.onnx')).equals(weights))
    t.same(filesIn(dir), ['weights.onnx'])
  }
})

t.test('wrong answers', async t => {
  const { url } = await startFileServer(t, {
    'other.onnx': Buffer.from(others),
    'cut.zip': writeZip([{ name: 'weights.onnx', data: weights }]).subarray(0, 200_000),
    'lies.zip': writeZip([{ name: 'weights.onnx', data: weights, claimedSize: 299_000, deflate: true }]),
    'escape.zip': writeZip([{ name: '../../weights.onnx', data: weights }]),
    'absolute.zip': writeZip([{ name: '/tmp/weights.onnx', data: weights }]),
    'bomb.zip': writeZip([{ name: 'weights.onnx', data: Buffer.alloc(64 << 20), deflate: true }]),
    'wrong.zip': writeZip([{ name: 'weights.onnx', data: others }]),
    'empty.zip': writeZip([]),
    busy: Buffer.alloc(1),
    forbidden: Buffer.alloc(1)
  }, (request, response) => {
    const status = { '/busy': 503, '/forbidden': 403 }[request.url!]
    if (status !== undefined) response.writeHead(status).end()
    return status !== undefined
  })
  for (const [name, code] of [
    ['other.onnx', 'wrong_size'],
    ['cut.zip', 'damaged_download'],
    ['lies.zip', 'damaged_download'],
    ['escape.zip', 'damaged_download'],
    ['absolute.zip', 'damaged_download'],
    ['bomb.zip', 'damaged_download'],
    ['wrong.zip', 'wrong_size'],
    ['empty.zip', 'not_in_source'],
    ['missing.zip', 'not_in_source'],
    ['busy', 'source_unreachable'],
    ['forbidden', 'source_refused']
  ] as const) {
    const dir = temporaryFolder(t)
    const path = name.endsWith('.zip') ? { path: 'weights.onnx' } : {}
    const message = await failure(
      t,
      installFiles([wanted(weights, [{ type: 'https', url: `${url}/${name}`, ...path }])], { dir }),
      code
    )
    t.match(message, 'By hand: download')
    t.same(
      filesIn(dir).filter(file => file.endsWith('.onnx')),
      [],
      name
    )
  }
})

t.test('the next source is asked when one fails', async t => {
  const { url } = await startFileServer(t, { 'wrong.onnx': others, 'right.onnx': weights })
  const dir = temporaryFolder(t)
  const sources: Source[] = ['gone.onnx', 'wrong.onnx', 'right.onnx'].map(name => ({
    type: 'https',
    url: `${url}/${name}`
  }))
  await installFiles([wanted(weights, sources)], { dir })
  t.same(filesIn(dir), ['weights.onnx'])

  const message = await failure(
    t,
    installFiles([wanted(weights, sources.slice(0, 2))], { dir: temporaryFolder(t) }),
    'wrong_size'
  )
  t.match(message, /gone\.onnx failed: .*does not exist \(404\); from .*wrong\.onnx failed/)
})

t.test('stopped by the caller, and continued afterwards', async t => {
  const { url, requests } = await startFileServer(t, { 'plain.onnx': weights }, (request, response, bytes) => {
    if (request.headers.range !== undefined) return false
    response.writeHead(200, { 'content-length': bytes.length }).write(bytes.subarray(0, 150_000))
    return true
  })
  const file = wanted(weights, [{ type: 'https', url: `${url}/plain.onnx` }])
  const dir = temporaryFolder(t)
  const stop = new AbortController()
  const installing = installFiles([file], {
    dir,
    signal: stop.signal,
    onProgress: ({ downloaded }) => {
      if (downloaded >= 150_000) stop.abort()
    }
  })
  await failure(t, installing, 'aborted')
  await installFiles([file], { dir })
  t.equal(requests.at(-1), 'GET /plain.onnx bytes=150000-')
})
