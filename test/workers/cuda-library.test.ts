import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { missingCudaLibrary } from '../../workers/cuda-library.ts'
import { temporaryFolder } from '../helpers/temporary-folder.ts'

const elsewhere = `${process.platform}/${process.arch}` !== 'linux/x64' && 'CUDA files exist for linux/x64 alone'

t.test('the file that is not there is named, with the command that installs it', { skip: elsewhere }, async t => {
  t.match(
    missingCudaLibrary(temporaryFolder(t)),
    /^libonnxruntime_providers_cuda\.so is not installed; `npm run models -- cuda`/
  )
})

t.test('a file that cannot be read as a library explains nothing', { skip: elsewhere }, async t => {
  const root = temporaryFolder(t)
  mkdirSync(join(root, 'bin/napi-v6/linux/x64'), { recursive: true })
  writeFileSync(join(root, 'bin/napi-v6/linux/x64/libonnxruntime_providers_cuda.so'), 'no library')
  t.equal(missingCudaLibrary(root), null)
})
