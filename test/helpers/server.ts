/** The service as a process of its own on a free port, as an operator starts it. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Test } from 'tap'
import { temporaryFolder } from './temporary-folder.ts'

const entry = fileURLToPath(new URL('../../src/server/start.js', import.meta.url))

export interface RunningServer {
  url: string
  port: number
  process: ChildProcess
  /** Lines of the log so far, parsed. */
  log: Record<string, unknown>[]
  /** Sends the signal and resolves with the exit code, null when the signal itself ended the process. */
  stop (signal?: NodeJS.Signals): Promise<number | null>
}

/**
 * Starts the service and waits until it listens; the teardown kills it. Settings: one worker, a data folder of its own.
 */
export async function startServer (t: Test, env: Record<string, string> = {}): Promise<RunningServer> {
  const child = spawn(process.execPath, [entry], {
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      ENV: 'production',
      LOG_LEVEL: 'info',
      PORT: '0',
      WORKER_THREADS: '1',
      PRECISION: 'fp32',
      TASKS_FILE: 'config/demonstration.json',
      DATA_DIR: env.DATA_DIR ?? temporaryFolder(t),
      ...env
    },
    stdio: ['ignore', 'pipe', 'pipe']
  })
  const closed = once(child, 'close')
  const stop = async (signal: NodeJS.Signals = 'SIGTERM') => {
    child.kill(signal)
    const [code] = await closed
    return code
  }
  t.teardown(() => child.exitCode === null && child.signalCode === null && stop('SIGKILL'))

  const log: Record<string, unknown>[] = []
  const errors: string[] = []
  createInterface(child.stderr!).on('line', line => errors.push(line))
  const url = await new Promise<string>((resolve, reject) => {
    closed.then(([code, signal]) => reject(new Error(`the server ended with ${code ?? signal}: ${errors.join('\n')}`)))
    createInterface(child.stdout!).on('line', line => {
      const entry = JSON.parse(line)
      log.push(entry)
      const address = /^ready at (\S+)/.exec(entry.msg)
      if (address !== null) resolve(address[1]!)
    })
  })
  return { url, port: Number(new URL(url).port), process: child, log, stop }
}

/** A multipart form as bytes, with its content type. */
export async function encodeForm (
  parts: [field: string, value: string | Uint8Array][]
): Promise<{ body: Buffer; contentType: string }> {
  const form = new FormData()
  for (const [field, value] of parts) {
    if (typeof value === 'string') form.append(field, value)
    else form.append(field, new Blob([new Uint8Array(value)]), 'photo.jpg')
  }
  const response = new Response(form)
  return { body: Buffer.from(await response.arrayBuffer()), contentType: response.headers.get('content-type')! }
}
