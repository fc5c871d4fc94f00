/** A pickled Ultralytics network as a tree of modules, read with care: the file may hold anything. */
import { ConvertError } from './errors.ts'
import { PickledObject } from './pickle-machine.ts'
import { Tensor } from './tensors.ts'

/** Deeper than any block in a block; a cyclic pickle stops here. */
const maxDepth = 24
const maxChannels = 1 << 16
/** Kernels, strides and paddings beyond this come from damage. */
const maxSize = 1024

/** One pickled `nn.Module`: typed access to its attributes, children and weights, with errors that name its path. */
export class Module {
  readonly path: string
  readonly className: string
  readonly #state: Map<unknown, unknown>
  readonly #depth: number

  constructor (value: unknown, path: string, depth = 0) {
    if (!(value instanceof PickledObject) || !(value.state instanceof Map)) { throw unsupported(`a layer at ${path || 'the root'}`, 'another value') }
    if (depth > maxDepth) throw unsupported(`layers nested at most ${maxDepth} deep`, `${path.slice(0, 80)}...`)
    this.path = path
    this.className = value.className.slice(value.className.lastIndexOf('.') + 1)
    this.#state = value.state
    this.#depth = depth
  }

  get (name: string): unknown { return this.#state.get(name) }

  #table (name: string): Map<unknown, unknown> {
    const table = this.#state.get(name)
    if (!(table instanceof Map)) throw unsupported(`${name} of ${this.path}`, 'none')
    return table
  }

  has (child: string): boolean { return this.#table('_modules').get(child) instanceof PickledObject }

  child (name: string): Module {
    const path = this.path === '' ? name : `${this.path}.${name}`
    return new Module(this.#table('_modules').get(name), path, this.#depth + 1)
  }

  children (): Module[] { return [...this.#table('_modules').keys()].map(name => this.child(String(name))) }

  #tensor (table: '_parameters' | '_buffers', name: string): Tensor | null {
    const tensor = this.#table(table).get(name)
    return tensor instanceof Tensor ? tensor : null
  }

  /** A weight of `rank` dimensions. */
  weight (rank: number): { shape: number[], values: Float32Array } {
    const tensor = this.#tensor('_parameters', 'weight')
    if (!tensor || tensor.shape.length !== rank) {
      throw unsupported(
        `a weight of ${rank} dimensions at ${this.path}`,
        tensor ? `[${tensor.shape.join(', ')}]` : 'none'
      )
    }
    return { shape: tensor.shape, values: tensor.floats() }
  }

  /** One number for each channel; null where the module has no such tensor. */
  vector (table: '_parameters' | '_buffers', name: string, channels: number): Float32Array | null {
    const tensor = this.#tensor(table, name)
    if (!tensor) return null
    if (tensor.shape.join() !== String(channels)) { throw unsupported(`${this.path}.${name} of ${channels} numbers`, `shape [${tensor.shape.join(', ')}]`) }
    return tensor.floats()
  }

  requiredVector (table: '_parameters' | '_buffers', name: string, channels: number): Float32Array {
    const values = this.vector(table, name, channels)
    if (!values) throw unsupported(`the tensor ${this.path}.${name}`, 'none')
    return values
  }

  number (name: string): number {
    const value = this.get(name)
    if (typeof value !== 'number' || !Number.isFinite(value)) { throw unsupported(`a number as ${this.path}.${name}`, kind(value)) }
    return value
  }

  count (name: string): number {
    const value = this.number(name)
    if (!Number.isInteger(value) || value < 0 || value > maxChannels) { throw unsupported(`a count as ${this.path}.${name}`, String(value)) }
    return value
  }

  flag (name: string): boolean {
    const value = this.get(name) ?? false
    if (typeof value !== 'boolean') throw unsupported(`True or False as ${this.path}.${name}`, kind(value))
    return value
  }

  /** Height and width in whole steps; PyTorch stores one number where both are equal. */
  sizes (name: string, least: number): [number, number] {
    const value = this.get(name)
    const [height, width = height] = Array.isArray(value) ? value : [value]
    const fits = [height, width].every(size => Number.isInteger(size) && size >= least && size <= maxSize)
    if (!fits || (Array.isArray(value) && value.length > 2)) { throw unsupported(`one or two whole sizes from ${least} on as ${this.path}.${name}`, kind(value)) }
    return [height, width]
  }

  require (name: string, ...expected: unknown[]): void {
    const value = this.get(name)
    if (!expected.includes(value)) throw unsupported(`${this.path}.${name} ${String(expected[0])}`, kind(value))
  }
}

/** What was found where something else was expected, in words. */
export function kind (value: unknown): string {
  if (value === undefined) return 'nothing'
  if (typeof value === 'object' && value !== null) { return value instanceof PickledObject ? `a ${value.className}` : 'another value' }
  return JSON.stringify(String(value).slice(0, 40))
}

export function unsupported (expected: string, found: string): ConvertError {
  return new ConvertError('unsupported_model', `expected ${expected}, found ${found}`)
}
