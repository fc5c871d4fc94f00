/** Carries out a recipe of CONTRIBUTING.md on a copy of the project, as a contributor would. */
import { execFile } from 'node:child_process'
import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import type { Test } from 'tap'
import { temporaryFolder } from '../helpers/temporary-folder.ts'

export interface Recipe {
  /** New files by path. */
  files: Record<string, string>
  /** Changes to files that are there: path, a text that occurs once, and what it becomes. */
  edits: [path: string, found: string, becomes: string][]
}

const run = promisify(execFile)
const COPIED = [
  'src',
  'workers',
  'onnx',
  'config',
  'static',
  'test/helpers',
  'test/storage',
  'test/static/strings.test.ts',
  'models/manifest.json',
  'package.json',
  'tsconfig.json'
]
const LINKED = ['node_modules', 'models/starter', '.cache']

/** A copy of the project with the recipe applied. */
export async function cook (t: Test, { files, edits }: Recipe): Promise<string> {
  const copy = temporaryFolder(t)
  for (const path of COPIED) await cp(path, join(copy, path), { recursive: true })
  for (const path of LINKED) await symlink(join(process.cwd(), path), join(copy, path))
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(copy, path)), { recursive: true })
    await writeFile(join(copy, path), text)
  }
  for (const [path, found, becomes] of edits) {
    const text = await readFile(join(copy, path), 'utf8')
    const occurrences = text.split(found).length - 1
    t.equal(occurrences, 1, `${path} has the place of the recipe once`)
    await writeFile(join(copy, path), text.replace(found, () => becomes))
  }
  return copy
}

/** The compiler's complaints about the copy; empty: the recipe leaves no gap. */
export async function typeErrors (copy: string): Promise<string[]> {
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc')
  const result = await run(process.execPath, [tsc, '--noEmit'], { cwd: copy }).catch(
    (error: { stdout: string }) => error
  )
  return result.stdout.split('\n').filter(line => line.includes('error TS'))
}

/** Runs a test file of the copy; its failure is the error's message. */
export async function prove (copy: string, file: string): Promise<void> {
  await run(process.execPath, [file], {
    cwd: copy,
    env: { PATH: process.env.PATH, TAP: '1', TAP_TIMEOUT: '300' }
  }).catch((error: { stdout: string }) => {
    // A failed assertion and the lines that explain it, without the thousands that passed.
    const lines = error.stdout.split('\n')
    const told = lines.flatMap((line, i) => (/^\s*not ok/.test(line) ? lines.slice(i, i + 25) : []))
    throw new Error(`${file} fails in the copy:\n${(told.length > 0 ? told : lines).slice(0, 100).join('\n')}`)
  })
}
