import t from 'tap'
import { ConvertError } from '../../../src/model-tools/convert/errors.ts'
import { defaultLimits, PickledObject, type Policy } from '../../../src/model-tools/convert/pickle-machine.ts'
import { unpickle } from '../../../src/model-tools/convert/pickle.ts'
import { Storage, tensorGlobals, tensorPolicy } from '../../../src/model-tools/convert/tensors.ts'
import { findUltralyticsGlobal } from '../../../src/model-tools/convert/ultralytics-classes.ts'
import { Call, Instance, OrderedDict, Tuple, writePickle } from '../../helpers/pickle-writer.ts'
import { mutate, random } from '../../helpers/random.ts'
import { TorchFile } from '../../helpers/torch-file.ts'

const nothing: Policy = { find: () => undefined }
const weights = () => tensorPolicy(name => tensorGlobals.get(name), new Map<string, Storage>())
const modules = () => tensorPolicy(findUltralyticsGlobal, new Map<string, Storage>())

/** Written by CPython's own pickle module: the same values in every protocol, sets and bytes where it has them. */
const fromPython = {
  2: 'gAJ9cQAoWAQAAABub25lcQFOWAMAAAB5ZXNxAohYAgAAAG5vcQOJWAQAAABpbnRzcQRdcQUoSwBLAUr/////S/9NAAFKAAABAEoAAACAigUAAACAAIoGAAAAAAD/igf///////8figcAAAAAAAAgigkAAAAAAAAAAECKCQAAAAAAAAAAwGVYBgAAAGZsb2F0c3EGRz/gAAAAAAAAR/435DyIAHWcRz/wAAAAAAAAh3EHWAQAAAB0ZXh0cQhYCwAAAG5hw692ZSDwn4yxcQlYAgAAAHQwcQopWAIAAAB0MXELSwGFcQxYAgAAAHQycQ1LAUsChnEOWAIAAAB0M3EPSwFLAksDh3EQWAIAAAB0NHERKEsBSwJLA0sEdHESWAYAAABuZXN0ZWRxE31xFEsBfXEVWAEAAABhcRZdcRcoXXEYfXEZZXNzWAYAAABzaGFyZWRxGl1xGyhdcRxLAWFoHGV1Lg==',
  3: 'gAN9cQAoWAQAAABub25lcQFOWAMAAAB5ZXNxAohYAgAAAG5vcQOJWAQAAABpbnRzcQRdcQUoSwBLAUr/////S/9NAAFKAAABAEoAAACAigUAAACAAIoGAAAAAAD/igf///////8figcAAAAAAAAgigkAAAAAAAAAAECKCQAAAAAAAAAAwGVYBgAAAGZsb2F0c3EGRz/gAAAAAAAAR/435DyIAHWcRz/wAAAAAAAAh3EHWAQAAAB0ZXh0cQhYCwAAAG5hw692ZSDwn4yxcQlYBQAAAGJ5dGVzcQpDAgD/cQtYAgAAAHQwcQwpWAIAAAB0MXENSwGFcQ5YAgAAAHQycQ9LAUsChnEQWAIAAAB0M3ERSwFLAksDh3ESWAIAAAB0NHETKEsBSwJLA0sEdHEUWAYAAABuZXN0ZWRxFX1xFksBfXEXWAEAAABhcRhdcRkoXXEafXEbZXNzWAYAAABzaGFyZWRxHF1xHShdcR5LAWFoHmV1Lg==',
  4: 'gASVLwEAAAAAAAB9lCiMBG5vbmWUTowDeWVzlIiMAm5vlImMBGludHOUXZQoSwBLAUr/////S/9NAAFKAAABAEoAAACAigUAAACAAIoGAAAAAAD/igf///////8figcAAAAAAAAgigkAAAAAAAAAAECKCQAAAAAAAAAAwGWMBmZsb2F0c5RHP+AAAAAAAABH/jfkPIgAdZxHP/AAAAAAAACHlIwEdGV4dJSMC25hw692ZSDwn4yxlIwFYnl0ZXOUQwIA/5SMA3NldJQojAFhlJGUjAJ0MJQpjAJ0MZRLAYWUjAJ0MpRLAUsChpSMAnQzlEsBSwJLA4eUjAJ0NJQoSwFLAksDSwR0lIwGbmVzdGVklH2USwF9lGgNXZQoXZR9lGVzc4wGc2hhcmVklF2UKF2USwFhaCBldS4=',
  5: 'gAWVLwEAAAAAAAB9lCiMBG5vbmWUTowDeWVzlIiMAm5vlImMBGludHOUXZQoSwBLAUr/////S/9NAAFKAAABAEoAAACAigUAAACAAIoGAAAAAAD/igf///////8figcAAAAAAAAgigkAAAAAAAAAAECKCQAAAAAAAAAAwGWMBmZsb2F0c5RHP+AAAAAAAABH/jfkPIgAdZxHP/AAAAAAAACHlIwEdGV4dJSMC25hw692ZSDwn4yxlIwFYnl0ZXOUQwIA/5SMA3NldJQojAFhlJGUjAJ0MJQpjAJ0MZRLAYWUjAJ0MpRLAUsChpSMAnQzlEsBSwJLA4eUjAJ0NJQoSwFLAksDSwR0lIwGbmVzdGVklH2USwF9lGgNXZQoXZR9lGVzc4wGc2hhcmVklF2UKF2USwFhaCBldS4='
}

t.test('plain data of every protocol', t => {
  for (const [protocol, base64] of Object.entries(fromPython)) {
    const bytes = Buffer.from(base64, 'base64')
    const { value, end } = unpickle(bytes, nothing)
    const found = value as Map<string, unknown>
    t.equal(end, bytes.length, `protocol ${protocol}`)
    t.same([found.get('none'), found.get('yes'), found.get('no')], [null, true, false])
    t.same(found.get('ints'), [
      0,
      1,
      -1,
      255,
      256,
      65536,
      -(2 ** 31),
      2 ** 31,
      -(2 ** 40),
      2 ** 53 - 1,
      2n ** 53n,
      2n ** 70n,
      -(2n ** 70n)
    ])
    t.same(found.get('floats'), [0.5, -1e300, 1])
    t.equal(found.get('text'), 'naïve 🌱')
    t.same([0, 1, 2, 3, 4].map(size => found.get(`t${size}`)), [[], [1], [1, 2], [1, 2, 3], [1, 2, 3, 4]])
    t.same(found.get('nested'), new Map([[1, new Map([['a', [[], new Map()]]])]]))
    const [first, second] = found.get('shared') as unknown[]
    t.equal(first, second, 'shared values stay shared')
    if (found.has('bytes')) t.same(found.get('bytes'), Buffer.from([0, 255]))
    if (found.has('set')) t.same(found.get('set'), new Set(['a']))
  }
  t.end()
})

t.test('a list inside itself', t => {
  const { value } = unpickle(Buffer.from('gASVBgAAAAAAAABdlGgAYS4=', 'base64'), nothing)
  t.equal((value as unknown[])[0], value)
  t.end()
})

t.test('allowed globals build values, classes become inert records', t => {
  t.same(unpickle(writePickle(new OrderedDict([['a', 1]])), weights()).value, new Map([['a', 1]]))
  const { value } = unpickle(
    writePickle(new Instance('torch.nn.modules.conv.Conv2d', new Map([['groups', 1]]))),
    modules()
  )
  t.type(value, PickledObject)
  t.match(value, { className: 'torch.nn.modules.conv.Conv2d', args: [], state: new Map([['groups', 1]]) })
  t.end()
})

t.test('code is refused by its name, and does not run', t => {
  /** Objects of CPython whose `__reduce__` calls os.system and eval, protocols 2 and 4. */
  const attacks = {
    'posix.system': [
      'gAJjcG9zaXgKc3lzdGVtCnEAWAsAAAB0b3VjaCBwd25lZHEBhXECUnEDLg==',
      'gASVJgAAAAAAAACMBXBvc2l4lIwGc3lzdGVtlJOUjAt0b3VjaCBwd25lZJSFlFKULg=='
    ],
    '__builtin__.eval': ['gAJjX19idWlsdGluX18KZXZhbApxAFgDAAAAMSsxcQGFcQJScQMu'],
    'builtins.eval': ['gASVHwAAAAAAAACMCGJ1aWx0aW5zlIwEZXZhbJSTlIwDMSsxlIWUUpQu']
  }
  for (const [name, pickles] of Object.entries(attacks)) {
    for (const pickle of pickles) {
      for (const policy of [nothing, weights(), modules()]) {
        t.throws(() => unpickle(Buffer.from(pickle, 'base64'), policy), {
          code: 'refused_global',
          message: new RegExp(name)
        })
      }
    }
  }
  for (const name of [
    '__proto__.constructor',
    'constructor.prototype',
    'torch.FloatStorage.__reduce__',
    'collections.OrderedDict.fromkeys'
  ]) {
    t.throws(() => unpickle(writePickle(new Call(name)), modules()), { code: 'refused_global' }, name)
  }
  t.end()
})

t.test('tensors that do not fit their storage are refused', t => {
  const file = new TorchFile()
  const tensor = (...args: unknown[]) => new Call('torch._utils._rebuild_tensor_v2', ...args)
  const storage = (file.tensor([1, 2, 3, 4], [4]).args.items[0])
  const bad: [string, unknown][] = [
    ['too many elements', tensor(storage, 0, new Tuple(5), new Tuple(1))],
    ['an offset outside', tensor(storage, 3, new Tuple(2), new Tuple(1))],
    ['a stride outside', tensor(storage, 0, new Tuple(2), new Tuple(4))],
    ['repeated elements', tensor(storage, 0, new Tuple(1 << 30), new Tuple(0))],
    ['a negative size', tensor(storage, 0, new Tuple(-1), new Tuple(1))],
    ['a size beyond numbers', tensor(storage, 0, new Tuple(2n ** 60n), new Tuple(1))],
    ['strides for other dimensions', tensor(storage, 0, new Tuple(2, 2), new Tuple(1))],
    ['no storage', tensor('weights', 0, new Tuple(2), new Tuple(1))],
    ['no arguments', tensor()],
    ['a storage that is called', new Call('torch.FloatStorage', 4)],
    ['an OrderedDict made of a list', new Call('collections.OrderedDict', [new Tuple('a', 1)])]
  ]
  for (const [title, value] of bad) { t.throws(() => unpickle(writePickle(value), weights()), { code: 'malformed_checkpoint' }, title) }
  t.end()
})

/** The opcodes of a pickle by hand. */
function pickle (...parts: (string | number[])[]): Buffer {
  return Buffer.concat([
    Buffer.from([0x80, 2]),
    ...parts.map(part => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part)))
  ])
}

t.test('damaged pickles are refused in one sentence', t => {
  const cases: [string, Buffer, RegExp][] = [
    ['nothing', Buffer.alloc(0), /end/],
    ['no stop', pickle('N'), /end 1 bytes too early/],
    ['no value', pickle('.'), /empty stack/],
    ['protocol 0', Buffer.from('(lp0\n.'), /opcode/],
    ['protocol 9', Buffer.from([0x80, 9]), /protocol 9/],
    ['the opcode INST', pickle('(ios\nsystem\n.'), /0x69/],
    ['the opcode OBJ', pickle('(o.'), /0x6f/],
    ['an extension', pickle([0x82, 1], '.'), /0x82/],
    ['text longer than the file', pickle('X', [255, 255, 255, 127], 'a.'), /too early/],
    ['bytes of 2^60', pickle([0x8e, 0, 0, 0, 0, 0, 0, 0, 16], '.'), /length/],
    ['a huge integer', pickle([0x8b, 0, 1, 0, 0], '.'), /integer of 256 bytes/],
    ['bad UTF-8', pickle('X', [1, 0, 0, 0, 0xff], '.'), /UTF-8/],
    ['a missing memo entry', pickle('h', [7], '.'), /memo entry 7/],
    ['a mark too few', pickle('t.'), /mark/],
    ['a key without value', pickle('}(K', [1], 'u.'), /key/],
    ['a list as key', pickle('}]Ns.'), /key/],
    ['items for a number', pickle('K', [1], 'Na.'), /no list/],
    ['a call of a number', pickle('K', [1], ')R.'), /call/],
    ['a state for a number', pickle('K', [1], 'Nb.'), /state/],
    ['a persistent id', pickle('NQ.'), /persistent/],
    ['a frame too long', pickle([0x95, 0, 0, 0, 0, 1, 0, 0, 0], '.'), /frame/]
  ]
  for (const [title, bytes, message] of cases) {
    t.throws(() => unpickle(bytes, nothing), { code: 'malformed_pickle', message }, title)
  }
  t.end()
})

t.test('limits', t => {
  t.throws(() => unpickle(pickle('('.repeat(defaultLimits.depth + 1), '.'), nothing), { message: /nested deeper/ })
  t.throws(() => unpickle(pickle('}'.repeat(1001), '.'), nothing, 0, { ...defaultLimits, operations: 1000 }), {
    message: /more than 1000 opcodes/
  })
  t.throws(() => unpickle(pickle('N'.repeat(100), '.'), nothing, 0, { ...defaultLimits, bytes: 50 }), {
    message: /too early/
  })
  t.end()
})

/** Runs thousands of inputs: each one gives a value or a ConvertError, and together they leave little behind. */
function survives (
  t: { ok: (value: unknown, message: string) => unknown; fail: (message: string) => unknown },
  inputs: Iterable<Buffer>,
  policies: (() => Policy)[]
): void {
  const outcomes = { value: 0, refused: 0 }
  for (const input of inputs) {
    for (const policy of policies) {
      try {
        unpickle(input, policy())
        outcomes.value++
      } catch (error) {
        if (!(error instanceof ConvertError) || error.message.length > 500) { t.fail(`${input.toString('base64')}: ${(error as Error).stack}`) }
        outcomes.refused++
      }
    }
  }
  t.ok(outcomes.refused > 0, JSON.stringify(outcomes))
}

t.test('mutated pickles', t => {
  const next = random(1)
  const file = new TorchFile()
  const sources = [
    ...Object.values(fromPython).map(base64 => Buffer.from(base64, 'base64')),
    writePickle(new OrderedDict(['a', 'b'].map(name => [name, file.parameter(file.tensor([1, 2, 3, 4], [2, 2]))]))),
    writePickle(
      new Instance(
        'torch.nn.modules.conv.Conv2d',
        new Map<string, unknown>([
          ['_parameters', new OrderedDict([['weight', file.tensor([1], [1])]])],
          ['groups', 1]
        ])
      )
    )
  ]
  const mutated = Array.from({ length: 6000 }, (_, i) => mutate(sources[i % sources.length]!, next))
  survives(t, mutated, [() => nothing, weights, modules])
  t.end()
})

t.test('random opcodes', t => {
  const next = random(2)
  const known = Buffer.from(
    '()]}N.0a\x80\x85\x86\x87\x88\x89\x8a\x8c\x8f\x90\x91\x93\x94\x95BCGJKMQRTUXbcdehjlqrstu\x81\x8b\x8d\x8e\x96',
    'latin1'
  )
  const inputs = Array.from({ length: 10_000 }, () =>
    pickle(
      Array.from({ length: 60 }, () =>
        next() < 0.9 ? known[Math.floor(next() * known.length)]! : Math.floor(next() * 256)
      )
    )
  )
  survives(t, inputs, [() => nothing, modules])
  t.end()
})
