/** `npm run tasks -- COMMAND`: data goes to stdout, progress and problems to stderr. */
import { exitCodes, parseCommandLine, reportProblem, UsageError } from '../cli/run-command.ts'
import { closest } from '../config/closest.ts'
import { loadConfig } from '../config/config.ts'
import { readEnvironment } from '../config/environment.ts'
import { isExpected } from '../errors/expected.ts'
import type { Command } from './commands/command.ts'
import { learnFromReviews } from './commands/learn-from-reviews.ts'
import { list } from './commands/list.ts'
import { remove } from './commands/remove.ts'
import { show } from './commands/show.ts'
import { teach } from './commands/teach.ts'
import { test } from './commands/test.ts'

const commands: Record<string, Command> = { list, show, teach, 'learn-from-reviews': learnFromReviews, test, remove }

function help (): string {
  const width = Math.max(...Object.values(commands).map(({ usage }) => usage.split('\n')[0]!.length))
  return [
    'Usage: npm run tasks -- COMMAND [--json]',
    '',
    ...Object.values(commands).map(({ usage, summary }) => `  ${usage.split('\n')[0]!.padEnd(width)}  ${summary}`),
    '',
    'COMMAND --help says more. Exit codes: 0 done; 1 not done; 2 wrong use.'
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
    usage: `npm run tasks -- ${command.usage}\n\n${command.summary}`,
    options,
    mostArguments: Infinity
  })
  if (parsed === null) return exitCodes.done
  const { args, values } = parsed
  const { data, text, code = exitCodes.done } = await command.run(args, values, loadConfig(readEnvironment()))
  console.log(values.json === true ? JSON.stringify(data, null, 2) : text)
  return code
}

function unknownCommand (name: string): string {
  const meant = closest(name, Object.keys(commands))
  return `There is no command ${name}${meant === null ? '' : `, did you mean ${meant}`}; \`npm run tasks -- help\` lists them all.`
}

function report (error: unknown, json: boolean): number {
  if (!json || !isExpected(error)) return reportProblem(error)
  console.log(
    JSON.stringify({ error: 'code' in error ? error.code : 'wrong_setting', message: error.message }, null, 2)
  )
  return error instanceof UsageError ? exitCodes.wrongUse : exitCodes.notDone
}

const args = process.argv.slice(2)
process.exitCode = await main(args).catch((error: unknown) => report(error, args.includes('--json')))
