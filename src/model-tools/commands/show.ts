import { resolve } from 'node:path'
import { acceptanceOf, needsAcceptance, readAcceptances, termsOf } from '../../models/licences.ts'
import type { Manifest, Source } from '../../models/manifest.ts'
import { megabytes } from '../../models/progress.ts'
import { type Command, modelsNamed, type Named, UsageError } from './command.ts'
import { isInstalled } from './list.ts'

export const show: Command = {
  usage: 'show NAME...',
  summary: 'files, hashes, sources, licence terms and thresholds of packs or models',
  async run (args, _values, { config: { MODELS_DIR }, manifest }) {
    if (args.length === 0) throw new UsageError('Usage: npm run models -- show NAME...')
    const accepted = await readAcceptances(MODELS_DIR)
    const data = await Promise.all(modelsNamed(args, manifest).map(async model => ({
      ...model,
      path: resolve(MODELS_DIR, model.file),
      installed: await isInstalled(model, MODELS_DIR),
      ...(needsAcceptance(model.licence) && {
        terms: termsOf(model.licence, manifest),
        acceptance: acceptanceOf(model.licence, accepted, manifest) ?? null
      })
    })))
    return { data, text: [...data.map(inWords), ...termsInWords(data, manifest)].join('\n\n') }
  }
}

function inWords (model: Named & { path: string, installed: boolean }): string {
  const { id, title, role, size, sha256, licence, input, sources, path, installed } = model
  const lines = [
    `${id}: ${title}`,
    `  role      ${role}`,
    `  input     ${input.width} x ${input.height} ${input.channels}, (x - ${input.mean}) / ${input.std}`,
    `  file      ${path} (${installed ? 'installed' : 'not installed'})`,
    `  size      ${megabytes(size)} (${size} bytes)`,
    `  sha256    ${sha256}`,
    `  licence   ${licence.name}${licence.url === undefined ? '' : `, ${licence.url}`}`,
    ...sources.map(source => `  source    ${sourceInWords(source)}`)
  ]
  if ('threshold' in model) lines.push(`  threshold ${model.threshold.value}: ${model.threshold.measured}`)
  return lines.join('\n')
}

function sourceInWords (source: Source): string {
  if (source.type === 'npm') return `npm package ${source.package}@${source.version}, ${source.path}`
  return source.path === undefined ? source.url : `${source.url}, ${source.path} in it`
}

/** The terms of each licence that needs acceptance, once. */
export function termsInWords (models: Named[], manifest: Manifest): string[] {
  const licences = new Map(
    models.filter(({ licence }) => needsAcceptance(licence)).map(({ licence }) => [licence.name, licence])
  )
  return [...licences.values()].map(
    licence =>
      `Terms of "${licence.name}"${licence.url === undefined ? '' : ` (${licence.url})`}:\n${termsOf(licence, manifest)}`
  )
}
