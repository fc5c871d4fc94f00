import { execFile } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { temporaryFolder } from '../../helpers/temporary-folder.ts'
import { writeZip } from '../../helpers/zip-writer.ts'

t.test('a zip of 300 MB passes through less than 200 MB of memory', async t => {
  const block = randomBytes(1 << 20)
  const weights = Buffer.concat(Array.from({ length: 286 }, () => block))
  const dir = temporaryFolder(t)
  const zip = join(dir, 'large.zip')
  writeFileSync(zip, writeZip([{ name: 'large.onnx', data: weights }]))
  const file = {
    file: 'large.onnx',
    size: weights.length,
    sha256: createHash('sha256').update(weights).digest('hex'),
    sources: []
  }
  const install = `
    import { installFiles } from ${JSON.stringify(new URL('../../../src/models/install.ts', import.meta.url).href)}
    let most = 0
    const sample = setInterval(() => { most = Math.max(most, process.memoryUsage.rss()) }, 10)
    await installFiles([${JSON.stringify(file)}], { dir: ${JSON.stringify(join(dir, 'models'))}, mirror: ${JSON.stringify(zip)}, offline: true })
    clearInterval(sample)
    console.log(most)`
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', install])
  const megabytes = Number(stdout) / 1e6
  t.ok(megabytes > 50 && megabytes < 200, `${megabytes.toFixed(0)} MB`)
})
