/** Runs tap on all cores (`TAP_JOBS` says otherwise); arguments go to tap. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { availableParallelism } from 'node:os'

const env = { ...process.env, TAP_JOBS: process.env.TAP_JOBS ?? String(availableParallelism()) }
const tap = spawn('tap', process.argv.slice(2), { env, stdio: 'inherit', shell: process.platform === 'win32' })
const [code] = await once(tap, 'exit')
process.exitCode = code ?? 1
