/**
 * Measures the models in force on a folder of labelled photos: `npm run evaluate -- [--images DIR] [--json FILE]`.
 * Tables go to stdout, progress to stderr. The settings of the service choose the models.
 */
import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { loadConfig } from '../src/config/config.ts'
import { readManifest } from '../src/models/manifest-file.ts'
import { prepareModels } from '../src/models/prepare.ts'
import { resolveModels } from '../src/models/resolve.ts'
import { buildCatalog, readTasks } from '../src/tasks/catalog.ts'
import { openModels } from '../workers/open-models.ts'
import type { Bench } from './evaluate/bench.ts'
import { evaluateLiveness } from './evaluate/liveness.ts'
import { evaluateObjects, leastScore } from './evaluate/objects.ts'
import { createObserver } from './evaluate/observe.ts'
import { evaluatePairs } from './evaluate/pairs.ts'
import { readPhotoSet } from './evaluate/photo-set.ts'
import { evaluateQuality } from './evaluate/quality.ts'
import { referenceModels } from './evaluate/reference-models.ts'
import { formatTable, type Table } from './evaluate/table.ts'
import { evaluateTasks } from './evaluate/tasks.ts'
import { evaluateTemplates } from './evaluate/templates.ts'
import { activeModels } from '../src/models/active-models.ts'
import { activeThresholds } from '../src/verification/thresholds.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

/** The parts, by the name that `--only` takes. */
const parts = ['pairs', 'templates', 'liveness', 'objects', 'tasks', 'quality'] as const

async function evaluate (): Promise<void> {
  const { values } = parseArgs({
    options: { images: { type: 'string', default: resolve(root, '../shared/images') }, json: { type: 'string' }, only: { type: 'string', default: parts.join() } }
  })
  const wanted = values.only.split(',')
  const unknown = wanted.filter(name => !(parts as readonly string[]).includes(name))
  if (unknown.length > 0) throw new Error(`--only takes ${parts.join(', ')}; found ${unknown.join(', ')}.`)
  if (!existsSync(values.images)) {
    throw new Error(`There are no labelled photos in ${values.images}: expected a folder with lfw/, people/, spoof/, tasks/ and coco/. Name it with --images DIR.`)
  }

  if (existsSync('.env')) process.loadEnvFile('.env')
  const config = loadConfig(process.env)
  const published = await readManifest(config)
  const manifest = { ...published, models: { ...published.models, ...referenceModels } }
  const models = await prepareModels(await resolveModels(config, manifest), config, manifest)

  const confidence = models.objectDetector?.scoreThreshold ?? 0
  const inference = await openModels({
    models: { ...models, objectDetector: models.objectDetector && { ...models.objectDetector, scoreThreshold: leastScore } },
    provider: config.EXECUTION_PROVIDER,
    intraOpThreads: config.INTRA_OP_THREADS
  })
  const bench: Bench = {
    models,
    thresholds: activeThresholds(config, models),
    photos: await readPhotoSet(values.images),
    tasks: buildCatalog(await readTasks(config.TASKS_FILE), inference.report().labels),
    observer: await createObserver(inference, models, {
      maxFaces: config.MAX_FACES, maxPixels: config.MAX_PHOTO_MEGAPIXELS * 1e6, cacheDir: resolve(root, '.cache/evaluate')
    }),
    progress
  }
  const evaluations: Record<typeof parts[number], () => Promise<Table[]>> = {
    pairs: () => evaluatePairs(bench),
    templates: () => evaluateTemplates(bench),
    liveness: () => evaluateLiveness(bench),
    objects: () => evaluateObjects(bench, confidence),
    tasks: () => evaluateTasks(bench, confidence),
    quality: () => evaluateQuality(bench)
  }

  const tables: Table[] = [{ title: 'Models in force', rows: activeModels(models).map(({ role, id, input: { width, height }, sha256 }) => ({ role, id, input: `${width} x ${height}`, sha256: sha256.slice(0, 12) })) }]
  console.log(formatTable(tables[0]!))
  for (const part of parts.filter(name => wanted.includes(name))) {
    for (const table of await evaluations[part]()) {
      tables.push(table)
      console.log(formatTable(table))
    }
  }
  await inference.close()
  if (values.json !== undefined) await writeFile(values.json, JSON.stringify({ images: values.images, thresholds: bench.thresholds, tables }, null, 2))
}

function progress (what: string, steps: number): () => void {
  const { stderr } = process
  let done = 0
  return () => {
    done++
    if (stderr.isTTY) stderr.write(`\r${what}: ${done} of ${steps}${done === steps ? '\n' : ''}`)
    else if (done === steps || done % 250 === 0) stderr.write(`${what}: ${done} of ${steps}\n`)
  }
}

evaluate().catch((error: Error) => {
  // What can be mended is one sentence; only a fault of the script itself shows its stack.
  const fault = error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError
  console.error(fault ? error : error.message)
  process.exitCode = 1
})
