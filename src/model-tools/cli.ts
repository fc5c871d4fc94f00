/** `npm run models -- COMMAND`: data goes to stdout, progress and problems to stderr; the exit code says how it went. */
import { existsSync } from 'node:fs'
import { parseArgs, type ParseArgsOptionsConfig } from 'node:util'
import { ConfigError, loadConfig } from '../config/config.ts'
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
import { ConvertError } from './convert/index.ts'
import { InstallError } from '../models/install-error.ts'
import { readManifest } from '../models/manifest-file.ts'

const commands: Record<string, Command> = { list, show, install, verify, remove, convert, reshape, quantize, inspect, cuda }

const common: ParseArgsOptionsConfig = { json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } }

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

async function main ([name, ...rest]: string[]): Promise<number> {
  const command = commands[name ?? '']
  if (command === undefined) {
    if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
      console.log(help())
      return name === undefined ? exitCodes.wrongUse : exitCodes.done
    }
    throw new UsageError(`There is no command ${name}.\n\n${help()}`)
  }
  const { values, positionals } = parse(rest, command)
  if (values.help === true) {
    console.log(`Usage: npm run models -- ${command.usage} [--json]\n\n${command.summary}`)
    return exitCodes.done
  }
  const config = loadConfig(process.env)
  const { data, text, code = exitCodes.done } = await command.run(positionals, values, { config, manifest: await readManifest(config) })
  console.log(values.json === true ? JSON.stringify(data, null, 2) : text)
  return code
}

function parse (args: string[], command: Command) {
  try {
    return parseArgs({ args, options: { ...common, ...command.options }, allowPositionals: true })
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\nUsage: npm run models -- ${command.usage}`)
  }
}

/** What the person at the keyboard can mend is told in words; only a fault of ours shows its stack. */
function report (error: unknown, json: boolean): number {
  const expected = error instanceof UsageError || error instanceof ConfigError || error instanceof InstallError || error instanceof ConvertError
  if (!expected) {
    console.error(error)
    return exitCodes.notDone
  }
  const code = 'code' in error ? error.code : error instanceof UsageError ? 'wrong_use' : 'wrong_setting'
  if (json) console.log(JSON.stringify({ error: code, message: error.message }, null, 2))
  else console.error(error.message)
  if (error instanceof UsageError) return exitCodes.wrongUse
  return code === 'licence_not_accepted' ? exitCodes.licenceNotAccepted : exitCodes.notDone
}

if (existsSync('.env')) process.loadEnvFile('.env')
const args = process.argv.slice(2)
process.exitCode = await main(args).catch((error: unknown) => report(error, args.includes('--json')))
