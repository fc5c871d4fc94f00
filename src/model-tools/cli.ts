/**
 * `npm run models -- COMMAND`: data goes to stdout, progress and problems to stderr; the exit code says how it went.
 */
import { parseCommandLine, reportProblem } from '../cli/run-command.ts'
import { closest } from '../config/closest.ts'
import { loadConfig } from '../config/config.ts'
import { readEnvironment } from '../config/environment.ts'
import { isExpected } from '../errors/expected.ts'
import { readManifest } from '../models/manifest-file.ts'
import { type Command, exitCodes, UsageError } from './commands/command.ts'
import { convert } from './commands/convert.ts'
import { cuda } from './commands/cuda.ts'
import { inspect } from './commands/inspect.ts'
import { install } from './commands/install.ts'
import { list } from './commands/list.ts'
import { quantize } from './commands/quantize.ts'
import { remove } from './commands/remove.ts'
import { reshape } from './commands/reshape.ts'
import { show } from './commands/show.ts'
import { verify } from './commands/verify-files.ts'

const commands: Record<string, Command> = {
  list,
  show,
  install,
  verify,
  remove,
  convert,
  reshape,
  quantize,
  inspect,
  cuda
}

function help (): string {
  const width = Math.max(...Object.values(commands).map(({ usage }) => usage.length))
  return [
    'Usage: npm run models -- COMMAND [--json]',
    '',
    ...Object.values(commands).map(({ usage, summary }) => `  ${usage.padEnd(width)}  ${summary}`),
    '',
    'Exit codes: 0 done; 1 not done; 2 wrong use; 3 a licence has to be accepted first.'
  ].join('\n')
}

async function main ([name = '', ...rest]: string[]): Promise<number> {
  const command = commands[name]
  if (command === undefined) {
    if (!['', 'help', '--help', '-h'].includes(name)) throw new UsageError(unknownCommand(name))
    console.log(help())
    return name === '' ? exitCodes.wrongUse : exitCodes.done
  }
  const options = { ...command.options, json: { type: 'boolean' } } as const
  const parsed = parseCommandLine(rest, {
    usage: `npm run models -- ${command.usage} [--json]\n\n${command.summary}`,
    options,
    mostArguments: Infinity
  })
  if (parsed === null) return exitCodes.done
  const { args, values } = parsed
  const config = loadConfig(readEnvironment())
  const { data, text, code = exitCodes.done } = await command.run(
    args,
    values,
    { config, manifest: await readManifest(config) }
  )
  console.log(values.json === true ? JSON.stringify(data, null, 2) : text)
  return code
}

function unknownCommand (name: string): string {
  const meant = closest(name, Object.keys(commands))
  return `There is no command ${name}${meant === null ? '' : `, did you mean ${meant}`}; \`npm run models -- help\` lists them all.`
}

function report (error: unknown, json: boolean): number {
  if (!isExpected(error)) return reportProblem(error)
  const code = 'code' in error ? error.code : 'wrong_setting'
  if (json) console.log(JSON.stringify({ error: code, message: error.message }, null, 2))
  else console.error(error.message)
  if (error instanceof UsageError) return exitCodes.wrongUse
  return code === 'licence_not_accepted' ? exitCodes.licenceNotAccepted : exitCodes.notDone
}

const args = process.argv.slice(2)
process.exitCode = await main(args).catch((error: unknown) => report(error, args.includes('--json')))
