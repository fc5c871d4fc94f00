/** Brings what `npm test` and `npm run demo` need: the starter models and the sample photos. Nothing is fetched twice. */
import { loadConfig } from '../src/config/config.ts'
import { InstallError } from '../src/models/install-error.ts'
import { installWithProgress } from '../src/models/install-models.ts'
import { readManifest } from '../src/models/manifest-file.ts'
import { prepareModels } from '../src/models/prepare.ts'
import { resolveModels } from '../src/models/resolve.ts'

const config = loadConfig({ MODELS_DIR: process.env.MODELS_DIR })
const manifest = await readManifest(config)
try {
  await prepareModels(await resolveModels(config, manifest), config, manifest)
  await installWithProgress(Object.values(manifest.photos), '.cache/photos')
} catch (error) {
  if (!(error instanceof InstallError)) throw error
  console.error(error.message)
  process.exitCode = 1
}
