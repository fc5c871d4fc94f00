import { rm, rmdir } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { conversionsDir } from '../../models/choose-liveness.ts'
import { convertedPath, removeKept } from '../convert/index.ts'
import { megabytes } from '../../models/progress.ts'
import { hashFile } from '../../models/file-hash.ts'
import { type Command, modelsNamed, UsageError } from './command.ts'

export const remove: Command = {
  usage: 'remove NAME...',
  summary: 'deletes the files of packs or models, changed ones as well, and their conversions',
  async run (args, _values, { config: { MODELS_DIR }, manifest }) {
    if (args.length === 0) throw new UsageError('Usage: npm run models -- remove NAME...')
    const removed = []
    for (const { id, file } of modelsNamed(args, manifest)) {
      const path = resolve(MODELS_DIR, file)
      const found = await hashFile(path)
      if (found === null) continue
      if (!file.endsWith('.onnx')) { await removeKept((await convertedPath(path, conversionsDir(MODELS_DIR, 'liveness'))).path) }
      await rm(path)
      // Stays when something else is in it.
      await rmdir(dirname(path)).catch(() => {})
      removed.push({ id, path, size: found.size })
    }
    return {
      data: { removed },
      text:
        removed.map(({ path, size }) => `removed  ${path} (${megabytes(size)})`).join('\n') ||
        'Nothing of that is installed.'
    }
  }
}
