/** PyTorch files as `torch.save` writes them: the zip format (since PyTorch 1.6) and the legacy one. */
import { open } from 'node:fs/promises'
import { describeFile } from './describe-file.ts'
import { ConvertError } from './errors.ts'
import { PickledObject, type Policy } from './pickle-machine.ts'
import { unpickle } from './pickle.ts'
import { Storage, storagesIn, tensorPolicy } from './tensors.ts'
import { openZip, type ZipArchive } from './zip.ts'

/** Larger than a YOLOv8x with its optimizer (0.7 GB). */
const maxFileBytes = 2 ** 30

export interface Checkpoint {
  /** The saved object; its tensors have no bytes yet. */
  value: unknown
  /** Reads the bytes of every tensor inside `part`, so that `floats()` works on them. */
  load: (part: unknown) => Promise<void>
  close: () => void
}

function malformed (expected: string, found: string): ConvertError {
  return new ConvertError('malformed_checkpoint', `expected ${expected}, found ${found}`)
}

/** What the unpickler's values contain, for walks over them. */
export function children (value: object): Iterable<unknown> {
  if (Array.isArray(value) || value instanceof Set) return value
  if (value instanceof Map) return value.values()
  if (value instanceof PickledObject) return [value.state, value.args]
  return []
}

/** torch/serialization.py: the first pickle of a legacy file. */
const legacyMagic = 0x1950a86a20f9469cfc6cn
const legacyProtocol = 1001

const nothing: Policy = { find: () => undefined }

/**
 * Five pickles (magic number, protocol, system, object, storage keys), then each storage: an int64 length and its
 * elements.
 */
function readLegacy (bytes: Uint8Array, find: Policy['find']): Checkpoint {
  const magic = unpickle(bytes, nothing)
  if (magic.value !== legacyMagic) throw malformed('the magic number of a PyTorch file', 'another pickle')
  const protocol = unpickle(bytes, nothing, magic.end)
  if (protocol.value !== legacyProtocol) { throw malformed(`the legacy protocol ${legacyProtocol}`, `${String(protocol.value).slice(0, 20)}`) }
  const system = unpickle(bytes, nothing, protocol.end)
  if (!(system.value instanceof Map) || system.value.get('little_endian') !== true) { throw malformed('little-endian weights', 'another byte order') }

  const storages = new Map<string, Storage>()
  const object = unpickle(bytes, tensorPolicy(find, storages), system.end)
  const keys = unpickle(bytes, nothing, object.end)
  if (!Array.isArray(keys.value)) throw malformed('the list of storage keys', 'another value')

  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let position = keys.end
  for (const key of keys.value) {
    const storage = storages.get(key)
    if (!storage || storage.loaded) { throw malformed('each storage once', `the key ${JSON.stringify(key)?.slice(0, 40)} again or without a tensor`) }
    const start = position + 8
    position = start + storage.byteLength
    if (position > bytes.length) { throw malformed(`${position} bytes up to the end of storage ${key}`, `a file of ${bytes.length}`) }
    if (view.getBigInt64(start - 8, true) !== BigInt(storage.length)) { throw malformed(`${storage.length} elements in storage ${key}`, 'another length') }
    storage.bytes = bytes.subarray(start, position)
  }
  return { value: object.value, load: async () => {}, close: () => {} }
}

/** `archive/data.pkl`, `archive/byteorder` and `archive/data/KEY`, whatever the archive's folder is called. */
async function readZip (archive: ZipArchive, find: Policy['find']): Promise<Checkpoint> {
  const pickles = archive.names.filter(name => name.endsWith('/data.pkl'))
  const root = pickles[0]?.slice(0, -'data.pkl'.length)
  if (root === undefined || pickles.length > 1) throw malformed('one data.pkl in the zip file', `${pickles.length}`)
  if (archive.has(`${root}constants.pkl`)) throw malformed('weights saved by torch.save', 'a TorchScript archive')
  if (archive.has(`${root}byteorder`)) {
    const order = Buffer.from(await archive.read(`${root}byteorder`)).toString('latin1').trim()
    if (order !== 'little') throw malformed('little-endian weights', `byte order ${JSON.stringify(order.slice(0, 20))}`)
  }
  const { value } = unpickle(await archive.read(`${root}data.pkl`), tensorPolicy(find, new Map()))
  return {
    value,
    async load (part) {
      for (const storage of storagesIn(part, children)) {
        if (!storage.loaded) storage.bytes = await archive.read(`${root}data/${storage.key}`)
      }
    },
    close: () => archive.close()
  }
}

/**
 * Reads a PyTorch file with the restricted unpickler. Close the checkpoint when done.
 *
 * @param find the globals that the object may use, see `Policy`
 * @throws ConvertError when the file is damaged, too large, or uses anything else
 */
export async function openCheckpoint (path: string, find: Policy['find']): Promise<Checkpoint> {
  const file = await openFile(path)
  try {
    const { size } = await file.stat()
    if (size > maxFileBytes) { throw new ConvertError('too_large', `expected a PyTorch file of at most ${maxFileBytes} bytes, found ${size}`) }
    const head = Buffer.alloc(Math.min(size, 64))
    await file.read(head, 0, head.length, 0)
    if (head.subarray(0, 2).toString('latin1') === 'PK') {
      const archive = await openZip(path)
      try {
        return await readZip(archive, find)
      } catch (error) {
        archive.close()
        throw error
      }
    }
    if (head[0] !== 0x80) throw malformed('a PyTorch file (zip or legacy pickle)', describeFile(head))
    return readLegacy(await file.readFile(), find)
  } finally {
    await file.close()
  }
}

async function openFile (path: string) {
  try {
    return await open(path)
  } catch (error) {
    throw new ConvertError(
      'unreadable_file',
      `expected a readable file at ${path}, found none (${(error as NodeJS.ErrnoException).code})`,
      { cause: error }
    )
  }
}
