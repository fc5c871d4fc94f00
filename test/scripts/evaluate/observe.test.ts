import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { createObserver } from '../../../scripts/evaluate/observe.ts'
import type { OpenedModels } from '../../../workers/open-models.ts'
import { face } from '../../helpers/faces.ts'
import { starter } from '../../helpers/models.ts'

/** Counts the jobs that are really run. */
function counted () {
  const runs: string[] = []
  const frame = { width: 300, height: 200, pixels: new SharedArrayBuffer(0) }
  const inference = {
    async decode ({ bytes }) {
      return bytes.length === 0 ? { problem: { code: 'unsupported_type', found: 'empty' } } : { frame }
    },
    async faces () {
      runs.push('faces')
      return [face({ embedding: Float32Array.from([0.6, 0.8]) }), face({ embedding: null })]
    },
    async liveness () {
      runs.push('liveness')
      return { score: 0.7, models: [{ id: 'a', score: 0.7 }] }
    },
    async objects () {
      runs.push('objects')
      return { detections: [], features: null }
    }
  } as Partial<OpenedModels> as OpenedModels
  return { inference, runs }
}

t.test('what was seen once is remembered, also by the next process', async t => {
  const cacheDir = t.testdir()
  const options = { maxFaces: 10, maxPixels: 1e6, cacheDir }
  const first = counted()
  const look = await (await createObserver(first.inference, starter, options)).look(Buffer.from('photo'))
  const liveness = await look.liveness(0)
  await look.liveness(0)
  await look.objects()
  t.strictSame(first.runs, ['faces', 'liveness', 'objects'])

  // As a killed process leaves it.
  for (const file of await readdir(cacheDir)) { await writeFile(join(cacheDir, file), (await readFile(join(cacheDir, file), 'utf8')) + '\n["half a li') }
  const second = counted()
  const again = await (await createObserver(second.inference, starter, options)).look(Buffer.from('photo'))
  t.strictSame(await again.liveness(0), liveness)
  t.strictSame(again.faces, look.faces)
  t.strictSame([again.width, again.height], [300, 200])
  t.strictSame(second.runs, [])
})

t.test('another model is asked anew, another threshold is not another model', async t => {
  const options = { maxFaces: 10, maxPixels: 1e6, cacheDir: t.testdir() }
  const look = async (models: typeof starter) => {
    const { inference, runs } = counted()
    await (await createObserver(inference, models, options)).look(Buffer.from('photo'))
    return runs
  }
  await look(starter)
  t.strictSame(
    await look({ ...starter, faceEmbedder: { ...starter.faceEmbedder, threshold: { value: 0.9, measured: '' } } }),
    []
  )
  t.strictSame(await look({ ...starter, faceEmbedder: { ...starter.faceEmbedder, sha256: 'f'.repeat(64) } }), ['faces'])
})

t.test('a file that is no photo has no faces', async t => {
  const { inference, runs } = counted()
  const look = await (
    await createObserver(inference, starter, { maxFaces: 10, maxPixels: 1e6, cacheDir: t.testdir() })
  ).look(Buffer.alloc(0))
  t.strictSame(look.faces, [])
  t.strictSame(await look.objects(), { detections: [], features: null })
  t.strictSame(runs, [])
})
