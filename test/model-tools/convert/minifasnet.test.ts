import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { convertedPath, convertLiveness, inspectOnnx } from '../../../src/model-tools/convert/index.ts'
import { cropScale } from '../../../src/model-tools/convert/minifasnet.ts'
import { decodeFrame } from '../../../workers/decode-photo.ts'
import { createPicture, pictureOf } from '../../../workers/pixels.ts'
import { resize } from '../../../workers/resize.ts'
import { toPlanes } from '../../../workers/network-input.ts'
import { openSession } from '../../../workers/session.ts'
import { miniFasNetState, stateDict } from '../../helpers/minifasnet-checkpoint.ts'
import { shared, withoutShared } from '../../helpers/models.ts'
import { OrderedDict } from '../../helpers/pickle-writer.ts'
import { random } from '../../helpers/random.ts'
import { miniFasNet, Network } from '../../helpers/reference-network.ts'
import { temporaryFolder } from '../../helpers/temporary-folder.ts'
import { TorchFile } from '../../helpers/torch-file.ts'

const side = 80

function pixels (seed: number, images = 1): Float32Array {
  const next = random(seed)
  return Float32Array.from({ length: images * 3 * side * side }, () => Math.floor(next() * 256))
}

/** Opens a network: pixels of one or more images -> logits. */
async function network (t: Test, path: string): Promise<(input: Float32Array) => Promise<Float32Array>> {
  const session = await openSession(path, 'cpu', 1)
  t.teardown(() => session.close())
  return async input => {
    const [output] = await session.run(input, [input.length / (3 * side * side), 3, side, side])
    return output!.data
  }
}

function largestDifference (a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Array.from(a).reduce(
    (most, value, i) => Math.max(most, Math.abs(value - b[i]!)),
    a.length === b.length ? 0 : Infinity
  )
}

const official = [
  { name: '2.7_80x80_MiniFASNetV2', architecture: 'MiniFASNetV2', scale: '2.7' },
  { name: '4_0_0_80x80_MiniFASNetV1SE', architecture: 'MiniFASNetV1SE', scale: '4.0' }
]

/** The 80 x 80 crops of the golden photos, BGR 0..255. */
async function goldenCrops (scale: string): Promise<Float32Array[]> {
  const names = (await readdir(shared('golden'))).filter(
    name => name.endsWith('.json') && !['index.json', 'pairs.json'].includes(name)
  )
  const crops: Float32Array[] = []
  for (const name of names) {
    const golden = JSON.parse(readFileSync(shared(`golden/${name}`), 'utf8'))
    const rect = golden.minifasnet?.crops?.[scale]
    if (!rect) continue
    const [left, top, right, bottom] = rect
    const { frame } = await decodeFrame(readFileSync(shared(golden.image)), 50_000_000)
    const crop = createPicture(side, side)
    resize(pictureOf(frame!), { left, top, width: right - left + 1, height: bottom - top + 1 }, crop, {
      left: 0,
      top: 0,
      width: side,
      height: side
    })
    const planes = new Float32Array(3 * side * side)
    toPlanes(crop, { width: side, height: side, channels: 'BGR', mean: 0, std: 1 }, planes)
    crops.push(planes)
  }
  return crops
}

t.test('the official weights give the logits of the reference export', { skip: withoutShared }, async t => {
  for (const { name, architecture, scale } of official) {
    const converted = await convertLiveness(shared(`models/minifasnet/${name}.pth`), temporaryFolder(t))
    t.match(converted, { architecture, classes: 3, size: side, cropScale: Number(scale), cached: false })
    const ours = await network(t, converted.path)
    const reference = await network(t, shared(`models/minifasnet/reference/${name}.onnx`))

    const crops = await goldenCrops(scale)
    t.ok(crops.length >= 20, `${crops.length} golden crops`)
    for (const input of [...crops, pixels(1, 4)]) {
      const difference = largestDifference(await ours(input), await reference(input))
      t.ok(difference <= 1e-4, `${name}: logits differ by ${difference}`)
    }
  }
})

t.test('all four networks, zip and legacy, give the logits of an independent forward pass', async t => {
  for (const [i, [version, excite]] of (
    [
      ['V1', false],
      ['V2', false],
      ['V1', true],
      ['V2', true]
    ] as const
  ).entries()) {
    const state = miniFasNetState(version, excite, { classes: 3 + (i % 2), seed: i + 1, embedding: excite ? 512 : 128 })
    const file = new TorchFile()
    const dict = stateDict(file, state)
    const path = join(temporaryFolder(t), 'weights.pth')
    writeFileSync(path, i % 2 === 0 ? file.zip(dict, { deflate: excite }) : file.legacy(dict))

    const converted = await convertLiveness(path, temporaryFolder(t))
    t.equal(converted.architecture, `MiniFASNet${version}${excite ? 'SE' : ''}`)
    t.equal(converted.classes, 3 + (i % 2))
    t.equal(converted.cropScale, null)

    const input = pixels(i)
    const expected = miniFasNet(new Network(state, 1e-5), {
      channels: 3,
      height: side,
      width: side,
      data: Float64Array.from(input)
    })
    const found = await (await network(t, converted.path))(input)
    const most = Math.max(...expected.map(Math.abs))
    t.ok(largestDifference(found, expected) <= 1e-4 * most, `${version}${excite ? 'SE' : ''}: ${found} and ${expected}`)
  }
})

t.test('the ONNX file says what it is', async t => {
  const file = new TorchFile()
  const path = join(temporaryFolder(t), '2.7_80x80_MiniFASNetV2.pth')
  writeFileSync(path, file.zip(stateDict(file, miniFasNetState('V2', false))))
  const converted = await convertLiveness(path, temporaryFolder(t))
  const info = await inspectOnnx(converted.path)
  t.same(info.inputs, [{ name: 'input', type: 'float32', shape: ['n', 3, 80, 80] }])
  t.same(info.outputs, [{ name: 'logits', type: 'float32', shape: ['n', 3] }])
  t.equal(info.opset, 17)
  t.equal(info.metadata.source_sha256, converted.sourceSha256)
})

t.test('a conversion is found again by the bytes of its source', async t => {
  const dir = temporaryFolder(t)
  const cache = temporaryFolder(t)
  const save = (name: string, seed: number) => {
    const file = new TorchFile()
    writeFileSync(join(dir, name), file.zip(stateDict(file, miniFasNetState('V1', false, { seed }))))
    return join(dir, name)
  }
  const first = await convertLiveness(save('a.pth', 1), cache)
  const written = statSync(first.path).mtimeMs
  const again = await convertLiveness(join(dir, 'a.pth'), cache)
  t.same({ ...again, cached: false }, first)
  t.equal(again.cached, true)
  t.equal(statSync(again.path).mtimeMs, written)
  t.equal((await convertedPath(join(dir, 'a.pth'), cache)).path, first.path)

  const good = readFileSync(first.path)
  writeFileSync(first.path, good.with(good.length >> 1, good[good.length >> 1]! ^ 1))
  t.equal(
    (await convertLiveness(join(dir, 'a.pth'), cache)).cached,
    false,
    'a conversion that was changed is made anew'
  )
  t.same(readFileSync(first.path), good)
  rmSync(`${first.path}.sha256`)
  t.equal((await convertLiveness(join(dir, 'a.pth'), cache)).cached, false, 'so is one that was left without its hash')
  t.equal((await convertLiveness(join(dir, 'a.pth'), cache)).cached, true)

  const other = temporaryFolder(t)
  const together = await Promise.all([1, 2, 3].map(() => convertLiveness(join(dir, 'a.pth'), other)))
  t.same(new Set(together.map(({ path }) => path)).size, 1, 'several at once agree')
  t.same(readFileSync(together[0]!.path), readFileSync(first.path))

  const changed = await convertLiveness(save('a.pth', 2), cache)
  t.not(changed.path, first.path)
  t.equal(changed.cached, false)
  t.same((await readdir(cache)).filter(name => name.endsWith('.tmp')), [])
})

t.test('other weights are refused in one sentence, and nothing is left behind', async t => {
  const good = miniFasNetState('V2', true)
  const without = (name: string) => new Map([...good].filter(([key]) => key !== name))
  const cases = {
    'a missing tensor': { state: without('prob.weight'), message: /prob\.weight/ },
    'another shape': {
      state: new Map([
        ...good,
        ['conv_6_dw.conv.weight', { shape: [512, 1, 7, 7], values: new Float32Array(512 * 49) }]
      ]),
      message: /\[512, 1, 5, 5\].*\[512, 1, 7, 7\]/
    },
    'an extra tensor': {
      state: new Map([...good, ['FTGenerator.ft.0.weight', { shape: [1], values: new Float32Array(1) }]]),
      message: /FTGenerator/
    },
    'other widths': {
      state: new Map([
        ...good,
        ['conv_3.model.1.conv_dw.conv.weight', { shape: [14, 1, 3, 3], values: new Float32Array(126) }]
      ]),
      message: /13-14-13-13/
    },
    'no state dict': { state: new Map(), message: /state dict/ }
  }
  for (const [title, { state, message }] of Object.entries(cases)) {
    const file = new TorchFile()
    const path = join(temporaryFolder(t), 'weights.pth')
    writeFileSync(path, file.legacy(stateDict(file, state)))
    const cache = temporaryFolder(t)
    await t.rejects(convertLiveness(path, cache), { code: 'unsupported_model', message }, title)
    t.same(await readdir(cache), [], title)
  }
})

t.test('only the prefix module. is removed', async t => {
  const state = miniFasNetState('V1', true)
  for (const prefix of ['', 'module.']) {
    const file = new TorchFile()
    const path = join(temporaryFolder(t), 'weights.pth')
    writeFileSync(path, file.zip(new OrderedDict([['state_dict', stateDict(file, state, prefix)]])))
    t.equal((await convertLiveness(path, temporaryFolder(t))).architecture, 'MiniFASNetV1SE', JSON.stringify(prefix))
  }
})

t.test('crop scales from file names, as upstream writes them', async t => {
  t.equal(cropScale('2.7_80x80_MiniFASNetV2.pth'), 2.7)
  t.equal(cropScale('4_0_0_80x80_MiniFASNetV1SE.pth'), 4)
  t.equal(cropScale('1_80x80_x.pth'), 1)
  t.equal(cropScale('org_1_80x80_MiniFASNetV1.pth'), null)
  t.equal(cropScale('best.pth'), null)
  t.equal(cropScale('0_80x80_x.pth'), null)
})
