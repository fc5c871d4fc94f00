import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { acceptanceOf, needsAcceptance, readAcceptances } from '../../models/licences.ts'
import { megabytes } from '../../models/progress.ts'
import { idsOfPack } from '../../models/resolve.ts'
import { type Command, modelsNamed, type Named, table } from './command.ts'

/** Present with the right size; `verify` looks at the bytes. */
export async function isInstalled ({ file, size }: Named, dir: string): Promise<boolean> {
  return await stat(resolve(dir, file)).then(found => found.size === size, () => false)
}

export const list: Command = {
  usage: 'list',
  summary: 'packs, ensembles and models of your own: what is installed, how large it is, under which licence',
  async run (_args, _values, { config, manifest }) {
    const accepted = await readAcceptances(config.MODELS_DIR)
    const describe = async (models: Named[]) => {
      const installed = await Promise.all(models.map(model => isInstalled(model, config.MODELS_DIR)))
      const licences = [...new Map(models.map(({ licence }) => [licence.name, licence])).values()]
      return {
        models: models.map(({ id }) => id),
        bytes: models.reduce((sum, { size }) => sum + size, 0),
        state: installed.every(Boolean) ? 'installed' : installed.some(Boolean) ? 'partly' : 'not installed',
        licences: licences.map(licence => ({
          name: licence.name,
          commercial: licence.commercial,
          accepted: needsAcceptance(licence) ? acceptanceOf(licence, accepted, manifest)?.acceptedAt ?? null : undefined
        }))
      }
    }
    const packed = Object.entries(manifest.packs).map(([name, pack]) => ({
      name,
      title: pack.title,
      ids: idsOfPack(pack)
    }))
    const combined = Object.entries(manifest.ensembles).map(([name, { title, families }]) => ({
      name,
      title,
      ids: families.flat()
    }))
    const grouped = new Set([...packed, ...combined].flatMap(({ ids }) => ids))
    const single = Object
      .entries(manifest.models)
      .filter(([id]) => !grouped.has(id))
      .map(([id, { title }]) => ({ name: id, title, ids: [id] }))
    const [packs, ensembles, others] = await Promise.all([packed, combined, single].map(group =>
      Promise.all(group.map(async ({ name, title, ids }) => ({
        name,
        title,
        ...await describe(modelsNamed(ids, manifest))
      })))))
    const rows = [...packs!, ...ensembles!, ...others!].map(({ name, models, bytes, state, licences }) => [
      name, state, megabytes(bytes), models.join(', '), licences.map(licenceInWords).join('; ')
    ])
    return {
      data: { dir: resolve(config.MODELS_DIR), packs, ensembles, others },
      text: table([['name', 'state', 'size', 'models', 'licences'], ...rows])
    }
  }
}

function licenceInWords ({ name, accepted }: { name: string, accepted: string | null | undefined }): string {
  if (accepted === undefined) return name
  return accepted === null ? `${name} (not accepted)` : `${name} (accepted ${accepted.slice(0, 10)})`
}
