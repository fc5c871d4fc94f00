/** From what a setting holds, an id of the manifest or a path, to the manifest's entry. */
import { resolve } from 'node:path'
import type { Resolved } from '../../workers/types.ts'
import { ConfigError } from '../config/config.ts'
import { fromProject } from '../config/project-folder.ts'
import type { Manifest, Model } from './manifest.ts'
import { type FileHash, hashFile } from './file-hash.ts'

export type Role = Model['role']
export type ModelOf<R extends Role> = Resolved<Extract<Model, { role: R }>>

/** What names a model, and the setting it comes from, for messages. */
export interface Choice {
  setting: string
  value: string
}

/** A file that the manifest does not know. */
export interface UnknownFile extends FileHash {
  path: string
}

/**
 * The manifest's entry for an id, or for a file that is recognised by its sha256 wherever it lies.
 * @throws {ConfigError} naming the setting, what it holds and what is known
 */
export async function findModel<R extends Role> (
  role: R,
  choice: Choice,
  dir: string,
  { models }: Manifest
): Promise<{ known: ModelOf<R>, file: null } | { known: null, file: UnknownFile }> {
  const { setting, value } = choice
  if (value === '') throw new ConfigError(`${setting} names no ${role}`)
  const entry = models[value]
  if (entry !== undefined) {
    return {
      known: withRole(role, { ...entry, id: value, path: resolve(dir, entry.file) }, choice),
      file: null
    }
  }

  const path = fromProject(value)
  const found = await hashFile(path).catch((error: Error) => {
    throw new ConfigError(`${setting}=${value} cannot be read: ${error.message}`)
  })
  if (found === null) {
    throw new ConfigError(
      `${setting}=${value} is neither a file nor a known ${role}; known are ${idsOf(role, models).join(', ')}`
    )
  }
  const known = Object.entries(models).find(([, { sha256 }]) => sha256 === found.sha256)
  if (known !== undefined) {
    return {
      known: withRole(role, { ...known[1], id: known[0], file: path, path }, choice),
      file: null
    }
  }
  return { known: null, file: { ...found, path } }
}

function withRole<R extends Role> (role: R, model: Resolved<Model>, { setting, value }: Choice): ModelOf<R> {
  if (model.role === role) return model as ModelOf<R>
  throw new ConfigError(`${setting}=${value} is a model for ${model.role}; expected one for ${role}`)
}

export function idsOf (role: Role, models: Manifest['models']): string[] {
  return Object.keys(models).filter(id => models[id]?.role === role)
}
