import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import t from 'tap'

t.test('generated documents are current', async t => {
  await t.resolves(
    promisify(execFile)(process.execPath, ['scripts/docs/index.ts', '--check']),
    'npm run docs writes them'
  )
})
