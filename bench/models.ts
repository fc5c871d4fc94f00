/** The models that the settings name, in the form that the floor needs. */
import { loadConfig } from '../src/config/config.ts'
import { readManifest } from '../src/models/manifest-file.ts'
import { prepareDetector } from '../src/models/input-size.ts'
import { resolveModels } from '../src/models/resolve.ts'
import { canvasFor } from '../workers/object-detector.ts'
import type { FloorSetup } from './floor-worker.ts'
import { activeModels } from '../src/models/active-models.ts'

/** `published`: as the files say; otherwise with the input size that the service uses for a 4:3 photo. */
export async function floorModels (published = false): Promise<FloorSetup['models']> {
  const config = loadConfig(process.env)
  const models = await resolveModels(config, await readManifest(config))
  if (models.objectDetector !== null && !published) {
    models.objectDetector = await prepareDetector(models.objectDetector, config, message => {
      throw new Error(message)
    })
  }
  return activeModels(models).map(({ id, path, input, role }) => {
    const { width, height } =
      role === 'object-detector' && !published ? canvasFor({ width: 4, height: 3 }, input) : input
    return { id, path, shape: [1, input.channels === 'GRAY' ? 1 : 3, height, width] }
  })
}
