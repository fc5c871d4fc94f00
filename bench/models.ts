/** The models that the settings name, in the form that the floor needs. */
import { loadConfig } from '../src/config.ts'
import { readManifest } from '../src/models/manifest-file.ts'
import { modelsOf, resolveModels } from '../src/models/resolve.ts'
import type { FloorSetup } from './floor-worker.ts'

export async function modelsInForce (env: Record<string, string> = {}): Promise<FloorSetup['models']> {
  const config = loadConfig(env)
  return modelsOf(await resolveModels(config, await readManifest(config))).map(({ id, path, input: { width, height, channels } }) => (
    { id, path, shape: [1, channels === 'GRAY' ? 1 : 3, height, width] }
  ))
}
