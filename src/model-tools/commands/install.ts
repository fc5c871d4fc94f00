import { resolve } from 'node:path'
import { InstallError } from '../../models/install-error.ts'
import { installWithProgress } from '../../models/install-models.ts'
import { acceptanceOf, needsAcceptance, readAcceptances, recordAcceptance } from '../../models/licences.ts'
import { megabytes } from '../../models/progress.ts'
import { filesAt } from '../../models/sources/contents.ts'
import { type Command, type Context, modelsNamed, type Named, UsageError } from './command.ts'
import { termsInWords } from './show.ts'

const usage = 'install [NAME...] [--from FILE|FOLDER|URL] [--accept-license]'

export const install: Command = {
  usage,
  summary: 'downloads packs or models; --from reads them from one place only, without a network',
  options: { from: { type: 'string' }, 'accept-license': { type: 'boolean' } },
  async run (args, values, context) {
    const { config: { MODELS_DIR, MODEL_MIRROR }, manifest } = context
    const from = values.from as string | undefined
    if (args.length === 0 && from === undefined) throw new UsageError(`Usage: npm run models -- ${usage}`)
    const models = args.length > 0 ? modelsNamed(args, manifest) : await knownFilesAt(from!, context)
    await acceptLicences(models, args, values['accept-license'] === true, context)
    const report = await installWithProgress(
      models,
      MODELS_DIR,
      from === undefined ? { mirror: MODEL_MIRROR } : { mirror: from, offline: true }
    )
    const lines = models.map(
      ({ file, size }) =>
        `${report.installed.includes(file) ? 'installed' : 'present  '}  ${resolve(MODELS_DIR, file)} (${megabytes(size)})`
    )
    return { data: { dir: resolve(MODELS_DIR), ...report }, text: lines.join('\n') }
  }
}

async function knownFilesAt (from: string, { manifest }: Context): Promise<Named[]> {
  const models = Object.entries(manifest.models).map(([id, model]) => ({ ...model, id }))
  const found = await filesAt(from, models)
  if (found.length > 0) return found
  throw new InstallError(
    'not_in_source',
    `${resolve(from)} holds no model of the manifest; \`npm run models -- inspect\` shows what a file is, and \`npm run models -- show NAME\` which sha256 is expected`
  )
}

/** Nothing is fetched before its terms were accepted. */
async function acceptLicences (
  models: Named[],
  names: string[],
  accept: boolean,
  { config: { MODELS_DIR, ACCEPT_MODEL_LICENSES }, manifest }: Context
): Promise<void> {
  const named = new Set(ACCEPT_MODEL_LICENSES.split(',').map(name => name.trim()))
  const known = await readAcceptances(MODELS_DIR)
  const open = models.filter(({ licence }) => needsAcceptance(licence) &&
    acceptanceOf(licence, known, manifest) === undefined)
  if (open.length === 0) return
  const terms = termsInWords(open, manifest).join('\n\n')
  if (!accept && ![...names, ...open.map(({ id }) => id)].some(name => named.has(name))) {
    throw new InstallError(
      'licence_not_accepted',
      `${terms}\n\nNothing was installed. To accept these terms add --accept-license, or name the pack in ACCEPT_MODEL_LICENSES.`
    )
  }
  process.stderr.write(`${terms}\n\n`)
  for (const licence of new Map(open.map(({ licence }) => [licence.name, licence])).values()) {
    const { acceptedBy, acceptedAt } = await recordAcceptance(
      licence,
      names.join(', ') || open.map(({ id }) => id).join(', '),
      MODELS_DIR,
      manifest
    )
    process.stderr.write(
      `Accepted by ${acceptedBy} at ${acceptedAt}; recorded in ${resolve(MODELS_DIR, 'licences.json')}\n`
    )
  }
}
