/** Which licences need to be accepted, and who has accepted them. */
import { createHash } from 'node:crypto'
import { hostname, userInfo } from 'node:os'
import { join } from 'node:path'
import { type Static, Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import type { Resolved } from '../../workers/types.ts'
import { type Config, ConfigError } from '../config/config.ts'
import { readTextFile } from '../config/text-file.ts'
import { writeAtomically } from '../model-tools/convert/cache.ts'
import { InstallError } from './install-error.ts'
import type { Licence, Manifest, Model } from './manifest.ts'

const AcceptanceSchema = Type.Object({
  licence: Type.String(),
  /** Of the exact terms: other terms need to be accepted anew. */
  termsSha256: Type.String(),
  /** Pack or model that it was accepted for. */
  acceptedFor: Type.String(),
  acceptedBy: Type.String(),
  /** ISO 8601, UTC. */
  acceptedAt: Type.String()
})

export type Acceptance = Static<typeof AcceptanceSchema>

/** Of the operator's own file: what may be done with it is between them and its author. */
export const unknownLicence: Licence = { name: 'unknown', commercial: false }

export function needsAcceptance (licence: Licence): boolean {
  return !licence.commercial && licence.name !== unknownLicence.name
}

export function termsOf (licence: Licence, { terms }: Pick<Manifest, 'terms'>): string {
  return terms[licence.name] ?? `${licence.name}. ${licence.url ?? 'Ask the publisher of the model for its terms.'}`
}

export function termsHash (terms: string): string {
  return createHash('sha256').update(terms).digest('hex')
}

function acceptancesPath (dir: string): string {
  return join(dir, 'licences.json')
}

/** @throws {ConfigError} when the record was damaged */
export async function readAcceptances (dir: string): Promise<Acceptance[]> {
  const path = acceptancesPath(dir)
  const text = await readTextFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '[]'
    throw new ConfigError(`${path} cannot be read: ${error.message}`)
  })
  try {
    const content = JSON.parse(text)
    if (Value.Check(Type.Array(AcceptanceSchema), content)) return content
  } catch {}
  throw new ConfigError(
    `${path} should be the list of accepted licences, and is not. Delete it and accept the licences again`
  )
}

/** The acceptance of a licence with the terms that it has now. */
export function acceptanceOf (
  licence: Licence,
  accepted: Acceptance[],
  manifest: Pick<Manifest, 'terms'>
): Acceptance | undefined {
  const hash = termsHash(termsOf(licence, manifest))
  return accepted.find(({ termsSha256 }) => termsSha256 === hash)
}

/** Notes in MODELS_DIR that the terms of `licence` were accepted now, by the user of this process. */
export async function recordAcceptance (
  licence: Licence,
  acceptedFor: string,
  dir: string,
  manifest: Pick<Manifest, 'terms'>
): Promise<Acceptance> {
  const acceptance: Acceptance = {
    licence: licence.name,
    termsSha256: termsHash(termsOf(licence, manifest)),
    acceptedFor,
    acceptedBy: `${userName()}@${hostname()}`,
    acceptedAt: new Date().toISOString()
  }
  const others = (await readAcceptances(dir)).filter(({ termsSha256 }) => termsSha256 !== acceptance.termsSha256)
  await writeAtomically(acceptancesPath(dir), Buffer.from(`${JSON.stringify([...others, acceptance], null, 2)}\n`))
  return acceptance
}

function userName (): string {
  try {
    return userInfo().username
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`
  }
}

/** A model as the server wants it, and the command's name for it: its pack, or its id. */
export interface Licensed {
  model: Resolved<Model>
  name: string
}

/**
 * Takes the acceptances that the operator gave in ACCEPT_MODEL_LICENSES, and makes sure that every licence that needs
 * one has one.
 * @returns when each model's licence was accepted; without those that need no acceptance
 * @throws {InstallError} `licence_not_accepted` with the command that accepts
 */
export async function requireAcceptance (
  licensed: Licensed[],
  { MODELS_DIR, ACCEPT_MODEL_LICENSES }: Pick<Config, 'MODELS_DIR' | 'ACCEPT_MODEL_LICENSES'>,
  manifest: Manifest
): Promise<Map<string, Acceptance>> {
  const named = new Set(ACCEPT_MODEL_LICENSES.split(',').map(name => name.trim()))
  const found = new Map<string, Acceptance>()
  for (const { model, name } of licensed.filter(({ model }) => needsAcceptance(model.licence))) {
    const known = acceptanceOf(model.licence, await readAcceptances(MODELS_DIR), manifest)
    if (known === undefined && !named.has(name) && !named.has(model.id)) throw notAccepted(model, name)
    found.set(model.id, known ?? (await recordAcceptance(model.licence, name, MODELS_DIR, manifest)))
  }
  return found
}

function notAccepted (model: Model & { id: string }, name: string): InstallError {
  return new InstallError(
    'licence_not_accepted',
    `${name} (${model.id}) is under the licence "${model.licence.name}", and its terms have not been accepted here. Read them with \`npm run models -- show ${name}\`; then \`npm run models -- install ${name} --accept-license\` accepts and installs`
  )
}
