/** The only importer of onnxruntime-node: chooses the execution provider, opens model files, runs them. */
import { readFile } from 'node:fs/promises'
import { env, InferenceSession, listSupportedBackends, Tensor } from 'onnxruntime-node'
import { missingCudaLibrary } from './cuda-library.ts'
import { ModelError } from './model-error.ts'
import { flushNegligibleWeights } from './onnx-weights.ts'

// The starter models make onnxruntime print hundreds of warnings; real failures are thrown, not printed.
env.logLevel = 'fatal'
const onlyErrors = 3

/** One axis of a tensor; null where the model leaves it open. */
export type Axis = number | null

/** One output of a run: `data` holds the elements row by row, `shape` the length of every axis. */
export interface Output {
  name: string
  shape: number[]
  data: Float32Array
}

/**
 * Gives the memory of large outputs back at once: waiting megabytes outside the heap make the garbage collector run.
 */
export function release (outputs: Output[]): void {
  for (const { data } of outputs) (data.buffer as ArrayBuffer).transfer(0)
}

/** An opened model with one image input. */
export interface Session {
  /** Declared input shape, NCHW. */
  inputShape: Axis[]
  /**
   * Runs the model on `data` of the given shape. `data` may be reused once the promise has settled; until then the
   * caller must not touch it. The thread is blocked while the model runs.
   */
  run (data: Float32Array, shape: number[]): Promise<Output[]>
  close (): Promise<void>
}

/** What the providers need beyond the npm package, named in the message when it is missing. */
const needs: Record<string, string> = {
  cuda: 'libonnxruntime_providers_cuda (`npm run models -- cuda`) with CUDA 12 and cuDNN 9',
  webgpu: 'a WebGPU adapter (a GPU with Vulkan, Metal or Direct3D 12 drivers)',
  coreml: 'macOS',
  dml: 'Windows with DirectML'
}

export interface Provider {
  /** As onnxruntime calls it. */
  name: string
  /** Why `auto` did not take the faster one; null where nothing was given up. */
  reason: string | null
}

/**
 * Settles which execution provider the sessions use: `auto` is CUDA when `path` opens with it, else the CPU.
 * Throws ModelError `provider_unavailable` when a provider asked for by name cannot be had.
 */
export async function chooseProvider (requested: string, path: string): Promise<Provider> {
  if (requested === 'cpu') return { name: 'cpu', reason: null }
  const provider = requested === 'auto' ? 'cuda' : requested
  try {
    const known = listSupportedBackends().map(backend => backend.name)
    if (!known.includes(provider)) throw new Error(`this build of onnxruntime-node knows ${known.join(', ')}`)
    const session = await create(path, provider, 1)
    await session.release()
    return { name: provider, reason: null }
  } catch (cause) {
    const why = provider === 'cuda' ? missingCudaLibrary() ?? firstLine(cause) : firstLine(cause)
    if (requested === 'auto') return { name: 'cpu', reason: `CUDA cannot be used: ${why}` }
    throw new ModelError(
      'provider_unavailable',
      `Expected the execution provider "${provider}", which needs ${needs[provider] ?? 'another build of onnxruntime'}, ` +
        `but it could not be loaded (${why}). Install what is missing, or set EXECUTION_PROVIDER to auto or cpu.`,
      { cause }
    )
  }
}

/** Opens the model file at `path`. Throws ModelError `model_unreadable` when onnxruntime refuses it. */
export async function openSession (path: string, provider: string, intraOpThreads: number): Promise<Session> {
  let session: InferenceSession
  try {
    session = await create(path, provider, intraOpThreads)
  } catch (cause) {
    throw new ModelError(
      'model_unreadable',
      `Expected an ONNX model in ${path}, but onnxruntime could not open it (${firstLine(cause)}). Install the model again.`,
      { cause }
    )
  }
  const input = session.inputMetadata[0]
  if (
    session.inputMetadata.length !== 1 ||
    !input?.isTensor ||
    (input.type !== 'float32' && input.type !== 'float16')
  ) {
    throw new ModelError(
      'model_refused',
      `Expected ${path} to take one float32 or float16 tensor, found the inputs ${session.inputNames.join(', ')}. Use another export of the model.`
    )
  }
  return {
    inputShape: input.shape.map(axis => typeof axis === 'number' ? axis : null),
    async run (data, shape) {
      const tensor = input.type === 'float16' ? halfPrecision(data, shape) : new Tensor('float32', data, shape)
      const results = await session.run({ [input.name]: tensor })
      return session.outputNames.map(name => {
        const tensor = results[name]
        const values = singlePrecision(tensor?.data)
        if (tensor === undefined || values === null) {
          throw new ModelError(
            'model_refused',
            `Expected the output ${name} of ${path} to be float32 or float16, found ${tensor?.type}. Use another export of the model.`
          )
        }
        return { name, shape: [...tensor.dims], data: values }
      })
    },
    close: () => session.release()
  }
}

/**
 * onnxruntime-node 1.30 takes the bits alone, while its Tensor turns them into a Float16Array wherever there is one.
 */
function halfPrecision (data: Float32Array, shape: number[]): Tensor {
  const bits = new Uint16Array(new Float16Array(data).buffer)
  return Object.defineProperty(new Tensor('float16', bits, shape), 'data', { value: bits })
}

/** Float16 outputs come as such or as their bits, depending on the platform's typed arrays; null for other types. */
function singlePrecision (data: unknown): Float32Array | null {
  if (data instanceof Float32Array) return data
  if (data instanceof Float16Array) return new Float32Array(data)
  return data instanceof Uint16Array
    ? new Float32Array(new Float16Array(data.buffer, data.byteOffset, data.length))
    : null
}

async function create (path: string, provider: string, intraOpThreads: number): Promise<InferenceSession> {
  const bytes = await readFile(path)
  const options: InferenceSession.SessionOptions = {
    executionProviders: [provider],
    graphOptimizationLevel: 'all',
    executionMode: 'sequential',
    intraOpNumThreads: intraOpThreads,
    // Threads that wait in a loop for the next operator would take the cores of the other workers; small blocks of work
    // let a thread that comes late take fewer of them (bench/NOTES.md).
    extra: { session: { intra_op: { allow_spinning: '0' }, dynamic_block_base: '4' } },
    interOpNumThreads: 1,
    // One block planned for all activations is a fifth larger than pieces from the arena, and no faster
    // (bench/NOTES.md).
    enableMemPattern: false,
    logSeverityLevel: onlyErrors
  }
  return flushNegligibleWeights(bytes)
    ? InferenceSession.create(bytes, options)
    : InferenceSession.create(path, options)
}

function firstLine (error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? ''
}
