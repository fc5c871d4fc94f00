/** Why CUDA cannot be used: onnxruntime only says that a shared library failed to load, not which. */
import { globSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const providerLibrary = 'libonnxruntime_providers_cuda.so'

/**
 * The missing library and what installs it; null when nothing is known to be missing. `root` is the folder of
 * onnxruntime-node.
 */
export function missingCudaLibrary (
  root = dirname(dirname(fileURLToPath(import.meta.resolve('onnxruntime-node'))))
): string | null {
  if (process.platform !== 'linux' || process.arch !== 'x64') { return `onnxruntime-node has CUDA for linux/x64, and this is ${process.platform}/${process.arch}` }
  const path = globSync(join(root, 'bin/*/linux/x64', providerLibrary))[0]
  if (path === undefined) return `${providerLibrary} is not installed; \`npm run models -- cuda\` installs it`
  try {
    // No addon, so this always fails; the linker names the first library that it misses.
    process.dlopen({ exports: {} }, path)
  } catch (error) {
    const missing = /^(\S+): cannot open shared object file/.exec((error as Error).message)?.[1]
    if (missing !== undefined) return `${missing} is not installed; it comes with CUDA 12 and cuDNN 9`
  }
  return null
}
