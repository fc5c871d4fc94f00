import { createHash, randomBytes } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t from 'tap'
import { installFiles } from '../../../src/models/install.ts'
import type { RemoteFile } from '../../../src/models/manifest.ts'
import { startFileServer } from '../../helpers/file-server.ts'
import { temporaryFolder } from '../../helpers/temporary-folder.ts'
import { writeZip } from '../../helpers/zip-writer.ts'

const bytes = { detector: randomBytes(20_000), embedder: randomBytes(30_000) }

function file (name: keyof typeof bytes): RemoteFile {
  return {
    file: `pack/${name}.onnx`,
    size: bytes[name].length,
    sha256: createHash('sha256').update(bytes[name]).digest('hex'),
    sources: [{ type: 'https', url: 'http://127.0.0.1:2/releases/pack.zip', path: `inner/${name}_v2.onnx` }]
  }
}

const both = [file('detector'), file('embedder')]
const zip = writeZip([
  { name: 'inner/detector_v2.onnx', data: bytes.detector, deflate: true },
  { name: 'inner/embedder_v2.onnx', data: bytes.embedder }
])

/** Ways to lay out a mirror. */
const layouts: Record<string, Record<string, Buffer>> = {
  'as in MODELS_DIR': { 'pack/detector.onnx': bytes.detector, 'pack/embedder.onnx': bytes.embedder },
  'bare names': { 'detector.onnx': bytes.detector, 'embedder.onnx': bytes.embedder },
  'published names': { 'detector_v2.onnx': bytes.detector, 'embedder_v2.onnx': bytes.embedder },
  'the published archive': { 'pack.zip': zip },
  'some of each': { 'pack.zip': zip, 'detector.onnx': bytes.detector }
}

for (const [what, files] of Object.entries(layouts)) {
  t.test(`a mirror with ${what}`, async t => {
    const folder = temporaryFolder(t)
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true })
      writeFileSync(join(folder, name), content)
    }
    const { url } = await startFileServer(
      t,
      Object.fromEntries(Object.entries(files).map(([name, content]) => [`models/${name}`, content]))
    )
    for (const mirror of [folder, `${url}/models`, `${url}/models/`]) {
      const dir = temporaryFolder(t)
      await installFiles(both, { dir, mirror })
      for (const name of ['detector', 'embedder'] as const) { t.ok(readFileSync(join(dir, `pack/${name}.onnx`)).equals(bytes[name]), mirror) }
    }
  })
}

t.test('one file, of any name', async t => {
  const folder = temporaryFolder(t)
  writeFileSync(join(folder, 'download (1)'), zip)
  writeFileSync(join(folder, 'weights'), bytes.embedder)
  await installFiles(both, { dir: folder, mirror: join(folder, 'download (1)'), offline: true })
  t.ok(readFileSync(join(folder, 'pack/embedder.onnx')).equals(bytes.embedder))

  const dir = temporaryFolder(t)
  await installFiles([file('embedder')], { dir, mirror: join(folder, 'weights'), offline: true })
  await t.rejects(installFiles([file('detector')], { dir, mirror: join(folder, 'weights'), offline: true }), {
    code: 'not_in_source',
    message: /expected pack\/detector\.onnx .*found 30000 bytes/
  })
  t.same(readdirSync(join(dir, 'pack')), ['embedder.onnx'])
})

t.test('a mirror without the file says what it looked for, and the next source is asked', async t => {
  const dir = temporaryFolder(t)
  const mirror = temporaryFolder(t)
  await t.rejects(installFiles(both, { dir, mirror }), {
    code: 'source_unreachable',
    message:
      /has none of pack\/detector\.onnx, detector\.onnx, detector_v2\.onnx, pack\.zip.*http:\/\/127\.0\.0\.1:2\/releases\/pack\.zip failed/s
  })
  await t.rejects(installFiles(both, { dir, mirror, offline: true }), { code: 'not_in_source', message: /By hand/ })
  await t.rejects(installFiles(both, { dir, mirror: join(mirror, 'none'), offline: true }), {
    code: 'not_in_source',
    message: /there is no file or folder/
  })
})

t.test('a member that is not there does not keep the others away', async t => {
  const dir = temporaryFolder(t)
  const mirror = temporaryFolder(t)
  writeFileSync(join(mirror, 'pack.zip'), writeZip([{ name: 'embedder_v2.onnx', data: bytes.embedder }]))
  await t.rejects(installFiles(both, { dir, mirror, offline: true }), {
    code: 'not_in_source',
    message: /Installing pack\/detector\.onnx from/
  })
  t.same(readdirSync(join(dir, 'pack')), ['embedder.onnx'])
})
