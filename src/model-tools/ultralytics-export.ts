/**
 * The official export, run by an installed Ultralytics. Loading a checkpoint there runs code that is stored in it: for
 * files of one's own only.
 */
import { execFile } from 'node:child_process'
import { copyFile, mkdir, mkdtemp, rm, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { ConvertError } from './convert/index.ts'

const run = promisify(execFile)

/**
 * Ways to an interpreter with Ultralytics: the command and what comes before Python's own arguments, for a working
 * folder.
 */
export const runners: Record<string, (folder: string) => [command: string, ...args: string[]]> = {
  python: () => [process.platform === 'win32' ? 'python' : 'python3'],
  uv: () => ['uv', 'run', '--no-project', '--with', 'ultralytics,onnx', 'python'],
  docker: folder => ['docker', ...container(folder)],
  podman: folder => ['podman', ...container(folder)]
}

function container (folder: string): string[] {
  return [
    'run',
    '--rm',
    '--network',
    'none',
    '--volume',
    `${folder}:${folder}`,
    '--workdir',
    folder,
    'ultralytics/ultralytics:latest',
    'python3'
  ]
}

const exportScript =
  "import sys, ultralytics; print(ultralytics.__version__); ultralytics.YOLO(sys.argv[1]).export(format='onnx', dynamic=True, simplify=False)"

export interface Export {
  onnx: string
  version: string
  /** Removes what the export left. */
  finish (): Promise<void>
}

/**
 * @param folder where to work; made when missing
 * @throws ConvertError `unsupported_model` with the last line that the export said
 */
export async function exportWith (runner: string, checkpoint: string, folder: string): Promise<Export> {
  await mkdir(folder, { recursive: true })
  // Absolute, since the interpreter has another working directory.
  const work = await mkdtemp(join(resolve(folder), 'export-'))
  const finish = () => rm(work, { recursive: true, force: true })
  const copy = join(work, 'model.pt')
  const onnx = join(work, 'model.onnx')
  const [command, ...args] = runners[runner]!(work)
  try {
    await copyFile(checkpoint, copy)
    const { stdout } = await run(command, [...args, '-c', exportScript, copy], { cwd: work, maxBuffer: 64 << 20 })
    await stat(onnx)
    return { onnx, version: stdout.split('\n')[0]!.trim(), finish }
  } catch (error) {
    await finish()
    throw new ConvertError(
      'unsupported_model',
      `expected the export of Ultralytics (${command}) to write an ONNX file, found none: ${lastLine(error)}`,
      { cause: error }
    )
  }
}

function lastLine (error: unknown): string {
  const { stderr, message } = error as Error & { stderr?: string }
  return (stderr === undefined || stderr.trim() === '' ? message : stderr).trim().split('\n').at(-1)!.slice(0, 300)
}
