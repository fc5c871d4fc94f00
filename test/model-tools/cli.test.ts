import { execFile } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import type { LivenessModel, Manifest } from '../../src/models/manifest.ts'
import { startFileServer } from '../helpers/file-server.ts'
import { shared, starter, withoutShared, withoutStarter } from '../helpers/models.ts'
import { temporaryFolder } from '../helpers/temporary-folder.ts'
import { writeTinyOnnx } from '../helpers/tiny-onnx.ts'
import { writeZip } from '../helpers/zip-writer.ts'

const cli = fileURLToPath(new URL('../../src/model-tools/cli.ts', import.meta.url))
const server = fileURLToPath(new URL('../../src/server/server.ts', import.meta.url))

interface Ran { code: number, out: string, err: string }

/** Without the test runner's loaders, as a person starts it. */
function run (script: string, args: string[], env: Record<string, string>): Promise<Ran> {
  return new Promise(resolve =>
    execFile(
      process.execPath,
      [script, ...args],
      { env: { ...process.env, NODE_OPTIONS: '', ...env } },
      (error, out, err) => {
        resolve({ code: error === null ? 0 : Number(error.code), out, err })
      }
    )
  )
}

const weights = { detector: randomBytes(50_000), embedder: randomBytes(90_000) }
const licence = { name: 'Research only', commercial: false, url: 'https://example.org/terms' }

/** A MODELS_DIR with two entries and a pack `mine` of its own, published in one zip on this machine. */
async function world (t: Test, { url = 'http://127.0.0.1:2' } = {}) {
  const dir = temporaryFolder(t)
  const { models: known } = JSON.parse(
    readFileSync(fileURLToPath(new URL('../../models/manifest.json', import.meta.url)), 'utf8')
  ) as Manifest
  const entry = (id: string, name: keyof typeof weights) => ({
    ...known[id]!,
    file: `mine/${name}.onnx`,
    size: weights[name].length,
    sha256: createHash('sha256').update(weights[name]).digest('hex'),
    licence,
    sources: [{ type: 'https', url: `${url}/mine.zip`, path: `${name}.onnx` }]
  })
  writeFileSync(join(dir, 'local.json'), JSON.stringify({
    models: { my_detector: entry('det_500m', 'detector'), my_embedder: entry('w600k_mbf', 'embedder') },
    packs: { mine: { title: 'Mine', faceDetector: 'my_detector', faceEmbedder: 'my_embedder' } },
    terms: { 'Research only': 'For research and for nothing else.' }
  }))
  return { dir, models: (...args: string[]) => run(cli, args, { MODELS_DIR: dir }) }
}

const zip = writeZip([
  { name: 'detector.onnx', data: weights.detector, deflate: true },
  { name: 'embedder.onnx', data: weights.embedder }
])

t.test('install, list, verify and remove, with a licence to accept', async t => {
  const { url } = await startFileServer(t, { 'mine.zip': zip })
  const { dir, models } = await world(t, { url })

  const refused = await models('install', 'mine')
  t.equal(refused.code, 3)
  t.match(refused.err, /For research and for nothing else\.[^]*--accept-license/)
  t.notOk(existsSync(join(dir, 'mine')), 'nothing was fetched')
  t.equal((await models('verify', 'mine')).code, 1, 'missing')

  const installed = await models('install', 'mine', '--accept-license')
  t.equal(installed.code, 0, installed.err)
  t.match(installed.err, /For research and for nothing else\.[^]*Accepted by .*@/)
  t.ok(readFileSync(join(dir, 'mine/embedder.onnx')).equals(weights.embedder))
  t.match(JSON.parse(readFileSync(join(dir, 'licences.json'), 'utf8')), [
    {
      licence: 'Research only',
      termsSha256: createHash('sha256').update('For research and for nothing else.').digest('hex'),
      acceptedFor: 'mine',
      acceptedBy: /.@./,
      acceptedAt: /^\d{4}-/
    }
  ])

  const listed = await models('list')
  t.match(listed.out, /^mine +installed +0\.1 MB +my_detector, my_embedder +Research only \(accepted \d{4}-/m)
  const { packs } = JSON.parse((await models('list', '--json')).out)
  t.match(
    packs.find(({ name }: { name: string }) => name === 'mine'),
    { state: 'installed', bytes: 140_000, licences: [{ commercial: false, accepted: /^\d{4}-/ }] }
  )

  t.match(await models('verify', 'mine'), { code: 0, out: /my_detector +ok/ })
  writeFileSync(join(dir, 'mine/detector.onnx'), Buffer.alloc(50_000))
  t.match(await models('verify'), {
    code: 1,
    out: /my_detector +changed[^]*expected sha256 [0-9a-f]{64}, found [0-9a-f]{64}/
  })
  t.match(
    await models('install', 'mine'),
    { code: 1, err: /It was changed or damaged: delete it/ },
    'a changed file is never overwritten'
  )

  t.match(await models('remove', 'mine'), { code: 0, out: /removed .*detector\.onnx[^]*removed .*embedder\.onnx/ })
  t.notOk(existsSync(join(dir, 'mine')))
  t.match(await models('remove', 'mine'), { code: 0, out: /Nothing of that/ })
})

t.test('models of one\'s own that are in no pack are listed, too', async t => {
  const { dir, models } = await world(t)
  const path = join(dir, 'local.json')
  const local = JSON.parse(readFileSync(path, 'utf8'))
  writeFileSync(
    path,
    JSON.stringify({
      ...local,
      models: { ...local.models, alone: { ...local.models.my_detector, file: 'mine/alone.onnx' } }
    })
  )
  const { out } = await models('list')
  t.match(out, /^alone +not installed +\S+ MB +alone +/m)
  t.notMatch(out, /^my_detector/m, 'it is in a pack')
  t.match(JSON.parse((await models('list', '--json')).out).others, [{ name: 'alone', state: 'not installed' }])
})

t.test('other terms have to be accepted anew', async t => {
  const { url } = await startFileServer(t, { 'mine.zip': zip })
  const { dir, models } = await world(t, { url })
  t.equal((await models('install', 'my_embedder', '--accept-license')).code, 0)
  const local = JSON.parse(readFileSync(join(dir, 'local.json'), 'utf8'))
  writeFileSync(join(dir, 'local.json'), JSON.stringify({ ...local, terms: { 'Research only': 'For a fee.' } }))
  t.match(await models('install', 'mine'), { code: 3, err: /For a fee\./ })
  t.match(await run(cli, ['install', 'mine'], { MODELS_DIR: dir, ACCEPT_MODEL_LICENSES: 'other, mine' }), {
    code: 0,
    err: /Accepted by/
  })
  writeFileSync(join(dir, 'licences.json'), '{}')
  t.match(await models('list'), { code: 1, err: /licences\.json should be the list of accepted licences/ })
})

t.test('without a network', async t => {
  const { dir, models } = await world(t)
  const failed = await models('install', 'mine', '--accept-license')
  t.equal(failed.code, 1)
  for (const told of [
    'mine/detector.onnx',
    'http://127.0.0.1:2/mine.zip failed',
    'ECONNREFUSED',
    join(dir, 'mine/detector.onnx'),
    createHash('sha256').update(weights.detector).digest('hex'),
    'install --from'
  ]) {
    t.match(failed.err, told)
  }
  t.match(JSON.parse((await models('install', 'mine', '--json')).out), {
    error: 'source_unreachable',
    message: /By hand/
  })

  const elsewhere = temporaryFolder(t)
  writeFileSync(join(elsewhere, 'download.zip'), zip)
  const fromZip = await models('install', '--from', join(elsewhere, 'download.zip'), '--json')
  t.match(
    JSON.parse(fromZip.out),
    { installed: ['mine/detector.onnx', 'mine/embedder.onnx'], present: [] },
    'known by their names and sizes'
  )
  await models('remove', 'mine')
  writeFileSync(join(elsewhere, 'x'), weights.embedder)
  t.match(await models('install', '--from', join(elsewhere, 'x')), { code: 0, out: /installed .*embedder\.onnx/ })
  t.match(await models('install', 'mine', '--from', elsewhere), {
    code: 1,
    err: /has none of mine\/detector\.onnx, detector\.onnx, mine\.zip/
  })
  writeFileSync(join(elsewhere, 'y'), 'something else')
  t.match(await models('install', '--from', join(elsewhere, 'y')), { code: 1, err: /holds no model of the manifest/ })
  t.match(await models('install', '--from', join(elsewhere, 'z')), { code: 1, err: /there is no file or folder/ })
  writeFileSync(join(elsewhere, 'cut.zip'), zip.subarray(0, 60_000))
  t.match(await models('install', '--from', join(elsewhere, 'cut.zip')), { code: 1, err: /expected a whole zip file/ })
  t.same(readdirSync(join(dir, 'mine')), ['embedder.onnx'])
})

t.test('the server asks for the same', async t => {
  const { url } = await startFileServer(t, { 'mine.zip': zip })
  const { dir, models } = await world(t, { url })
  const start = (env: Record<string, string> = {}) =>
    run(server, [], {
      ENV: 'test',
      MODELS_DIR: dir,
      DATA_DIR: temporaryFolder(t),
      INSIGHT_PACK: 'mine',
      PORT: '0',
      ...env
    })

  t.match(await start(), {
    code: 1,
    err: /Cannot start: mine \(my_detector\) is under the licence "Research only".*`npm run models -- install mine --accept-license`/
  })
  await models('install', 'mine', '--accept-license')
  await models('remove', 'mine')
  t.match(
    await start(),
    { code: 1, err: /Cannot start: mine is not installed: .*Run `npm run models -- install mine`/ },
    'no download that nobody asked for'
  )
  t.notOk(existsSync(join(dir, 'mine')))
  await models('install', 'mine')
  writeFileSync(join(dir, 'mine/detector.onnx'), Buffer.alloc(50_000))
  t.match(await start(), {
    code: 1,
    err: /Cannot start: .*detector\.onnx has 50000 bytes and sha256 .*It was changed or damaged/
  })
})

t.test('convert and inspect', async t => {
  const { dir, models } = await world(t)
  const work = temporaryFolder(t)
  const best = writeTinyOnnx(join(work, 'best.onnx'), {
    input: ['batch', 3, 'h', 'w'],
    outputs: { output0: ['batch', 6, 'anchors'] },
    metadata: { names: "{0: 'planting', 1: 'person'}", license: 'MIT' }
  })
  const seen = await models('inspect', best)
  t.match(
    seen.out,
    /an object detector of the format yolov8, for any size[^]*labels +2: planting, person[^]*task +planting: by planting[^]*task +feeding: cannot be proved/
  )
  t.match(JSON.parse((await models('inspect', best, '--json')).out), {
    known: null,
    labels: ['planting', 'person'],
    tasks: [{ name: 'planting', rules: ['planting'] }, { rules: [] }, { rules: [] }]
  })

  writeFileSync(join(work, 'page.pt'), '<!doctype html><title>404</title>')
  t.match(await models('inspect', join(work, 'page.pt')), { code: 1, err: /found a web page/ })
  t.match(await models('convert', join(work, 'page.pt'), '--with', 'native'), { code: 1, err: /found a web page/ })
  t.match(await models('convert', join(work, 'none.pt'), '--with', 'native'), { code: 1, err: /readable file/ })
  writeFileSync(join(work, 'evil.pt'), Buffer.from('\x80\x02cos\nsystem\n(S\'true\'\ntR.', 'latin1'))
  t.match(await models('convert', join(work, 'evil.pt'), '--with', 'native'), { code: 1 })
  t.same(readdirSync(dir), ['local.json'], 'nothing half-made')
})

t.test('MiniFASNet weights', { skip: withoutShared }, async t => {
  const { dir, models } = await world(t)
  const path = shared('models/minifasnet/2.7_80x80_MiniFASNetV2.pth')
  t.match(await models('inspect', path), {
    code: 0,
    out: /liveness weights of MiniFASNetV2 \(minifasnet_v2 of the manifest\)[^]*crop +2\.7 x/
  })
  const out = join(dir, 'mine.onnx')
  t.match(await models('convert', path, '--out', out), {
    code: 0,
    out: /architecture: MiniFASNetV2[^]*LIVENESS_MODEL_PTH=/
  })
  t.ok(existsSync(out))
  t.match(await models('install', '--from', shared('models/minifasnet')), {
    code: 0,
    out: /MiniFASNetV2\.pth[^]*MiniFASNetV1SE\.pth/
  })
  t.match(await models('remove', 'minifasnet'), { code: 0 })
  t.same(readdirSync(join(dir, 'cache/liveness')), [], 'the conversion goes with its source')
})

t.test(
  'the official export, by a Python that stands in for it',
  { skip: process.platform === 'win32' && 'needs a shell script' },
  async t => {
    const { dir } = await world(t)
    const bin = temporaryFolder(t)
    const best = writeTinyOnnx(join(bin, 'made.onnx'), {
      outputs: { output0: [1, 5, 8400] },
      metadata: { names: "{0: 'planting'}" }
    })
    const script = (body: string) => {
      writeFileSync(join(bin, 'python3'), `#!/bin/sh\n${body}\n`)
      chmodSync(join(bin, 'python3'), 0o755)
    }
    const checkpoint = join(bin, 'best.pt')
    writeFileSync(checkpoint, 'a checkpoint that only its own library can read')
    const convert = (...args: string[]) =>
      run(cli, ['convert', checkpoint, ...args], { MODELS_DIR: dir, PATH: `${bin}:${process.env.PATH}` })

    script(`echo 8.3.0\ncp ${best} "$(dirname "$3")/model.onnx"`)
    t.match(await convert('--with', 'python'), {
      code: 0,
      out: /converted by Ultralytics 8\.3\.0 \(python\), format yolov8[^]*labels: planting[^]*YOLO_MODEL_PATH=/
    })
    t.same(readdirSync(join(dir, 'cache/detectors')).length, 2, 'the file and its hash; the working folder is gone')
    t.match(await run(cli, ['inspect', checkpoint], { MODELS_DIR: dir }), { code: 1 })

    script('echo "no module named torch" >&2\nexit 1')
    t.match(await convert('--with', 'python'), {
      code: 1,
      err: /expected the export of Ultralytics \(python3\) to write an ONNX file, found none: no module named torch/
    })
    t.match(await convert(), { code: 0, out: /converted by an earlier run/ }, 'what was converted once is found again')
    writeFileSync(checkpoint, 'another checkpoint')
    t.match(
      await convert(),
      { code: 1, err: /expected a PyTorch file/ },
      'by itself the native converter alone has a look'
    )
  }
)

t.test('wrong use', async t => {
  const { models } = await world(t)
  t.match(await models(), { code: 2, out: /Usage: npm run models/ })
  t.match(await models('help'), { code: 0, out: /Exit codes/ })
  t.match(await models('install', '--help'), { code: 0, out: /--accept-license/ })
  t.match(await models('instal'), { code: 2, err: /There is no command instal/ })
  t.match(await models('install'), { code: 2, err: /Usage/ })
  t.match(await models('show'), { code: 2, err: /Usage/ })
  t.match(await models('remove'), { code: 2, err: /Usage/ })
  t.match(await models('inspect', 'a', 'b'), { code: 2, err: /Usage/ })
  t.match(await models('install', 'buffalo_xl'), {
    code: 2,
    err: /There is no pack, ensemble or model buffalo_xl\. Packs: starter, buffalo_l/
  })
  t.match(await models('list', '--forced'), { code: 2, err: /There is no option --forced/ })
  t.match(await models('convert', 'best.pt', '--with', 'magic'), { code: 2, err: /--with takes native, python/ })
  t.match(JSON.parse((await models('install', 'nothing', '--json')).out), { error: 'wrong_use' })
})

t.test('show prints terms, hashes and sources', async t => {
  const { models } = await world(t)
  t.match(await models('show', 'mine'), {
    code: 0,
    out: /my_detector[^]*sha256 +[0-9a-f]{64}[^]*http:\/\/127\.0\.0\.1:2\/mine\.zip, detector\.onnx in it[^]*Terms of "Research only"[^]*For research and for nothing else\./
  })
  const ensemble = JSON.parse((await models('show', 'ensemble', '--json')).out) as LivenessModel[]
  t.same(new Set(ensemble.map(({ role }) => role)), new Set(['liveness']))
})

t.test('reshape writes another input size beside the file', { skip: withoutStarter }, async t => {
  const { dir, models } = await world(t)
  const out = join(dir, 'wide.onnx')
  const done = await models('reshape', starter.objectDetector!.path, '--size', '96x64', '--out', out, '--json')
  t.equal(done.code, 0, done.err)
  t.same(JSON.parse(done.out), { source: starter.objectDetector!.path, path: out, size: { width: 96, height: 64 } })
  t.match((await models('inspect', out)).out, /yolov8, 96 x 64/)

  const open = join(dir, 'open.onnx')
  t.match(await models('reshape', out, '--size', 'any', '--out', open), { code: 0, out: /open\.onnx/ })
  t.match((await models('inspect', open)).out, /yolov8/)

  t.match(await models('reshape', out, '--size', 'small'), { code: 2, err: /WIDTHxHEIGHT.*found small/ })
  t.match(await models('reshape', out, '--size', '100x64'), { code: 1, err: /multiples of 32/ })
  t.match(await models('reshape', join(dir, 'none.onnx'), '--size', '64x64'), { code: 1, err: /readable file/ })
})
