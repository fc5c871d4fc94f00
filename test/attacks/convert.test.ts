/** A checkpoint that runs code when Python loads it: nothing but a request by name may hand it to Python. */
import { execFile } from 'node:child_process'
import { chmodSync, existsSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { temporaryFolder } from '../helpers/temporary-folder.ts'
import { writeTinyOnnx } from '../helpers/tiny-onnx.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const cli = fileURLToPath(new URL('../../src/model-tools/cli.ts', import.meta.url))
const skip = process.platform === 'win32' && 'needs a shell script'

/** `os.system('true')`, as pickle writes it. */
const evil = Buffer.from('\x80\x02cos\nsystem\n(S\'true\'\ntR.', 'latin1')

/** A folder with a Python that has Ultralytics, and that notes every run in the file `ran`. */
function world (t: Test) {
  const folder = temporaryFolder(t)
  const made = writeTinyOnnx(join(folder, 'made.onnx'), {
    outputs: { output0: [1, 5, 8400] },
    metadata: { names: "{0: 'planting'}" }
  })
  for (const name of ['python3', 'uv', 'docker', 'podman']) {
    writeFileSync(
      join(folder, name),
      `#!/bin/sh\necho ${name} >> ${folder}/ran\necho 8.3.0\nfor last; do :; done\ncp ${made} "$(dirname "$last")/model.onnx"\n`
    )
    chmodSync(join(folder, name), 0o755)
  }
  writeFileSync(join(folder, 'best.pt'), evil)
  writeFileSync(join(folder, 'best.pth'), evil)
  const convert = (args: string[], MODELS_DIR = join(folder, 'models')) =>
    new Promise<{ code: number; out: string; err: string }>(resolve => {
      const env = { ...process.env, NODE_OPTIONS: '', MODELS_DIR, PATH: `${folder}:${process.env.PATH}` }
      execFile(process.execPath, [cli, 'convert', ...args], { cwd: root, env }, (error, out, err) =>
        resolve({ code: error === null ? 0 : Number(error.code), out, err })
      )
    })
  return { folder, convert, ran: () => existsSync(join(folder, 'ran')) }
}

t.test('what the native reader refuses reaches no Python', { skip }, async t => {
  const { folder, convert, ran } = world(t)
  for (const file of ['best.pt', 'best.pth']) {
    t.match(await convert([join(folder, file)]), { code: 1, err: /posix|os\.system|expected/ }, file)
    t.match(await convert([join(folder, file), '--with', 'native']), { code: 1 }, file)
    t.match(
      await convert([join(folder, file), '--with', 'auto']),
      { code: 2, err: /--with takes native, python, uv, docker, podman; found auto/ },
      file
    )
  }
  t.notOk(ran(), 'no interpreter was started')
})

t.test('Python is used when it is asked for by name, and then alone', { skip }, async t => {
  const { folder, convert, ran } = world(t)
  t.match(await convert([join(folder, 'best.pth'), '--with', 'python']), {
    code: 0,
    out: /converted by Ultralytics 8\.3\.0 \(python\)/
  })
  t.ok(ran())
})

t.test('the export finds its file under a relative MODELS_DIR', { skip }, async t => {
  const { folder, convert } = world(t)
  t.match(await convert([join(folder, 'best.pt'), '--with', 'python'], relative(root, join(folder, 'relative'))), {
    code: 0,
    out: /converted by Ultralytics/
  })
})
