/** Every text file that people write is read in the encodings that editors save. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { readKeyFile } from '../../src/access/key-file.ts'
import { newSecret, storedKey } from '../../src/access/keys.ts'
import { loadConfig } from '../../src/config/config.ts'
import { readDetector } from '../../src/models/choose-detector.ts'
import { readManifest } from '../../src/models/manifest-file.ts'
import { newTemplateKey, openSealer } from '../../src/storage/sealing.ts'
import { readTasks } from '../../src/tasks/catalog.ts'
import { temporaryFolder } from '../helpers/temporary-folder.ts'
import { writeTinyOnnx } from '../helpers/tiny-onnx.ts'

const utf16 = (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le')
const marked = (text: string) => Buffer.from(`\ufeff${text}`)
const unmarked = (text: string) => Buffer.from(text, 'utf16le')

t.test('tasks, keys, labels and manifest entries', async t => {
  const folder = temporaryFolder(t)
  const path = (name: string) => join(folder, name)
  const tasks = JSON.stringify({ tasks: [{ name: 'größe', title: 'Größe', description: 'x', aliases: [], rules: [] }] })
  const keys = JSON.stringify({ keys: [storedKey('app', ['read'], newSecret())] })
  writeTinyOnnx(path('best.onnx'), { input: [1, 3, 640, 640], outputs: { output0: [1, 6, 8400] } })

  for (const encode of [utf16, marked]) {
    writeFileSync(path('keys.json'), encode(keys))
    t.match(readKeyFile(path('keys.json')), [{ name: 'app' }])
    writeFileSync(path('template.key'), encode(newTemplateKey()))
    t.type(openSealer(loadConfig({ TEMPLATE_KEY_FILE: path('template.key') })).keyId, 'string')
    writeFileSync(path('best.txt'), encode('Baum\r\nSetzling\r\n'))
    t.same((await readDetector(path('best.onnx'))).labels, ['Baum', 'Setzling'])
    writeFileSync(path('local.json'), encode('{"terms":{"Mine":"Für alle."}}'))
    t.match((await readManifest({ MODELS_DIR: folder })).terms, { Mine: 'Für alle.' })
    writeFileSync(path('tasks.json'), encode(tasks))
    const read = await readTasks(path('tasks.json')).catch((error: Error) => error.message)
    t.notMatch(read, /not JSON/, 'it is read as JSON, whatever the schema says of it')
  }

  for (const [name, read] of [
    ['tasks.json', () => readTasks(path('tasks.json'))],
    ['keys.json', async () => readKeyFile(path('keys.json'))],
    ['template.key', async () => openSealer(loadConfig({ TEMPLATE_KEY_FILE: path('template.key') }))],
    ['best.txt', () => readDetector(path('best.onnx'))],
    ['local.json', () => readManifest({ MODELS_DIR: folder })]
  ] as [string, () => Promise<unknown>][]) {
    writeFileSync(path(name), unmarked(tasks))
    await t.rejects(read(), { message: new RegExp(`${name}.*UTF-16`) }, name)
  }
})
