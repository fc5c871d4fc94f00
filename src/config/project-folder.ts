import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Absolute path of the project. */
export const projectFolder = fileURLToPath(new URL('../..', import.meta.url))

/** A path of a setting: a relative one starts at the project, wherever the service was started from. */
export function fromProject (path: string): string {
  return resolve(projectFolder, path)
}
