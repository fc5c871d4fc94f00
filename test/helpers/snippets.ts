/** Code blocks of Markdown files, and how to run them against a server under test. */
import { execFile, execFileSync } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

/** The address that documents speak of. */
const DOCUMENTED = 'http://127.0.0.1:5000'
const client = fileURLToPath(new URL('../../clients/typescript/src/index.ts', import.meta.url))

export interface Snippet {
  /** File and line, for messages. */
  where: string
  language: string
  code: string
}

/** The fenced code blocks of a Markdown file that talk to the service. */
export async function snippetsThatCall (path: string): Promise<Snippet[]> {
  const text = await readFile(path, 'utf8')
  return [...text.matchAll(/^```(\w+)\n(.*?)^```$/gms)]
    .map(match => ({
      where: `${path}:${text.slice(0, match.index).split('\n').length}`,
      language: match[1]!,
      code: match[2]!
    }))
    .filter(({ code, language }) => code.includes(DOCUMENTED) && language in runners)
}

/** Program and file ending by language of the fence. */
const runners: Record<string, [program: string, ending: string]> = {
  sh: ['bash', 'sh'],
  js: [process.execPath, 'mjs'],
  ts: [process.execPath, 'ts'],
  python: ['python3', 'py']
}

/** For a test's skip option: false, or why snippets of this language cannot run here. */
export function noRunner (language: string): string | false {
  const program = runners[language]![0]
  try {
    execFileSync(program, ['--version'])
    return false
  } catch {
    return `needs ${program}`
  }
}

/** Runs a snippet in a folder and returns what it prints; rejects when it fails. */
export async function runSnippet ({ language, code }: Snippet, folder: string, address: string): Promise<string> {
  const [program, ending] = runners[language]!
  const file = join(folder, `snippet.${ending}`)
  const prelude = language === 'sh' ? 'set -eu\n' : ''
  await writeFile(
    file,
    prelude + code.replaceAll(DOCUMENTED, address).replace("'eco-connect-verification-client'", JSON.stringify(client))
  )
  const { stdout, stderr } = await promisify(execFile)(program, [file], {
    cwd: folder,
    env: { ...process.env, NO_PROXY: '127.0.0.1' }
  })
  return stdout + stderr
}
