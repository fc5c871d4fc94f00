import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { formatLabels, inspectOnnx, parseLabels } from '../../../src/model-tools/convert/inspect.ts'
import { encodeModel } from '../../../src/model-tools/convert/onnx.ts'
import type { ModelProto } from '../../../onnx/schema.ts'
import { shared, starter, withoutShared, withoutStarter } from '../../helpers/models.ts'
import { temporaryFolder } from '../../helpers/temporary-folder.ts'

function save (t: Test, model: ModelProto): string {
  const path = join(temporaryFolder(t), 'model.onnx')
  writeFileSync(path, encodeModel({ opsetImport: [{ version: 17 }], ...model }))
  return path
}

t.test('the starter detector', { skip: withoutStarter }, async t => {
  const info = await inspectOnnx(starter.objectDetector!.path)
  t.same(info.inputs, [{ name: 'images', type: 'float32', shape: [1, 3, 640, 640] }])
  t.same(info.outputs, [{ name: 'output0', type: 'float32', shape: [1, 84, 8400] }])
  t.equal(info.labels!.length, 80)
  t.equal(info.labels![0], 'person')
  t.match(info, { opset: 17, producer: 'pytorch 2.0.1', externalFiles: [], metadata: { task: 'detect' } })
})

t.test('a model with open dimensions and without labels', { skip: withoutShared }, async t => {
  const info = await inspectOnnx(shared('models/buffalo_sc/det_500m.onnx'))
  t.same(info.inputs, [{ name: 'input.1', type: 'float32', shape: [1, 3, '?', '?'] }])
  t.equal(info.outputs.length, 9)
  t.match(info, { opset: 11, labels: null })
})

t.test('weights listed among the inputs, other types, no shape', async t => {
  const path = save(t, {
    graph: {
      input: [
        { name: 'x', type: { tensorType: { elemType: 10, shape: { dim: [{}, { dimValue: 3 }] } } } },
        { name: 'w' }
      ],
      initializer: [{ name: 'w', dims: [1] }],
      output: [{ name: 'y', type: { tensorType: { elemType: 1 } } }]
    }
  })
  const info = await inspectOnnx(path)
  t.same(info.inputs, [{ name: 'x', type: 'float16', shape: [null, 3] }])
  t.same(info.outputs, [{ name: 'y', type: 'float32', shape: null }])
})

t.test('weights in other files', async t => {
  const external = (location: string) =>
    save(t, {
      graph: {
        initializer: [{ name: 'w', dims: [1], dataLocation: 1, externalData: [{ key: 'location', value: location }] }]
      }
    })
  const path = external('weights.bin')
  await t.rejects(inspectOnnx(path), { code: 'missing_external_data', message: /weights\.bin/ })
  writeFileSync(join(path, '../weights.bin'), 'abcd')
  t.same((await inspectOnnx(path)).externalFiles, ['weights.bin'])
  const branch = save(t, {
    graph: {
      node: [
        {
          opType: 'If',
          attribute: [
            {
              name: 'then_branch',
              g: {
                node: [
                  {
                    opType: 'Constant',
                    attribute: [
                      { name: 'value', t: { dataLocation: 1, externalData: [{ key: 'location', value: 'inner.bin' }] } }
                    ]
                  }
                ]
              }
            }
          ]
        }
      ]
    }
  })
  await t.rejects(inspectOnnx(branch), { code: 'missing_external_data', message: /inner\.bin/ })
  for (const location of ['../../models/secret', '/etc/passwd', '']) {
    await t.rejects(
      inspectOnnx(external(location)),
      { code: 'missing_external_data', message: /outside its folder/ },
      location
    )
  }
})

t.test('no ONNX file', async t => {
  const path = join(temporaryFolder(t), 'model.onnx')
  await t.rejects(inspectOnnx(path), { code: 'unreadable_file', message: /ENOENT/ })
  writeFileSync(path, 'PK\x03\x04')
  await t.rejects(inspectOnnx(path), { code: 'malformed_onnx' })
})

t.test('what is named like a model and is none', async t => {
  const path = join(temporaryFolder(t), 'best.onnx')
  for (const [text, found] of [
    [
      'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a2146\nsize 12345\n',
      /best\.onnx, found a Git LFS pointer: .*git lfs pull/
    ],
    ['<!DOCTYPE html><html><title>Sign in</title>', /found a web page/],
    ['\ufeff<html>', /found a web page/],
    ['<?xml version="1.0"?><Error><Code>NoSuchKey</Code></Error>', /found a web page/],
    ['PK\x03\x04', /bytes 504b0304/]
  ] as const) {
    writeFileSync(path, text)
    await t.rejects(
      inspectOnnx(path),
      { name: 'ConvertError', code: 'malformed_onnx', message: found },
      text.slice(0, 20)
    )
  }
})

t.test('class names as a list, and in JSON', async t => {
  t.same(parseLabels('["person", "bird\'s nest"]'), ['person', "bird's nest"])
  t.same(parseLabels("['person', \"bird's nest\",]"), ['person', "bird's nest"])
  t.same(parseLabels('{"1": "dog", "0": "person"}'), ['person', 'dog'])
  t.same(parseLabels(JSON.stringify(['苗木', 'two\nlines', 'a "b"'])), ['苗木', 'two\nlines', 'a "b"'])
  t.same(parseLabels('["\\u82d7\\u6728"]'), ['苗木'])
  for (const bad of ['[1, 2]', '["a" "b"]', '["a"', '{"a": "b"}', '{"0: "a"}', 'a, b']) { t.equal(parseLabels(bad), null, bad) }
})

t.test('class names in Python notation', t => {
  t.same(parseLabels("{0: 'person', 1: 'bicycle'}"), ['person', 'bicycle'])
  t.same(parseLabels('{1: "bird\'s nest", 0: \'a, b: c}\'}'), ['a, b: c}', "bird's nest"])
  t.same(parseLabels("{0: 'a\\'b\\\\c',}"), ["a'b\\c"])
  for (const bad of ['', '{}', '[]', "{0: 'a', 2: 'b'}", '{0: a}', "{0: 'a' 1: 'b'}", "{0: 'a", "{'0': 'a'}"]) { t.equal(parseLabels(bad), null, bad) }

  const labels = ['a', "b's", 'c "quoted"', 'back\\slash', 'two\nlines', '苗木', '']
  t.same(parseLabels(formatLabels(labels)), labels)
  t.equal(formatLabels(['person', 'bicycle']), "{0: 'person', 1: 'bicycle'}")
  t.end()
})
