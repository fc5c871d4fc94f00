/** A start that cannot succeed says why in one sentence, with the way out, and ends by itself. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import type { FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import { listen } from '../../src/server/listen.ts'
import { withoutStarter } from '../helpers/models.ts'
import { temporaryFolder } from '../helpers/temporary-folder.ts'
import { writeTinyOnnx } from '../helpers/tiny-onnx.ts'

const entry = fileURLToPath(new URL('../../src/server/start.js', import.meta.url))

async function start (t: Test, env: Record<string, string>) {
  const child = spawn(process.execPath, [entry], {
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      LOG_LEVEL: 'silent',
      PORT: '0',
      WORKER_THREADS: '2',
      DATA_DIR: temporaryFolder(t),
      ...env
    },
    stdio: ['ignore', 'pipe', 'pipe']
  })
  t.teardown(() => child.kill('SIGKILL'))
  const [[code, signal], out, err] = await Promise.all([once(child, 'exit'), text(child.stdout), text(child.stderr)])
  return { code: code as number | null, signal: signal as string | null, out, err }
}

async function refuses (t: Test, env: Record<string, string>, message: RegExp) {
  const { code, signal, err } = await start(t, env)
  t.same({ code, signal }, { code: 1, signal: null }, `no abort: ${err}`)
  t.match(err, /^Cannot start: [^\n]+\n$/, 'one line')
  t.match(err, message)
}

t.test('a port that another program uses', { skip: withoutStarter }, async t => {
  const other = createServer().listen(0, '127.0.0.1')
  t.teardown(() => other.close())
  await once(other, 'listening')
  const { port } = other.address() as { port: number }
  await refuses(
    t,
    { PORT: String(port) },
    new RegExp(`127\\.0\\.0\\.1:${port} is used by another program\\. Stop it, or set PORT to another port\\.`)
  )
  await refuses(t, { PORT: String(port), WEB_CONCURRENCY: '2' }, /is used by another program/)
})

t.test('a host that is not of this machine', { skip: withoutStarter }, async t => {
  await refuses(
    t,
    { HOST: '192.0.2.1', ALLOW_UNAUTHENTICATED: 'true' },
    /HOST=192\.0\.2\.1 cannot be listened on \(EADDRNOTAVAIL\)\. Set HOST to/
  )
})

t.test('a port that this user may not have', async t => {
  const app = {
    listen: async () => {
      throw Object.assign(new Error('listen EACCES'), { code: 'EACCES', syscall: 'listen' })
    }
  } as Pick<FastifyInstance, 'listen'>
  await t.rejects(listen(app, { HOST: '127.0.0.1', PORT: 80 }), {
    name: 'StartError',
    code: 'EACCES',
    message: /may not listen on 127\.0\.0\.1:80\. Set PORT to one above 1023/
  })
  const fault = new TypeError('a fault of the service')
  await t.rejects(
    listen(
      {
        listen: async () => {
          throw fault
        }
      } as Pick<FastifyInstance, 'listen'>,
      { HOST: '127.0.0.1', PORT: 80 }
    ),
    fault
  )
})

t.test('models that cannot be read', { skip: withoutStarter }, async t => {
  const folder = temporaryFolder(t)
  writeFileSync(join(folder, 'page.onnx'), '<!doctype html><title>404</title>')
  await refuses(t, { YOLO_MODEL_PATH: join(folder, 'page.onnx') }, /YOLO_MODEL_PATH=.*page\.onnx/)
  mkdirSync(join(folder, 'folder.onnx'))
  await refuses(t, { YOLO_MODEL_PATH: join(folder, 'folder.onnx') }, /YOLO_MODEL_PATH=.*folder\.onnx cannot be read/)
  mkdirSync(join(folder, 'models/starter/fr_detect.onnx'), { recursive: true })
  await refuses(t, { MODELS_DIR: join(folder, 'models') }, /starter.fr_detect\.onnx cannot be read \(EISDIR\)/)
  // It looks like a detector, but no operator writes its output: only onnxruntime finds out.
  const hollow = writeTinyOnnx(join(folder, 'hollow.onnx'), {
    input: [1, 3, 64, 64],
    outputs: { output0: [1, 5, 84] },
    metadata: { names: "{0: 'planting'}" }
  })
  await refuses(t, { YOLO_MODEL_PATH: hollow }, /hollow\.onnx/)
})

t.test('a missing CUDA library', { skip: withoutStarter }, async t => {
  await refuses(t, { EXECUTION_PROVIDER: 'cuda' }, /execution provider "cuda".*EXECUTION_PROVIDER to auto or cpu/)
})
