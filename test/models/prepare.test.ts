import { readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t, { type Test } from 'tap'
import { loadConfig } from '../../src/config/config.ts'
import { readManifest } from '../../src/models/manifest-file.ts'
import { prepareModels } from '../../src/models/prepare.ts'
import { resolveModels } from '../../src/models/resolve.ts'
import { build } from '../helpers/app.ts'
import { starter, withoutStarter } from '../helpers/models.ts'
import { temporaryFolder } from '../helpers/temporary-folder.ts'

/** The starter pack, whose embedder and object detector are for research only here. */
function restricted (t: Test): string {
  const dir = temporaryFolder(t)
  symlinkSync(dirname(starter.faceEmbedder.path), join(dir, 'starter'))
  const licence = { name: 'Research only', commercial: false }
  const models = Object.fromEntries(
    [starter.faceEmbedder, starter.objectDetector!].map(({ id, path, ...entry }) => [id, { ...entry, licence }])
  )
  writeFileSync(join(dir, 'local.json'), JSON.stringify({ models }))
  return dir
}

async function prepare (env: Record<string, string>) {
  const config = loadConfig(env)
  const manifest = await readManifest(config)
  return await prepareModels(await resolveModels(config, manifest), config, manifest)
}

t.test('a licence that was accepted in the settings is recorded and shown', { skip: withoutStarter }, async t => {
  const MODELS_DIR = restricted(t)
  await t.rejects(prepare({ MODELS_DIR }), {
    code: 'licence_not_accepted',
    message: /starter \(fr_feature\).*models -- install starter --accept-license/
  })

  const { app } = await build(t, { MODELS_DIR, ACCEPT_MODEL_LICENSES: 'starter' })
  const [{ acceptedAt }] = JSON.parse(readFileSync(join(MODELS_DIR, 'licences.json'), 'utf8'))
  const { models } = (await app.inject('/api/ready')).json()
  t.same(
    models.map(({ id, accepted }: { id: string; accepted?: string }) => [id, accepted]),
    [
      ['fr_detect', undefined],
      ['fr_landmark', undefined],
      ['fr_feature', acceptedAt],
      ['fr_liveness', undefined],
      ['yolov8n', acceptedAt]
    ]
  )

  t.match(await prepare({ MODELS_DIR }), { faceEmbedder: { accepted: acceptedAt } }, 'and holds without the setting')
  const local = JSON.parse(readFileSync(join(MODELS_DIR, 'local.json'), 'utf8'))
  writeFileSync(join(MODELS_DIR, 'local.json'), JSON.stringify({ ...local, terms: { 'Research only': 'New terms.' } }))
  await t.rejects(prepare({ MODELS_DIR }), { code: 'licence_not_accepted' }, 'until the terms change')
})
