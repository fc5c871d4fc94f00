import type { ModelSet } from '../../workers/types.ts'
import type { Config } from '../config/config.ts'
import { installFiles, type InstallOptions, type InstallReport } from './install.ts'
import type { RemoteFile } from './manifest.ts'
import { megabytes, reportProgress } from './progress.ts'
import { activeModels } from './active-models.ts'

/**
 * Hashes the models that are there and installs the missing ones, with progress on stderr.
 * @throws {InstallError} also when a model file was changed
 */
export async function installModels (
  models: ModelSet,
  { MODELS_DIR, MODEL_MIRROR }: Pick<Config, 'MODELS_DIR' | 'MODEL_MIRROR'>
): Promise<InstallReport> {
  return await installWithProgress(activeModels(models), MODELS_DIR, { mirror: MODEL_MIRROR })
}

/** Like `installFiles`, with progress on stderr; Ctrl-C and SIGTERM stop it cleanly. */
export async function installWithProgress (
  files: RemoteFile[],
  dir: string,
  options: Pick<InstallOptions, 'mirror' | 'offline'> = {}
): Promise<InstallReport> {
  const interrupted = new AbortController()
  const interrupt = () => interrupted.abort()
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt)
  const progress = reportProgress(process.stderr)
  try {
    const report = await installFiles(files, {
      ...options,
      dir,
      onProgress: progress.onProgress,
      onRetry: tellRetry,
      signal: interrupted.signal
    })
    progress.stop()
    if (report.installed.length > 0) {
      process.stderr.write(
        `Installed ${report.installed.length} files, ${megabytes(sizeOf(files, report.installed))}, in ${dir}\n`
      )
    }
    return report
  } finally {
    progress.stop()
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt)
  }
}

function tellRetry (text: string): void {
  process.stderr.write(`${text}; trying again\n`)
}

function sizeOf (files: RemoteFile[], installed: string[]): number {
  return files.filter(({ file }) => installed.includes(file)).reduce((sum, { size }) => sum + size, 0)
}
