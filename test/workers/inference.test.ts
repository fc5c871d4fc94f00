import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import t from 'tap'
import type { InferenceSetup } from '../../workers/thread-setup.ts'
import { setupOf, starter, withoutStarter } from '../helpers/models.ts'

const entry = new URL('../../workers/inference.ts', import.meta.url).href

/** Runs `expression` (which may use `jobs`, the worker's exports) in a thread that has the setup as its data. */
async function inWorker (setup: InferenceSetup, expression: string): Promise<unknown> {
  const code = `const { parentPort } = require('node:worker_threads')
    import(${JSON.stringify(entry)}).then(async jobs => ${expression})
      .then(result => parentPort.postMessage({ result }), error => parentPort.postMessage({ error }))`
  const worker = new Worker(code, { eval: true, workerData: setup, execArgv: [] })
  try {
    const [answer] = await once(worker, 'message')
    return answer
  } finally {
    await worker.terminate()
  }
}

t.test('the entry exports every job, and they share memory', { skip: withoutStarter }, async t => {
  const answer = await inWorker(setupOf({ ...starter, objectDetector: null }), `{
    const frame = { width: 64, height: 48, pixels: new SharedArrayBuffer(64 * 48 * 3) }
    return {
      report: await jobs.report(),
      decode: await jobs.decode({ bytes: new Uint8Array(0), maxPixels: 1 }),
      faces: await jobs.faces({ frame, embedLimit: 1 }),
      landmarks: await jobs.landmarks({ frame }),
      surroundings: await jobs.surroundings({ frame, box: [0, 0, 10, 10] }),
      liveness: await jobs.liveness({ frame, box: [0, 0, 10, 10] }),
      objects: await jobs.objects({ frame })
    }
  }`)
  t.match(answer, {
    result: {
      report: { provider: 'cpu', labels: [] },
      decode: { problem: { code: 'unreadable' } },
      faces: [],
      landmarks: [],
      surroundings: { width: 32, height: 24 },
      liveness: { models: [{ id: 'fr_liveness' }] },
      objects: { detections: [] }
    }
  })
})

t.test('a refused model fails the first job with its message and leaves the thread alive', async t => {
  const setup = setupOf({ ...starter, faceDetector: { ...starter.faceDetector, path: '/no/such/model.onnx' } })
  t.match(await inWorker(setup, 'jobs.report()'), {
    error: {
      threadError: {
        name: 'ModelError',
        code: 'model_unreadable',
        message: /^Expected an ONNX model in \/no\/such\/model\.onnx/
      }
    }
  })
})
