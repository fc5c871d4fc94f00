/** Writes pickles (protocol 2) as Python would, so that the tests need neither Python nor PyTorch. */

/** A class or function by its full name; the last part is its name, the rest its module. */
export class Global {
  readonly name: string
  constructor (name: string) { this.name = name }
}

export class Tuple {
  readonly items: unknown[]
  constructor (...items: unknown[]) { this.items = items }
}

/** The result of calling a global. */
export class Call {
  readonly callee: Global
  readonly args: Tuple
  constructor (callee: string, ...args: unknown[]) {
    this.callee = new Global(callee)
    this.args = new Tuple(...args)
  }
}

/** An object of a class with its `__dict__`. */
export class Instance {
  readonly type: Global
  readonly state: Map<string, unknown>
  constructor (type: string, state: Map<string, unknown>) {
    this.type = new Global(type)
    this.state = state
  }
}

export class PersistentId {
  readonly id: Tuple
  constructor (...id: unknown[]) { this.id = new Tuple(...id) }
}

/** A Python float that has no fraction. */
export class Float {
  readonly value: number
  constructor (value: number) { this.value = value }
}

/** An `OrderedDict`; a `Map` is written as a `dict`. */
export class OrderedDict extends Map<unknown, unknown> {}

function sized (opcode: number, size: number, write: (buffer: Buffer) => void): Buffer {
  const buffer = Buffer.alloc(1 + size)
  buffer[0] = opcode
  write(buffer.subarray(1))
  return buffer
}

class Writer {
  readonly pieces: Buffer[] = []
  readonly memo = new Map<unknown, number>()

  op (text: string): void { this.pieces.push(Buffer.from(text, 'latin1')) }

  integer (value: number | bigint): void {
    if (value >= 0 && value < 256) this.pieces.push(sized(0x4b, 1, b => b.writeUInt8(Number(value))))
    else if (value >= 0 && value < 65_536) this.pieces.push(sized(0x4d, 2, b => b.writeUInt16LE(Number(value))))
    else if (value >= -(2 ** 31) && value < 2 ** 31) {
      this.pieces.push(sized(0x4a, 4, b => b.writeInt32LE(Number(value))))
    } else this.long(BigInt(value))
  }

  long (value: bigint): void {
    let size = 1
    while (BigInt.asIntN(size * 8, value) !== value) size++
    const hex = BigInt.asUintN(size * 8, value).toString(16).padStart(size * 2, '0')
    this.pieces.push(Buffer.from([0x8a, size]), Buffer.from(hex, 'hex').reverse())
  }

  text (value: string): void {
    const bytes = Buffer.from(value)
    this.pieces.push(sized(0x58, 4, b => b.writeUInt32LE(bytes.length)), bytes)
  }

  remember (value: unknown): void {
    const index = this.memo.size
    this.memo.set(value, index)
    this.pieces.push(index < 256 ? Buffer.from([0x71, index]) : sized(0x72, 4, b => b.writeUInt32LE(index)))
  }

  items (items: Iterable<unknown>, close: string): void {
    this.op('(')
    for (const item of items) this.value(item)
    this.op(close)
  }

  value (value: unknown): void {
    if (value === null || value === undefined) return this.op('N')
    if (typeof value === 'boolean') return this.op(value ? '\x88' : '\x89')
    if (typeof value === 'bigint' || Number.isInteger(value)) return this.integer(value as number | bigint)
    if (typeof value === 'number') return this.value(new Float(value))
    if (value instanceof Float) { this.pieces.push(sized(0x47, 8, b => b.writeDoubleBE(value.value))); return }

    const known = this.memo.get(value)
    if (known !== undefined) {
      this.pieces.push(known < 256 ? Buffer.from([0x68, known]) : sized(0x6a, 4, b => b.writeUInt32LE(known)))
      return
    }
    if (typeof value === 'string') {
      this.text(value)
      return this.remember(value)
    }
    this.object(value as object)
  }

  object (value: object): void {
    if (value instanceof Global) {
      const dot = value.name.lastIndexOf('.')
      this.op(`c${value.name.slice(0, dot)}\n${value.name.slice(dot + 1)}\n`)
    } else if (value instanceof Tuple) {
      return this.items(value.items, 't')
    } else if (value instanceof Map) {
      if (value instanceof OrderedDict) this.value(new Call('collections.OrderedDict'))
      else this.op('}')
      this.remember(value)
      if (value.size > 0) this.items([...value].flat(), 'u')
      return
    } else if (Array.isArray(value)) {
      this.op(']')
      this.remember(value)
      if (value.length > 0) this.items(value, 'e')
      return
    } else if (value instanceof PersistentId) {
      this.value(value.id)
      this.op('Q')
    } else if (value instanceof Call) {
      this.value(value.callee)
      this.value(value.args)
      this.op('R')
    } else if (value instanceof Instance) {
      this.value(value.type)
      this.op(')\x81')
      this.remember(value)
      this.value(value.state)
      return this.op('b')
    } else {
      throw new TypeError(`cannot pickle a ${value.constructor.name}`)
    }
    this.remember(value)
  }
}

export function writePickle (value: unknown): Buffer {
  const writer = new Writer()
  writer.op('\x80\x02')
  writer.value(value)
  writer.op('.')
  return Buffer.concat(writer.pieces)
}
