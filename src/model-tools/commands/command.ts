import type { Manifest, Model } from '../../models/manifest.ts'
import type { Config } from '../../config/config.ts'
import { exitCodes as common, UsageError, type Values } from '../../cli/run-command.ts'
import type { Command as AnyCommand } from '../../cli/run-commands.ts'
import { idsOfPack } from '../../models/resolve.ts'

export { UsageError, type Values }

/** For scripts. */
export const exitCodes = { ...common, licenceNotAccepted: 3 }

export interface Context {
  config: Config
  manifest: Manifest
}

export type Command = AnyCommand<Context>

export type Named = Model & { id: string }

/**
 * The models that packs and ids name, each once.
 * @throws {UsageError} with what is known
 */
export function modelsNamed (names: string[], { packs, models, ensembles }: Manifest): Named[] {
  const ids = names.flatMap(name => {
    if (packs[name] !== undefined) return idsOfPack(packs[name])
    if (ensembles[name] !== undefined) return ensembles[name].families.flat()
    if (models[name] !== undefined) return [name]
    throw new UsageError(
      `There is no pack, ensemble or model ${name}. Packs: ${Object.keys(packs).join(', ')}. Ensembles: ${Object.keys(ensembles).join(', ')}. Models: ${Object.keys(models).join(', ')}.`
    )
  })
  return [...new Set(ids)].map(id => ({ ...models[id]!, id }))
}

/** The one file that a command works on. */
export function onlyArgument (args: string[], usage: string): string {
  if (args.length !== 1) throw new UsageError(`Usage: npm run models -- ${usage}`)
  return args[0]!
}

/** Rows in columns; the first row is the heading. */
export function table (rows: string[][]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map(row => row[column]!.length)))
  return rows.map(row => row.map((cell, column) => cell.padEnd(widths[column]!)).join('  ').trimEnd()).join('\n')
}
