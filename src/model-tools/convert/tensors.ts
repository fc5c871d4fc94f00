/** PyTorch tensors as a pickle describes them: views of storages whose bytes are loaded later. */
import { ConvertError } from './errors.ts'
import { type Builder, PickledGlobal, type Policy } from './pickle-machine.ts'

interface Element { size: number, read?: (view: DataView, offset: number) => number }

/** Storage class -> bytes of an element and, where a network can use it as a number, how to read it. */
const elements: Record<string, Element> = {
  FloatStorage: { size: 4, read: (view, offset) => view.getFloat32(offset, true) },
  HalfStorage: { size: 2, read: (view, offset) => view.getFloat16(offset, true) },
  BFloat16Storage: { size: 2, read: bfloat16 },
  DoubleStorage: { size: 8, read: (view, offset) => view.getFloat64(offset, true) },
  LongStorage: { size: 8 },
  IntStorage: { size: 4 },
  ShortStorage: { size: 2 },
  CharStorage: { size: 1 },
  ByteStorage: { size: 1 },
  BoolStorage: { size: 1 }
}

const scratch = new DataView(new ArrayBuffer(4))

/** The upper half of a float32. */
function bfloat16 (view: DataView, offset: number): number {
  scratch.setUint32(0, view.getUint16(offset, true) << 16)
  return scratch.getFloat32(0)
}

function malformed (expected: string, found: string): ConvertError {
  return new ConvertError('malformed_checkpoint', `expected ${expected}, found ${found}`)
}

export class Storage {
  readonly key: string
  readonly type: string
  /** Elements, not bytes. */
  readonly length: number
  #bytes: Uint8Array | null = null

  constructor (key: string, type: string, length: number) {
    this.key = key
    this.type = type
    this.length = length
  }

  get element (): Element {
    const element = elements[this.type]
    if (!element) throw malformed('a known storage type', this.type)
    return element
  }

  get byteLength (): number { return this.length * this.element.size }
  get loaded (): boolean { return this.#bytes !== null }

  get bytes (): Uint8Array {
    if (!this.#bytes) throw malformed(`the bytes of storage ${this.key}`, 'none')
    return this.#bytes
  }

  set bytes (bytes: Uint8Array) {
    if (bytes.length !== this.byteLength) { throw malformed(`${this.byteLength} bytes in storage ${this.key}`, `${bytes.length}`) }
    this.#bytes = bytes
  }
}

export class Tensor {
  readonly storage: Storage
  readonly offset: number
  readonly shape: number[]
  readonly stride: number[]

  /** @throws ConvertError when the view reaches outside its storage or repeats elements of it */
  constructor (storage: Storage, offset: number, shape: number[], stride: number[]) {
    this.storage = storage
    this.offset = offset
    this.shape = shape
    this.stride = stride
    const last = shape.reduce((sum, size, axis) => sum + (size - 1) * stride[axis]!, offset)
    if (this.length > storage.length || (this.length > 0 && last >= storage.length)) {
      throw malformed(
        `a tensor inside its storage of ${storage.length} elements`,
        `shape [${shape.join(', ')}] at offset ${offset}`
      )
    }
  }

  get length (): number { return this.shape.reduce((product, size) => product * size, 1) }

  /** The elements in row-major order as 32-bit floats, whatever the stored precision and strides. */
  floats (): Float32Array {
    const { read, size } = this.storage.element
    if (!read) throw malformed('a tensor of floating-point numbers', `one of ${this.storage.type}`)
    const { bytes } = this.storage
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const out = new Float32Array(this.length)
    const index = new Array<number>(this.shape.length).fill(0)
    let position = this.offset
    for (let i = 0; i < out.length; i++) {
      out[i] = read(view, position * size)
      for (let axis = index.length - 1; axis >= 0; axis--) {
        position += this.stride[axis]!
        if (++index[axis]! < this.shape[axis]!) break
        position -= this.stride[axis]! * this.shape[axis]!
        index[axis] = 0
      }
    }
    return out
  }
}

function isCount (value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}

/** `_rebuild_tensor_v2(storage, offset, size, stride, requires_grad, hooks)` */
const rebuildTensor: Builder = ([storage, offset, shape, stride]) => {
  if (!(storage instanceof Storage)) throw malformed('a tensor built from a storage', typeof storage)
  const whole = isCount(offset) && Array.isArray(shape) && Array.isArray(stride) &&
    shape.length === stride.length && shape.length <= 8 && [...shape, ...stride].every(isCount)
  if (!whole) throw malformed('a tensor whose offset, shape and strides are whole numbers', 'another description')
  return new Tensor(storage, offset, [...shape], [...stride])
}

const orderedDict: Builder = args => {
  if (args.length > 0) { throw malformed('an OrderedDict that is filled after it was made', 'one made from a list, as Python 2 wrote it') }
  return new Map()
}

const storageClass: Builder = () => {
  throw malformed('storages named by a persistent id', 'a storage built by a call')
}

/** The globals of a plain state dict. */
export const tensorGlobals: ReadonlyMap<string, Builder> = new Map<string, Builder>([
  ['collections.OrderedDict', orderedDict],
  ['torch._utils._rebuild_tensor_v2', rebuildTensor],
  ['torch._utils._rebuild_tensor', rebuildTensor],
  ['torch._utils._rebuild_parameter', ([data]) => data],
  ['torch.Size', ([sizes]) => Array.isArray(sizes) ? sizes : []],
  ...Object.keys(elements).map((name): [string, Builder] => [`torch.${name}`, storageClass])
])

/**
 * A policy that turns PyTorch's persistent ids into storages of `storages`, one for each key.
 *
 * The id is ('storage', class, key, device, number of elements), in legacy files with a sixth entry for views.
 */
export function tensorPolicy (find: Policy['find'], storages: Map<string, Storage>): Policy {
  return {
    find,
    persistent (id) {
      const [kind, type, key, , length, view] = Array.isArray(id) ? id : []
      const known = kind === 'storage' && type instanceof PickledGlobal && type.build === storageClass &&
        typeof key === 'string' && isCount(length) && (view === undefined || view === null)
      if (!known) throw malformed('a persistent id that names a storage', 'another one')
      const storage = storages.get(key) ?? new Storage(key, type.name.slice('torch.'.length), length)
      storages.set(key, storage)
      return storage
    }
  }
}

/** Every storage that the tensors inside `root` use. Values may be cyclic, so each is visited once. */
export function storagesIn (root: unknown, children: (value: object) => Iterable<unknown>): Set<Storage> {
  const seen = new Set<unknown>()
  const found = new Set<Storage>()
  const open = [root]
  while (open.length > 0) {
    const value = open.pop()
    if (typeof value !== 'object' || value === null || seen.has(value)) continue
    seen.add(value)
    if (value instanceof Tensor) found.add(value.storage)
    else for (const child of children(value)) open.push(child)
  }
  return found
}
