/** What a worker threw, with the class and the code that it had there. */
import type { ThreadError } from '../../workers/thread-error.ts'
import type { ModelErrorCode } from '../../workers/model-error.ts'

/** A model that cannot be used. The message is a whole sentence. */
export class ModelError extends Error {
  override readonly name = 'ModelError'
  readonly code: ModelErrorCode

  constructor (code: ModelErrorCode, message: string) {
    super(message)
    this.code = code
  }
}

/** Any other error of a worker, under its own name. */
export class WorkerError extends Error {
  readonly code: string | undefined

  constructor (name: string, code: string | undefined, message: string) {
    super(message)
    this.name = name
    this.code = code
  }
}

/** @param thrown what a call into a worker was rejected with; errors of the pool itself pass through */
export function fromWorker (thrown: unknown): unknown {
  if (typeof thrown !== 'object' || thrown === null || !('threadError' in thrown)) return thrown
  const { name, code, message, stack } = (thrown as ThreadError).threadError
  const error =
    name === 'ModelError' ? new ModelError(code as ModelErrorCode, message) : new WorkerError(name, code, message)
  return stack === undefined ? error : Object.assign(error, { stack })
}
