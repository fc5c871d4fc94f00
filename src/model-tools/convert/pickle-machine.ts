/** The stack machine that a pickle runs on. Nothing is imported: the policy builds what the pickle names. */
import { ConvertError } from './errors.ts'
import { type Cursor, malformed } from './pickle-cursor.ts'

/**
 * Builds the value of an allowed global from the arguments of its call. Must check them, since they come from the file,
 * and must not copy lists of any length: three bytes of pickle call it again on the same list.
 */
export type Builder = (args: unknown[]) => unknown

export interface Policy {
  /**
   * The builder of a global by its full name (`collections.OrderedDict`), or undefined to have it refused by that name.
   */
  find: (name: string) => Builder | undefined
  /** Turns a persistent id (in PyTorch files: a storage) into a value; absent: persistent ids are refused. */
  persistent?: (id: unknown) => unknown
}

export interface Limits {
  /** Bytes that one pickle may span. */
  bytes: number
  /** Opcodes, which bound the objects and memo entries too. */
  operations: number
  /** Open marks, which bound how deep literals nest. */
  depth: number
}

/**
 * Real checkpoints stay far below: a YOLOv8n has 30 000 opcodes. An empty dictionary is one opcode and costs 200 bytes
 * here.
 */
export const defaultLimits: Limits = { bytes: 32 << 20, operations: 1_000_000, depth: 1000 }

/** An object of an allowed class whose code is not here: its name, constructor arguments and `__dict__`. */
export class PickledObject {
  readonly className: string
  readonly args: unknown[]
  state: unknown = null

  constructor (className: string, args: unknown[]) {
    this.className = className
    this.args = args
  }
}

/** A class or function that the pickle named and the policy allowed. */
export class PickledGlobal {
  readonly name: string
  readonly build: Builder

  constructor (name: string, build: Builder) {
    this.name = name
    this.build = build
  }
}

/** The stack machine: marks split the stack, as in CPython's own unpickler. */
export class Machine {
  readonly cursor: Cursor
  readonly policy: Policy
  readonly limits: Limits
  stack: unknown[] = []
  readonly marks: unknown[][] = []
  readonly memo = new Map<number, unknown>()

  constructor (cursor: Cursor, policy: Policy, limits: Limits) {
    this.cursor = cursor
    this.policy = policy
    this.limits = limits
  }

  push (value: unknown): void { this.stack.push(value) }

  pop (): unknown {
    if (this.stack.length === 0) throw malformed('an opcode that needs a value on an empty stack')
    return this.stack.pop()
  }

  top (): unknown {
    if (this.stack.length === 0) throw malformed('an opcode that needs a value on an empty stack')
    return this.stack[this.stack.length - 1]
  }

  mark (): void {
    if (this.marks.length >= this.limits.depth) throw malformed(`values nested deeper than ${this.limits.depth}`)
    this.marks.push(this.stack)
    this.stack = []
  }

  popMark (): unknown[] {
    const items = this.stack
    const outer = this.marks.pop()
    if (!outer) throw malformed('a closing opcode without its mark')
    this.stack = outer
    return items
  }

  tuple (length: number): void {
    if (this.stack.length < length) throw malformed('a tuple of more values than the stack holds')
    this.push(this.stack.splice(this.stack.length - length))
  }

  recall (index: number): void {
    if (!this.memo.has(index)) throw malformed(`a reference to the memo entry ${index}, which does not exist`)
    this.push(this.memo.get(index))
  }

  append (items: unknown[]): void {
    const list = this.top()
    if (!Array.isArray(list)) throw malformed('items appended to a value that is no list')
    for (const item of items) list.push(item)
  }

  set (items: unknown[]): void {
    const target = this.top()
    if (!(target instanceof Map)) throw malformed('items set in a value that is no dictionary')
    if (items.length % 2 !== 0) throw malformed('a key without a value')
    for (let i = 0; i < items.length; i += 2) target.set(plainKey(items[i]), items[i + 1])
  }

  add (items: unknown[]): void {
    const target = this.top()
    if (!(target instanceof Set)) throw malformed('items added to a value that is no set')
    for (const item of items) target.add(item)
  }

  global (module: string, name: string): void {
    const full = `${module}.${name}`
    const build = this.policy.find(full)
    if (!build) {
      throw new ConvertError(
        'refused_global',
        `expected only the classes and functions that weights need, found ${printable(full)}, which a pickle could use to run code`
      )
    }
    this.push(new PickledGlobal(full, build))
  }

  namedGlobal (): void {
    const name = this.pop()
    const module = this.pop()
    if (typeof name !== 'string' || typeof module !== 'string') throw malformed('a global whose name is no text')
    this.global(module, name)
  }

  call (): void {
    const args = this.pop()
    const callee = this.pop()
    if (!(callee instanceof PickledGlobal)) throw malformed('a call of a value that is no class or function')
    if (!Array.isArray(args)) throw malformed(`a call of ${callee.name} without an argument tuple`)
    this.push(callee.build(args))
  }

  /** `__setstate__`: only inert objects keep it; a dictionary's extra attributes (`_metadata`) carry no weights. */
  build (): void {
    const state = this.pop()
    const target = this.top()
    if (target instanceof PickledObject) target.state = state
    else if (!(target instanceof Map)) throw malformed('a state for a value that takes none')
  }

  persistent (): void {
    const id = this.pop()
    if (!this.policy.persistent) throw malformed('a persistent id where none can be')
    this.push(this.policy.persistent(id))
  }
}

function plainKey (key: unknown): unknown {
  if (key === null || ['string', 'number', 'boolean', 'bigint'].includes(typeof key)) return key
  throw malformed('a dictionary key that is no text, number, truth value or None')
}

function printable (name: string): string {
  return JSON.stringify(name.length > 120 ? `${name.slice(0, 120)}...` : name)
}
