/**
 * Downloads what `npm test` and `npm run demo` need: the starter models and the sample photos. Nothing is downloaded
 * twice.
 */
import { runCommand } from '../src/cli/run-command.ts'
import { loadConfig } from '../src/config/config.ts'
import { fromProject } from '../src/config/project-folder.ts'
import { installWithProgress } from '../src/models/install-models.ts'
import { readManifest } from '../src/models/manifest-file.ts'
import { prepareModels } from '../src/models/prepare.ts'
import { resolveModels } from '../src/models/resolve.ts'

await runCommand(
  { usage: 'node scripts/fetch-test-files.ts   download the models and photos of the tests' },
  async () => {
    const config = loadConfig({ MODELS_DIR: process.env.MODELS_DIR })
    const manifest = await readManifest(config)
    await prepareModels(await resolveModels(config, manifest), config, manifest)
    await installWithProgress(Object.values(manifest.photos), fromProject('.cache/photos'))
  }
)
