/**
 * `@vladmandic/human` on its WebAssembly backend, the one that runs in Node without building anything; see peer.ts. It
 * was installed into the folder of the first argument.
 */
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { basename, join } from 'node:path'
import sharp from 'sharp'
import { answerWith } from './peer.ts'

/** What is used of the library. */
interface Library {
  init (): Promise<void>
  tf: { tensor4d (values: Float32Array, shape: number[]): unknown, dispose (tensor: unknown): void }
  detect (tensor: unknown, config: object): Promise<{ face: HumanFace[], error?: string }>
}
interface HumanFace { box: [number, number, number, number], embedding?: number[], real?: number, live?: number }

const folder = process.argv[2]!
const library = join(folder, 'node_modules', '@vladmandic', 'human')

// It reads its model files over HTTP alone.
const files = createServer((request, response) => {
  readFile(join(library, 'models', basename(request.url ?? ''))).then(
    bytes => response.end(bytes),
    () => response.writeHead(404).end()
  )
}).listen(0, '127.0.0.1')
await once(files, 'listening')

const off = { enabled: false }
const { Human } = createRequire(import.meta.url)(join(library, 'dist', 'human.node-wasm.js')) as {
  Human: new (config: object) => Library
}
const human = new Human({
  backend: 'wasm',
  debug: false,
  wasmPath: `${join(folder, 'node_modules', '@tensorflow', 'tfjs-backend-wasm', 'dist')}/`,
  modelBasePath: `http://127.0.0.1:${(files.address() as AddressInfo).port}/`,
  // Every photo is another one.
  cacheSensitivity: 0,
  filter: off,
  gesture: off,
  body: off,
  hand: off,
  object: { enabled: true },
  face: {
    enabled: true,
    detector: { rotation: true, maxDetected: 5 },
    mesh: { enabled: true },
    iris: off,
    emotion: off,
    description: { enabled: true },
    antispoof: { enabled: true },
    liveness: { enabled: true }
  }
})
await human.init()

answerWith(async (bytes, everything) => {
  const { data, info } = await sharp(bytes)
    .rotate()
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true })
  const tensor = human.tf.tensor4d(new Float32Array(data), [1, info.height, info.width, 3])
  const needed = { enabled: everything }
  const { face, error } = await human.detect(tensor, {
    object: needed,
    face: { antispoof: needed, liveness: needed }
  })
  human.tf.dispose(tensor)
  if (error != null) throw new Error(error)
  const [largest] = face.sort((a, b) => b.box[2] * b.box[3] - a.box[2] * a.box[3])
  return {
    embedding: largest?.embedding ?? null,
    live: everything && largest !== undefined ? { antispoof: largest.real ?? 0, liveness: largest.live ?? 0 } : {}
  }
})
// Everything is loaded once it has seen a photo; the parent's channel keeps the process.
files.unref()
