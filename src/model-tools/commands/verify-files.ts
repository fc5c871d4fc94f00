import { resolve } from 'node:path'
import { hashFile, matches } from '../../models/file-hash.ts'
import { type Command, exitCodes, modelsNamed, table } from './command.ts'

export const verify: Command = {
  usage: 'verify [NAME...]',
  summary: 'hashes installed files; without a name all that are there',
  async run (args, _values, { config: { MODELS_DIR }, manifest }) {
    const models = modelsNamed(args.length === 0 ? Object.keys(manifest.models) : args, manifest)
    const data = []
    for (const model of models) {
      const path = resolve(MODELS_DIR, model.file)
      const found = await hashFile(path)
      if (found === null && args.length === 0) continue
      const state = found === null ? 'missing' : matches(found, model) ? 'ok' : 'changed'
      data.push({ id: model.id, path, state, expected: model.sha256, found: found?.sha256 ?? null })
    }
    const wrong = data.filter(({ state }) => state !== 'ok')
    const details = wrong.map(
      ({ path, expected, found }) => `${path}: expected sha256 ${expected}, found ${found ?? 'no file'}`
    )
    return {
      data,
      text:
        data.length === 0
          ? 'No model is installed.'
          : [
              table([['model', 'state', 'file'], ...data.map(({ id, state, path }) => [id, state, path])]),
              ...details
            ].join('\n'),
      code: wrong.length === 0 ? exitCodes.done : exitCodes.notDone
    }
  }
}
