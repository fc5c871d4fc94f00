/** Programs of several commands (`npm run models`, `npm run tasks`): data goes to stdout, problems to stderr. */
import { closest } from '../config/closest.ts'
import { isExpected } from '../errors/expected.ts'
import { exitCodes, type Options, parseCommandLine, reportProblem, UsageError, type Values } from './run-command.ts'

/** What a command found or did: for people and, with --json, for machines. */
export interface Result {
  data: unknown
  text: string
  /** Default: done. */
  code?: number
}

export interface Command<Context> {
  /** Name and arguments; more lines explain the options. */
  usage: string
  summary: string
  options?: Options
  run (args: string[], values: Values, context: Context): Promise<Result>
}

export interface Program<Context> {
  /** As a person calls it, for example `npm run models`. */
  name: string
  commands: Record<string, Command<Context>>
  /** Opens what every command works with; not called for help and wrong use. */
  open: () => Promise<Context>
  /** Last line of the help. */
  exitCodesInWords: string
  /** Exit codes of errors other than 1, by the code of the error. */
  exitCodes?: Record<string, number>
}

/** Runs the command that the arguments of the process name, and sets the exit code. */
export async function runCommands<Context> (program: Program<Context>): Promise<void> {
  const args = process.argv.slice(2)
  process.exitCode = await run(program, args)
    .catch((error: unknown) => report(error, args.includes('--json'), program.exitCodes))
}

async function run<Context> (program: Program<Context>, [name = '', ...rest]: string[]): Promise<number> {
  const command = program.commands[name]
  if (command === undefined) {
    if (!['', 'help', '--help', '-h'].includes(name)) throw new UsageError(unknownCommand(program, name))
    console.log(help(program))
    return name === '' ? exitCodes.wrongUse : exitCodes.done
  }
  const [first, ...more] = command.usage.split('\n')
  const options = { ...command.options, json: { type: 'boolean' } } as const
  const parsed = parseCommandLine(rest, {
    usage: [`${program.name} -- ${first} [--json]`, ...more, '', command.summary].join('\n'),
    options,
    mostArguments: Infinity
  })
  if (parsed === null) return exitCodes.done
  const { args, values } = parsed
  const { data, text, code = exitCodes.done } = await command.run(args, values, await program.open())
  console.log(values['json'] === true ? JSON.stringify(data, null, 2) : text)
  return code
}

function help<Context> ({ name, commands, exitCodesInWords }: Program<Context>): string {
  const lines = Object.values(commands).map(({ usage, summary }) => ({ usage: usage.split('\n')[0]!, summary }))
  const width = Math.max(...lines.map(({ usage }) => usage.length))
  return [
    `Usage: ${name} -- COMMAND [--json]`,
    '',
    ...lines.map(({ usage, summary }) => `  ${usage.padEnd(width)}  ${summary}`),
    '',
    exitCodesInWords
  ].join('\n')
}

function unknownCommand<Context> ({ name, commands }: Program<Context>, given: string): string {
  const meant = closest(given, Object.keys(commands))
  const hint = meant === null ? '' : `, did you mean ${meant}`
  return `There is no command ${given}${hint}; \`${name} -- help\` lists them all.`
}

function report (error: unknown, json: boolean, codes: Record<string, number> = {}): number {
  if (!isExpected(error)) return reportProblem(error)
  const code = 'code' in error ? String(error.code) : 'wrong_setting'
  if (json) console.log(JSON.stringify({ error: code, message: error.message }, null, 2))
  else console.error(error.message)
  if (error instanceof UsageError) return exitCodes.wrongUse
  return codes[code] ?? exitCodes.notDone
}
