/** The manifest as a document: what each pack and model is, weighs, allows and was measured to do. */
import type { Manifest, Model } from '../../src/models/manifest.ts'
import { megabytes } from '../../src/models/progress.ts'
import { idsOfPack } from '../../src/models/resolve.ts'

function row (...cells: string[]): string {
  return `| ${cells.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |`
}

function licenceLink ({ name, commercial, url }: Model['licence']): string {
  const linked = url === undefined ? name : `[${name}](${url})`
  return commercial ? linked : `**${linked}**`
}

/** One row a pack or ensemble: what to write into the setting, and what comes in. */
export function packTable ({ packs, ensembles, models }: Manifest): string {
  const size = (ids: string[]) => megabytes(ids.reduce((sum, id) => sum + models[id]!.size, 0))
  const licences = (ids: string[]) => [...new Set(ids.map(id => licenceLink(models[id]!.licence)))].join(', ')
  const line = (name: string, title: string, ids: string[], use: string) =>
    row(`\`${name}\``, title, ids.map(id => `\`${id}\``).join(', '), size(ids), licences(ids), use)
  return [
    row('name', 'what', 'models', 'size', 'licence', 'use'),
    row(...Array<string>(6).fill('---')),
    ...Object.entries(packs).map(([name, pack]) => line(name, pack.title, idsOfPack(pack), `\`INSIGHT_PACK=${name}\``)),
    ...Object.entries(ensembles).map(([name, { title, families }]) =>
      line(name, title, families.flat(), `\`LIVENESS_MODEL_PTH=${name}\``)
    )
  ].join('\n')
}

/** One row a model, with the numbers of its preprocessing. */
export function modelTable ({ models }: Manifest): string {
  return [
    row('model', 'task', 'what', 'input', 'size', 'licence'),
    row(...Array<string>(6).fill('---')),
    ...Object.entries(models).map(([id, { role, title, input, size, licence }]) => row(
      `\`${id}\``, role, title,
      `${input.width} x ${input.height} ${input.channels}, (x - ${input.mean}) / ${input.std}`,
      megabytes(size), licenceLink(licence)
    ))
  ].join('\n')
}

/** One row a threshold: nobody should trust a number without knowing where it comes from. */
export function thresholdTable ({ models, ensembles }: Manifest): string {
  const measured = Object.entries({ ...models, ...ensembles }).flatMap(([id, entry]) =>
    'threshold' in entry ? [{ id, ...entry.threshold }] : []
  )
  return [
    row('model', 'threshold', 'how it was measured'),
    row(...Array<string>(3).fill('---')),
    ...measured.map(({ id, value, measured }) => row(`\`${id}\``, String(value), measured))
  ].join('\n')
}
