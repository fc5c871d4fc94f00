/**
 * What crosses between the store's thread and the main thread. Values are cloned; errors keep their class and code, and
 * a function that opens a sealed value is called before it crosses, so that its fault stays with its value.
 */
import { ServiceError } from '../../errors/errors.ts'
import type { QueuePolicies } from '../queue-policies.ts'
import type { SealerKeys } from '../sealer.ts'
import { StoreError } from '../store-error.ts'
import { LeaseLostError } from '../subjects/deferred.ts'
import { GuessingLockedError } from '../subjects/failures.ts'
import { SketchRaceError } from '../subjects/sketches.ts'

export interface ThreadSettings {
  folder: string
  keys: SealerKeys
  policies: QueuePolicies
}

export interface Call {
  id: number
  method: string
  args: unknown[]
}

export type Result = { value: unknown } | { error: unknown }

/** The first message of the thread: the methods of its store, or why it could not be opened. */
export type Opened = { methods: string[] } | { error: unknown }

export type Answer = Result & { id: number }

/** A function without arguments, as it crosses. */
interface Called {
  called: Result
}

/** The classes of errors that callers distinguish. */
const classes = { Error, StoreError, ServiceError, LeaseLostError, SketchRaceError, GuessingLockedError }

interface EncodedError {
  class: keyof typeof classes
  message: string
  stack: string | undefined
  /** Properties of its own. */
  fields: Record<string, unknown>
}

/**
 * An error of another class crosses as a plain error, with its message, code and stack: the clone of some is no error.
 */
export function encodeError (error: unknown): unknown {
  if (!(error instanceof Error)) return { class: 'Error', message: String(error), stack: undefined, fields: {} }
  const { message, stack } = error
  return { class: Object.hasOwn(classes, error.name) ? error.name : 'Error', message, stack, fields: { ...error } }
}

export function decodeError (encoded: unknown): unknown {
  const { class: name, message, stack, fields } = encoded as EncodedError
  return Object.setPrototypeOf(Object.assign(new Error(message), { ...fields, stack }), classes[name].prototype)
}

/** @param value a result of the store: plain, or an array of rows, some with functions */
export function encodeValue (value: unknown): unknown {
  return Array.isArray(value)
    ? value.map(row => mapProperties(row, isFunction, open => ({ called: outcomeOf(open) })))
    : value
}

export function decodeValue (value: unknown): unknown {
  return Array.isArray(value)
    ? value.map(row =>
      mapProperties(
        row,
        isCalled,
        ({ called }) =>
          () =>
            valueOf(called)
      )
    )
    : value
}

/** Of a leased row that comes back as its lease, the functions stay here. */
export function withoutFunctions (arg: unknown): unknown {
  return mapProperties(arg, isFunction, () => undefined)
}

function valueOf (result: Result): unknown {
  if ('error' in result) throw decodeError(result.error)
  return result.value
}

function outcomeOf (open: () => unknown): Result {
  try {
    return { value: open() }
  } catch (error) {
    return { error: encodeError(error) }
  }
}

function mapProperties<T> (row: unknown, isOne: (value: unknown) => value is T, map: (value: T) => unknown): unknown {
  if (typeof row !== 'object' || row === null) return row
  if (!Object.values(row).some(isOne)) return row
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, isOne(value) ? map(value) : value]))
}

function isFunction (value: unknown): value is () => unknown {
  return typeof value === 'function'
}

function isCalled (value: unknown): value is Called {
  return typeof value === 'object' && value !== null && 'called' in value
}
