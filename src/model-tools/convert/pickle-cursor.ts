/** The bytes of a Python pickle: its numbers and texts, in the order in which its opcodes read them. */
import { ConvertError } from './errors.ts'

export function malformed (found: string): ConvertError {
  return new ConvertError('malformed_pickle', `expected a complete pickle of protocol 2 to 5, found ${found}`)
}

const text = new TextDecoder('utf-8', { fatal: true })

/** Reads little-endian fields and never beyond the end. */
export class Cursor {
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
