/**
 * What the commands of `npm run` share: `--help`, one sentence for a wrong use, one for everything that a person can
 * correct, and the exit codes. Data goes to stdout, problems to stderr.
 */
import { parseArgs, type ParseArgsOptionsConfig } from 'node:util'
import { closest } from '../config/closest.ts'
import { isExpected } from '../errors/expected.ts'

/** For scripts. */
export const exitCodes = { done: 0, notDone: 1, wrongUse: 2 }

/** The command line itself is wrong. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
  readonly code = 'wrong_use'
}

export type Options = ParseArgsOptionsConfig
export type Values = Record<string, string | boolean | (string | boolean)[] | undefined>

export interface CommandLine {
  /** How it is called, one line or more, without "Usage:". */
  usage: string
  options?: Options
  /** Most arguments that are no options; default: none. */
  mostArguments?: number
}

export interface Parsed {
  values: Values
  args: string[]
}

const help = { help: { type: 'boolean', short: 'h' } } satisfies Options

/**
 * Reads the arguments of a command; null after `--help`, which only prints the usage.
 * @throws {UsageError} for an option or an argument that the command does not have
 */
export function parseCommandLine (
  given: string[],
  { usage, options = {}, mostArguments = 0 }: CommandLine
): Parsed | null {
  const known = { ...options, ...help }
  if (given.includes('--help') || given.includes('-h')) {
    console.log(`Usage: ${usage}`)
    return null
  }
  const { values, positionals } = parsed(given, known)
  if (positionals.length > mostArguments) {
    throw new UsageError(
      `Expected ${mostArguments === 0 ? 'no argument' : `at most ${mostArguments} ${mostArguments === 1 ? 'argument' : 'arguments'}`}, found ${positionals.join(' ')}; --help shows how to call it.`
    )
  }
  return { values, args: positionals }
}

function parsed (args: string[], options: Options) {
  try {
    return parseArgs({ args, options, allowPositionals: true })
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    const unknown = code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION' ? /'([^']*)'/.exec(message)?.[1] : undefined
    if (unknown === undefined) { throw new UsageError(`${message.split(/\. To specify|\n/)[0]}; --help shows how to call it.`) }
    const meant = closest(unknown.replace(/^-+/, ''), Object.keys(options))
    throw new UsageError(
      `There is no option ${unknown}${meant === null ? '' : `, did you mean --${meant}`}; --help shows how to call it.`
    )
  }
}

/** Runs a command and sets the exit code; `work` answers with another one than "done" if it likes. */
export async function runCommand (
  commandLine: CommandLine,
  work: (parsed: Parsed) => Promise<number | void>
): Promise<void> {
  try {
    const parsed = parseCommandLine(process.argv.slice(2), commandLine)
    process.exitCode = parsed === null ? exitCodes.done : await work(parsed) ?? exitCodes.done
  } catch (error) {
    process.exitCode = reportProblem(error)
  }
}

/** Tells a person what went wrong: a sentence, or the stack of what is a fault of the program. */
export function reportProblem (error: unknown): number {
  console.error(isExpected(error) ? error.message : error)
  return error instanceof UsageError ? exitCodes.wrongUse : exitCodes.notDone
}
