/**
 * A restricted reader of Python pickles, protocols 2 to 5. It builds plain data and whatever the caller's policy allows
 * by name; nothing is imported and no code of the pickle runs.
 *
 * Opcodes: the `pickletools` module of CPython documents each one.
 */
import { Cursor, malformed } from './pickle-cursor.ts'
import { defaultLimits, Machine, type Policy } from './pickle-machine.ts'

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
 * builds. Values may share parts and may contain themselves, as in Python: limit the depth of a walk through them.
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
