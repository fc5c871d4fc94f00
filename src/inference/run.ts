import type { InferenceCallName, InferenceCalls } from '../../workers/types.ts'

/** Runs one inference call in the next free worker. */
export interface Run {
  <Name extends InferenceCallName>(call: Name, input: InferenceCalls[Name]['input']): Promise<InferenceCalls[Name]['output']>
}
