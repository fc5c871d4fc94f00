import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { InstallError } from '../../models/install-error.ts'
import { forgetPrecision } from '../../models/precision.ts'
import { type Command } from './command.ts'

export const cuda: Command = {
  usage: 'cuda',
  summary: 'installs the CUDA files of the installed onnxruntime-node with its own script',
  async run (_args, _values, { config }) {
    if (`${process.platform}/${process.arch}` !== 'linux/x64') {
      throw new InstallError(
        'no_source',
        `CUDA files of onnxruntime-node exist for linux/x64; this is ${process.platform}/${process.arch}. Set EXECUTION_PROVIDER to webgpu or cpu`
      )
    }
    const root = dirname(dirname(fileURLToPath(import.meta.resolve('onnxruntime-node'))))
    const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string }
    // The script prints to stdout, which belongs to the result.
    const script = spawn(process.execPath, [join(root, 'script/install.js')], {
      cwd: root, stdio: ['ignore', 2, 2], env: { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'cuda12' }
    })
    const [status] = await once(script, 'exit') as [number | null]
    if (status !== 0) {
      throw new InstallError(
        'source_unreachable',
        `the install script of onnxruntime-node ${version} failed (${status ?? 'killed'}); it fetches libonnxruntime_providers_cuda.so from api.nuget.org, so check the network and the proxy (GLOBAL_AGENT_HTTPS_PROXY)`
      )
    }
    await forgetPrecision(config)
    return {
      data: { onnxruntime: version, folder: root },
      text: `The CUDA provider of onnxruntime-node ${version} is installed. It also needs CUDA 12 and cuDNN 9; EXECUTION_PROVIDER=cuda says what is missing.`
    }
  }
}
