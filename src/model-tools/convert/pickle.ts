/**
 * A restricted reader of Python pickles, protocols 2 to 5. It builds plain data and whatever the caller's policy allows
 * by name; nothing is imported and no code of the pickle runs.
 *
 * Opcodes: the `pickletools` module of CPython documents each one.
 */
import { ConvertError } from './errors.ts'

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

function malformed (found: string): ConvertError {
  return new ConvertError('malformed_pickle', `expected a complete pickle of protocol 2 to 5, found ${found}`)
}

const text = new TextDecoder('utf-8', { fatal: true })

/** Reads little-endian fields and never beyond the end. */
class Cursor {
  readonly bytes: Uint8Array
  readonly view: DataView
  position: number
  readonly end: number

  constructor (bytes: Uint8Array, start: number, limit: number) {
    this.bytes = bytes
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.position = start
    this.end = Math.min(bytes.length, start + limit)
  }

  /** Moves over `length` bytes and returns where they start. */
  advance (length: number): number {
    const start = this.position
    if (length > this.end - start) { throw malformed(`its end ${length - (this.end - start)} bytes too early, at byte ${this.end}`) }
    this.position = start + length
    return start
  }

  u8 (): number { return this.view.getUint8(this.advance(1)) }
  u16 (): number { return this.view.getUint16(this.advance(2), true) }
  u32 (): number { return this.view.getUint32(this.advance(4), true) }
  i32 (): number { return this.view.getInt32(this.advance(4), true) }
  f64 (): number { return this.view.getFloat64(this.advance(8), false) }

  u64 (): number {
    const value = this.view.getBigUint64(this.advance(8), true)
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw malformed(`a length of ${value} bytes`)
    return Number(value)
  }

  slice (length: number): Uint8Array {
    const start = this.advance(length)
    return this.bytes.subarray(start, start + length)
  }

  utf8 (length: number): string {
    try {
      return text.decode(this.slice(length))
    } catch (error) {
      if (error instanceof ConvertError) throw error
      throw malformed('text that is not UTF-8')
    }
  }

  line (): string {
    const end = this.bytes.indexOf(0x0a, this.position)
    if (end < 0 || end >= this.end) throw malformed('a line without an end')
    const line = this.utf8(end - this.position)
    this.position = end + 1
    return line
  }

  /** Little-endian two's complement; a bigint only where a number would not be exact. */
  integer (length: number): number | bigint {
    if (length > 255) throw malformed(`an integer of ${length} bytes`)
    const hex = Buffer.from(this.slice(length)).reverse().toString('hex')
    const value = length === 0 ? 0n : BigInt.asIntN(length * 8, BigInt(`0x${hex}`))
    return Number.isSafeInteger(Number(value)) ? Number(value) : value
  }
}

/** The stack machine: marks split the stack, as in CPython's own unpickler. */
class Machine {
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

type Operation = (machine: Machine, cursor: Cursor) => void

/** STOP, which ends the loop and so is no entry of the table. */
const stop = 0x2e

const operations = new Map<number, Operation>([
  // protocol and framing
  [0x80, (_, c) => {
    const protocol = c.u8()
    if (protocol < 2 || protocol > 5) throw malformed(`protocol ${protocol}`)
  }],
  [0x95, (_, c) => { if (c.u64() > c.end - c.position) throw malformed('a frame that is longer than the file') }],
  // constants and numbers
  [0x4e, m => m.push(null)],
  [0x88, m => m.push(true)],
  [0x89, m => m.push(false)],
  [0x4a, (m, c) => m.push(c.i32())],
  [0x4b, (m, c) => m.push(c.u8())],
  [0x4d, (m, c) => m.push(c.u16())],
  [0x8a, (m, c) => m.push(c.integer(c.u8()))],
  [0x8b, (m, c) => m.push(c.integer(c.u32()))],
  [0x47, (m, c) => m.push(c.f64())],
  // text and bytes
  [0x58, (m, c) => m.push(c.utf8(c.u32()))],
  [0x8c, (m, c) => m.push(c.utf8(c.u8()))],
  [0x8d, (m, c) => m.push(c.utf8(c.u64()))],
  [0x54, (m, c) => m.push(Buffer.from(c.slice(c.u32())).toString('latin1'))],
  [0x55, (m, c) => m.push(Buffer.from(c.slice(c.u8())).toString('latin1'))],
  [0x42, (m, c) => m.push(c.slice(c.u32()))],
  [0x43, (m, c) => m.push(c.slice(c.u8()))],
  [0x8e, (m, c) => m.push(c.slice(c.u64()))],
  [0x96, (m, c) => m.push(c.slice(c.u64()))],
  // containers
  [0x28, m => m.mark()],
  [0x5d, m => m.push([])],
  [0x7d, m => m.push(new Map())],
  [0x29, m => m.push([])],
  [0x8f, m => m.push(new Set())],
  [0x85, m => m.tuple(1)],
  [0x86, m => m.tuple(2)],
  [0x87, m => m.tuple(3)],
  [0x74, m => m.push(m.popMark())],
  [0x6c, m => m.push(m.popMark())],
  [0x64, m => { const items = m.popMark(); m.push(new Map()); m.set(items) }],
  [0x91, m => m.push(new Set(m.popMark()))],
  [0x61, m => { const item = m.pop(); m.append([item]) }],
  [0x65, m => m.append(m.popMark())],
  [0x73, m => { const value = m.pop(); const key = m.pop(); m.set([key, value]) }],
  [0x75, m => m.set(m.popMark())],
  [0x90, m => m.add(m.popMark())],
  // stack and memo
  [0x30, m => { m.pop() }],
  [0x31, m => { m.popMark() }],
  [0x32, m => m.push(m.top())],
  [0x68, (m, c) => m.recall(c.u8())],
  [0x6a, (m, c) => m.recall(c.u32())],
  [0x71, (m, c) => { m.memo.set(c.u8(), m.top()) }],
  [0x72, (m, c) => { m.memo.set(c.u32(), m.top()) }],
  [0x94, m => { m.memo.set(m.memo.size, m.top()) }],
  // classes and objects, by the policy only
  [0x63, (m, c) => { const module = c.line(); m.global(module, c.line()) }],
  [0x93, m => m.namedGlobal()],
  [0x52, m => m.call()],
  [0x81, m => m.call()],
  [0x62, m => m.build()],
  [0x51, m => m.persistent()]
])

/**
 * Reads the pickle that starts at byte `start`.
 *
 * Lists and tuples become arrays, dictionaries `Map`, integers numbers (bigint beyond 2^53), the rest what the policy
 * builds. Values may share parts and may contain themselves, as in Python: whoever walks them must bound the walk.
 *
 * @returns the value and the offset of the first byte after the pickle
 * @throws ConvertError `malformed_pickle`, or `refused_global` naming the global
 */
export function unpickle (
  bytes: Uint8Array,
  policy: Policy,
  start = 0,
  limits = defaultLimits
): { value: unknown, end: number } {
  const cursor = new Cursor(bytes, start, limits.bytes)
  const machine = new Machine(cursor, policy, limits)
  for (let count = 0; count < limits.operations; count++) {
    const opcode = cursor.u8()
    if (opcode === stop) return { value: machine.pop(), end: cursor.position }
    const operation = operations.get(opcode)
    if (!operation) {
      throw malformed(
        `the opcode 0x${opcode.toString(16).padStart(2, '0')} at byte ${cursor.position - 1}, which weights do not need`
      )
    }
    operation(machine, cursor)
  }
  throw malformed(`more than ${limits.operations} opcodes`)
}
