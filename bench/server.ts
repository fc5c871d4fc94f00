/** Starts the service as its own process, the way an operator does, with a temporary data folder and a free port. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Probe } from './probe.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

export interface Server {
  url: string
  /** Milliseconds from the start of the process to the first answer of /api/ready. */
  startMs: number
  /** Everything the process wrote so far. */
  output (): string
  /** What the process says of itself; `reset` begins a new period. */
  probe (question: 'report' | 'reset'): Promise<Probe>
  /** SIGTERM unless another signal is named. */
  stop (signal?: NodeJS.Signals): Promise<void>
}

export interface ServerOptions {
  env?: Record<string, string>
  /** Flags for Node, such as --trace-gc. */
  nodeFlags?: string[]
  /** Kept over restarts; without it a temporary one that `stop` removes. */
  dataDir?: string
}

/** @throws when the process ends before it is ready, with what it wrote */
export async function startServer ({ env = {}, nodeFlags = [], dataDir }: ServerOptions = {}): Promise<Server> {
  const data = dataDir ?? await temporaryFolder()
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const start = performance.now()
  const child = spawn(
    process.execPath,
    // As `npm start` does it.
    ['--no-memory-protection-keys', ...nodeFlags, '--import', new URL('probe.ts', import.meta.url).href, 'src/server/start.js'],
    {
      cwd: root,
      env: {
        ...process.env,
        ENV: 'production',
        LOG_LEVEL: 'warn',
        HOST: '127.0.0.1',
        PORT: String(port),
        DATA_DIR: data,
        ...env
      },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc']
    }
  )
  let output = ''
  for (const stream of [child.stdout!, child.stderr!]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
  }

  while (!await ready(url)) {
    if (hasEnded(child)) throw new Error(`The server ended with ${child.exitCode ?? child.signalCode}: ${output}`)
    await sleep(20)
  }
  if (hasEnded(child)) throw new Error(`Another server took the port ${port}: ${output}`)
  return {
    url,
    startMs: performance.now() - start,
    output: () => output,
    async probe (question) {
      const answer = once(child, 'message')
      child.send(question)
      return (await answer)[0] as Probe
    },
    async stop (signal) {
      await stopped(child, signal)
      if (dataDir === undefined) await rm(data, { recursive: true, force: true })
    }
  }
}

export function temporaryFolder (): Promise<string> {
  return mkdtemp(join(tmpdir(), 'eco-bench-'))
}

async function ready (url: string): Promise<boolean> {
  return fetch(`${url}/api/ready`).then(({ ok }) => ok, () => false)
}

async function stopped (child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  if (hasEnded(child)) return
  const exit = once(child, 'exit')
  child.kill(signal)
  await exit
}

function hasEnded ({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null
}

async function freePort (): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('Expected a TCP address.')
  return address.port
}
