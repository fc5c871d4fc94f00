import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Static, type TSchema, Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { type Config, ConfigError } from '../config/config.ts'
import { readTextFile } from '../config/text-file.ts'
import { writeAtomically } from '../model-tools/convert/cache.ts'
import { type Manifest, ManifestSchema, type Model, ModelSchema } from './manifest.ts'

const manifestPath = fileURLToPath(new URL('../../models/manifest.json', import.meta.url))

const localPath = (dir: string): string => join(dir, 'local.json')

const LocalManifestSchema = Type.Partial(ManifestSchema, { additionalProperties: false })

/**
 * The project's manifest, with the entries of `local.json` in MODELS_DIR (same form, every part optional) laid over it.
 * @throws {ConfigError} naming the file, the entry and what is wrong with it
 */
export async function readManifest ({ MODELS_DIR }: Pick<Config, 'MODELS_DIR'>): Promise<Manifest> {
  const known = await readChecked(manifestPath, ManifestSchema)
  if (known === null) throw new ConfigError(`${manifestPath} is missing: it is part of the project, so restore it`)
  const local = await readChecked(localPath(MODELS_DIR), LocalManifestSchema)
  return {
    models: { ...known.models, ...local?.models },
    packs: { ...known.packs, ...local?.packs },
    ensembles: { ...known.ensembles, ...local?.ensembles },
    terms: { ...known.terms, ...local?.terms },
    photos: { ...known.photos, ...local?.photos }
  }
}

/**
 * Adds a model to `local.json` in MODELS_DIR, in place of an entry with the same id; the rest stays.
 * @throws {ConfigError} when the file is damaged
 */
export async function addLocalModel (
  id: string,
  model: Model,
  { MODELS_DIR }: Pick<Config, 'MODELS_DIR'>
): Promise<void> {
  const path = localPath(MODELS_DIR)
  const local = await readChecked(path, LocalManifestSchema)
  const changed = { ...local, models: { ...local?.models, [id]: model } }
  await writeAtomically(path, Buffer.from(`${JSON.stringify(changed, null, 2)}\n`))
}

async function readChecked<S extends TSchema> (path: string, schema: S): Promise<Static<S> | null> {
  const text = await readTextFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw new ConfigError(`${path} cannot be read: ${error.message}`)
  })
  if (text === null) return null
  const content = parse(text, path)
  if (Value.Check(schema, content)) return content
  throw new ConfigError(`${path} is not a model manifest: ${firstProblem(schema, content)}`)
}

function parse (text: string, path: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new ConfigError(`${path} is not JSON: ${(error as Error).message}`)
  }
}

/** A union only says that nothing fits, so a model is checked again by the schema of its own role. */
function firstProblem (schema: TSchema, content: unknown): string {
  const first = Value.Errors(schema, content).First()!
  const value = first.value as { role?: unknown } | null
  const byRole = ModelSchema.anyOf.find(({ properties }) => properties.role.const === value?.role)
  const nested = byRole === undefined ? undefined : Value.Errors(byRole, value).First()
  const { path, message, value: found } = nested === undefined ? first : { ...nested, path: first.path + nested.path }
  return `${path === '' ? 'the whole' : path}: ${message}, found ${JSON.stringify(found)?.slice(0, 100) ?? 'nothing'}`
}
