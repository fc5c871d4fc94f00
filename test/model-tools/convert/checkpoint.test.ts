import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { openCheckpoint } from '../../../src/model-tools/convert/checkpoint.ts'
import { ConvertError } from '../../../src/model-tools/convert/errors.ts'
import { Tensor, tensorGlobals } from '../../../src/model-tools/convert/tensors.ts'
import { Global, OrderedDict, writePickle } from '../../helpers/pickle-writer.ts'
import { mutate, random } from '../../helpers/random.ts'
import { temporaryFolder } from '../../helpers/temporary-folder.ts'
import { type Precision, TorchFile } from '../../helpers/torch-file.ts'
import { writeZip } from '../../helpers/zip-writer.ts'

const find = (name: string) => tensorGlobals.get(name)

async function read (path: string): Promise<Map<string, number[]>> {
  const checkpoint = await openCheckpoint(path, find)
  try {
    await checkpoint.load(checkpoint.value)
    const entries = checkpoint.value instanceof Map ? [...checkpoint.value] : []
    return new Map(
      entries.filter(([, tensor]) => tensor instanceof Tensor).map(([name, tensor]) => [name, [...tensor.floats()]])
    )
  } finally {
    checkpoint.close()
  }
}

function save (t: Test, bytes: Uint8Array): string {
  const path = join(temporaryFolder(t), 'weights.pth')
  writeFileSync(path, bytes)
  return path
}

const values = [0, 1, -2, 0.5, 1024, -0.25]

function sample (): { file: TorchFile, value: OrderedDict } {
  const file = new TorchFile()
  return {
    file,
    value: new OrderedDict([
      ['a', file.tensor(values, [2, 3])],
      ['b', file.parameter(file.tensor([7], []))]
    ])
  }
}

t.test('both formats, every precision', async t => {
  for (const precision of ['Float', 'Half', 'BFloat16', 'Double'] as Precision[]) {
    const file = new TorchFile()
    const value = new OrderedDict([
      ['a', file.tensor(values, [2, 3], precision)],
      ['scalar', file.tensor([2.5], [], precision)]
    ])
    for (const bytes of [file.legacy(value), file.zip(value), file.zip(value, { deflate: true, root: 'best' })]) {
      t.same(await read(save(t, bytes)), new Map([['a', values], ['scalar', [2.5]]]), precision)
    }
  }
})

t.test('strides: a transposed and a channels-last tensor come out row by row', async t => {
  const file = new TorchFile()
  const value = new OrderedDict([
    ['transposed', file.tensor([1, 2, 3, 4, 5, 6], [3, 2], 'Float', [1, 3])],
    ['channels last', file.tensor([1, 5, 2, 6, 3, 7, 4, 8], [1, 2, 2, 2], 'Float', [8, 1, 4, 2])],
    ['empty', file.tensor([], [0, 3])]
  ])
  const found = await read(save(t, file.zip(value)))
  t.same(found.get('transposed'), [1, 4, 2, 5, 3, 6])
  t.same(found.get('channels last'), [1, 2, 3, 4, 5, 6, 7, 8])
  t.same(found.get('empty'), [])
})

t.test('only the asked part is read', async t => {
  const { file, value } = sample()
  const checkpoint = await openCheckpoint(save(t, file.zip(value)), find)
  const [a, b] = [...(checkpoint.value as Map<string, Tensor>).values()] as [Tensor, Tensor]
  await checkpoint.load([a])
  t.equal(a.floats().length, 6)
  t.throws(() => b.floats(), { code: 'malformed_checkpoint' })
  checkpoint.close()
})

t.test('integers are no weights', async t => {
  const file = new TorchFile()
  await t.rejects(read(save(t, file.zip(new OrderedDict([['steps', file.tensor([3], [], 'Long')]])))), {
    code: 'malformed_checkpoint',
    message: /LongStorage/
  })
})

t.test('files that hold no weights say what they are', async t => {
  const { file, value } = sample()
  const zip = (...entries: [string, string | Buffer][]) =>
    writeZip(entries.map(([name, data]) => ({ name, data: Buffer.from(data) })))
  const system = (fields: Map<string, unknown>) =>
    Buffer.concat([0x1950a86a20f9469cfc6cn, 1001, fields].map(writePickle))
  const cases: [string, Buffer, string, RegExp][] = [
    ['empty', Buffer.alloc(0), 'malformed_checkpoint', /empty file/],
    ['text', Buffer.from('hello'), 'malformed_checkpoint', /68656c6c/],
    [
      'a Git LFS pointer',
      Buffer.from('version https://git-lfs.github.com/spec/v1\noid sha256:0\n'),
      'malformed_checkpoint',
      /Git LFS/
    ],
    ['a web page', Buffer.from('<!DOCTYPE html><html>'), 'malformed_checkpoint', /web page/],
    ['another pickle', writePickle([1, 2]), 'malformed_checkpoint', /magic number/],
    [
      'another protocol',
      Buffer.concat([0x1950a86a20f9469cfc6cn, 1002].map(writePickle)),
      'malformed_checkpoint',
      /1001.*1002/
    ],
    ['big-endian, legacy', system(new Map([['little_endian', false]])), 'malformed_checkpoint', /little-endian/],
    ['big-endian, zip', file.zip(value, { byteorder: 'big' }), 'malformed_checkpoint', /little-endian.*big/],
    ['a zip of photos', zip(['photo.jpg', 'x']), 'malformed_checkpoint', /data\.pkl/],
    ['two pickles', zip(['a/data.pkl', 'x'], ['b/data.pkl', 'x']), 'malformed_checkpoint', /one data\.pkl.*2/],
    ['TorchScript', zip(['a/data.pkl', 'x'], ['a/constants.pkl', 'x']), 'malformed_checkpoint', /TorchScript/],
    ['a storage that is not there', zip(['a/data.pkl', writePickle(value)]), 'malformed_zip', /a\/data\/\d/],
    [
      'a storage of another size',
      zip(['a/data.pkl', writePickle(value)], ['a/data/0', 'abc'], ['a/data/1', 'abcd']),
      'malformed_checkpoint',
      /24 bytes.*3/
    ],
    ['a refused class', file.zip(new Global('os.system')), 'refused_global', /os\.system/]
  ]
  for (const [title, bytes, code, message] of cases) await t.rejects(read(save(t, bytes)), { code, message }, title)
  await t.rejects(read('/nonexistent.pth'), { code: 'unreadable_file' })
})

t.test('a file cut anywhere is refused', async t => {
  const { file, value } = sample()
  for (const whole of [file.legacy(value), file.zip(value)]) {
    for (let length = 0; length < whole.length; length += 13) {
      await t.rejects(read(save(t, whole.subarray(0, length))), ConvertError)
    }
  }
})

t.test('mutated files give numbers, or a ConvertError', async t => {
  const next = random(4)
  const { file, value } = sample()
  const path = join(temporaryFolder(t), 'weights.pth')
  const outcomes = { read: 0, refused: 0 }
  for (const source of [file.legacy(value), file.zip(value)]) {
    for (let i = 0; i < 800; i++) {
      const input = mutate(source, next)
      writeFileSync(path, input)
      try {
        await read(path)
        outcomes.read++
      } catch (error) {
        if (!(error instanceof ConvertError)) t.fail(`${input.toString('base64')}: ${(error as Error).stack}`)
        outcomes.refused++
      }
    }
  }
  t.ok(outcomes.refused > 500 && outcomes.read > 10, JSON.stringify(outcomes))
})
