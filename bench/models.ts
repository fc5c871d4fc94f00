/** The models that the settings name, in the form that the floor needs. */
import { loadConfig } from '../src/config.ts'
import { readManifest } from '../src/models/manifest-file.ts'
import { withInputSizes } from '../src/models/input-sizes.ts'
import { modelsOf, resolveModels } from '../src/models/resolve.ts'
import type { FloorSetup } from './floor-worker.ts'

/** `published`: as the files say; otherwise with the input size that the service uses for a 4:3 photo. */
export async function modelsInForce (published = false): Promise<FloorSetup['models']> {
  const config = loadConfig(process.env)
  const models = await resolveModels(config, await readManifest(config))
  if (models.objectDetector !== null && !published) {
    models.objectDetector = await withInputSizes(models.objectDetector, config, message => { throw new Error(message) })
  }
  const [view] = models.objectDetector?.views ?? []
  return modelsOf(models).map(({ id, path, input, role }) => {
    const { width, height } = role === 'object-detector' ? view ?? input : input
    return { id, path: role === 'object-detector' ? view?.path ?? path : path, shape: [1, input.channels === 'GRAY' ? 1 : 3, height, width] }
  })
}
