/** Writes what `torch.save` writes, in the zip and in the legacy format. */
import { Call, Global, OrderedDict, PersistentId, Tuple, writePickle } from './pickle-writer.ts'
import { writeZip } from './zip-writer.ts'

export type Precision = 'Float' | 'Half' | 'BFloat16' | 'Double' | 'Long'

function encode (values: ArrayLike<number>, precision: Precision): Buffer {
  if (precision === 'Long') return bytesOf(BigInt64Array.from(Array.from(values), BigInt))
  if (precision === 'Half') return bytesOf(Float16Array.from(values))
  if (precision === 'Double') return bytesOf(Float64Array.from(values))
  const floats = bytesOf(Float32Array.from(values))
  return precision === 'Float' ? floats : Buffer.from(floats.filter((_, i) => i % 4 >= 2))
}

function bytesOf (array: ArrayBufferView): Buffer {
  return Buffer.from(array.buffer, array.byteOffset, array.byteLength)
}

/** What a number becomes when it is stored with less precision. */
export function rounded (values: Float32Array, precision: Precision): Float32Array {
  return precision === 'Half' ? Float32Array.from(Float16Array.from(values)) : values
}

function rowMajor (shape: number[]): number[] {
  return shape.map((_, axis) => shape.slice(axis + 1).reduce((product, size) => product * size, 1))
}

export class TorchFile {
  readonly #storages = new Map<string, { bytes: Buffer, length: number }>()

  /** A tensor with its own storage. */
  tensor (values: ArrayLike<number>, shape: number[], precision: Precision = 'Float', stride = rowMajor(shape)): Call {
    const key = String(this.#storages.size)
    this.#storages.set(key, { bytes: encode(values, precision), length: values.length })
    const storage = new PersistentId('storage', new Global(`torch.${precision}Storage`), key, 'cpu', values.length)
    return new Call(
      'torch._utils._rebuild_tensor_v2',
      storage,
      0,
      new Tuple(...shape),
      new Tuple(...stride),
      false,
      new OrderedDict()
    )
  }

  parameter (tensor: Call): Call {
    return new Call('torch._utils._rebuild_parameter', tensor, true, new OrderedDict())
  }

  zip (value: unknown, { deflate = false, root = 'archive', byteorder = 'little' } = {}): Buffer {
    return writeZip([
      { name: `${root}/data.pkl`, data: writePickle(value), deflate },
      { name: `${root}/byteorder`, data: Buffer.from(byteorder), deflate },
      ...[...this.#storages].map(([key, { bytes }]) => ({ name: `${root}/data/${key}`, data: bytes, deflate })),
      { name: `${root}/version`, data: Buffer.from('3\n'), deflate }
    ])
  }

  legacy (value: unknown): Buffer {
    // In this format a storage's id has a sixth entry for views, None for a whole storage.
    const system = new Map<string, unknown>([
      ['protocol_version', 1001],
      ['little_endian', true],
      [
        'type_sizes',
        new Map([
          ['short', 2],
          ['int', 4],
          ['long', 4]
        ])
      ]
    ])
    const pickles = [0x1950a86a20f9469cfc6cn, 1001, system, value, [...this.#storages.keys()]].map(writePickle)
    const storages = [...this.#storages.values()].flatMap(({ bytes, length }) => [
      bytesOf(BigInt64Array.of(BigInt(length))),
      bytes
    ])
    return Buffer.concat([...pickles, ...storages])
  }
}
