import { readFileSync } from 'node:fs'
import t from 'tap'
import { readManifest } from '../../src/models/manifest-file.ts'
import { withoutShared, shared } from '../helpers/models.ts'

const manifest = await readManifest({ MODELS_DIR: 'no such folder' })

t.test('packs name known models of the right role', async t => {
  const roles = {
    faceDetector: 'face-detector',
    faceLandmarks: 'face-landmarks',
    faceEmbedder: 'face-embedder',
    liveness: 'liveness',
    objectDetector: 'object-detector'
  }
  for (const [name, pack] of Object.entries(manifest.packs)) {
    for (const [slot, role] of Object.entries(roles)) {
      for (const id of [pack[slot as keyof typeof roles] ?? []].flat()) { t.equal(manifest.models[id]?.role, role, `${name}: ${id}`) }
    }
  }
})

t.test('no two entries share a file or its bytes', async t => {
  const entries = [...Object.values(manifest.models), ...Object.values(manifest.photos)]
  t.equal(new Set(entries.map(({ file }) => file)).size, entries.length)
  t.equal(new Set(entries.map(({ sha256 }) => sha256)).size, entries.length)
})

t.test('sizes and hashes are those of the reference list', { skip: withoutShared }, async t => {
  const list = readFileSync(shared('models/README.md'), 'utf8')
  for (const [id, { size, sha256, role }] of Object.entries(manifest.models)) {
    if (['facenox', 'minifasnet_v2', 'minifasnet_v1se'].includes(id)) { t.match(readFileSync(shared('models/SHA256SUMS'), 'utf8'), sha256) } else {
      t.ok(
        list.split('\n').some(line => line.includes(String(size)) && line.includes(sha256)),
        `${id} (${role})`
      )
    }
  }
})

t.test("the user's own entries", async t => {
  const { fr_detect: entry } = manifest.models
  const own = {
    models: { mine: { ...entry, title: 'mine' } },
    packs: { starter: { title: 'mine', faceDetector: 'mine' } }
  }
  const merged = await readManifest({ MODELS_DIR: t.testdir({ 'local.json': JSON.stringify(own) }) })
  t.equal(merged.models['mine']?.title, 'mine')
  t.same(merged.packs['starter'], own.packs.starter, 'an entry replaces the known one of the same name')
  t.same(merged.models['fr_detect'], entry)

  for (const [what, text, message] of [
    ['no JSON', '{', /local\.json is not JSON/],
    ['another form', '[]', /local\.json is not a model manifest: the whole: Expected object, found \[\]/],
    ['an unknown part', '{"model": {}}', /\/model: Unexpected property/],
    [
      'a wrong number',
      JSON.stringify({ models: { mine: { ...entry, size: 0 } } }),
      /\/models\/mine\/size: Expected integer to be greater or equal to 1, found 0/
    ],
    [
      'a role that does not exist',
      JSON.stringify({ models: { mine: { ...entry, role: 'faces' } } }),
      /\/models\/mine: Expected union value/
    ],
    [
      'a missing part',
      JSON.stringify({ models: { mine: { ...entry, sha256: undefined } } }),
      /\/models\/mine\/sha256: .*found nothing/
    ]
  ] satisfies [string, string, RegExp][]) {
    await t.rejects(
      readManifest({ MODELS_DIR: t.testdir({ 'local.json': text }) }),
      { name: 'ConfigError', message },
      what
    )
  }
  await t.rejects(readManifest({ MODELS_DIR: t.testdir({ 'local.json': {} }) }), {
    message: /local\.json cannot be read/
  })
})
