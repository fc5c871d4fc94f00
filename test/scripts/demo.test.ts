import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import t from 'tap'

t.test('the demo shows one approval and two rejections with their reasons', async t => {
  const { stdout } = await promisify(execFile)(process.execPath, ['scripts/demo.ts'])
  const verdicts = stdout.split('\n').filter(line => line.startsWith('sample'))
  t.match(verdicts, [/APPROVED/, /REJECTED: Face mismatch/, /REJECTED: Task not verified/])
})
