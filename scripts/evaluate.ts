/**
 * Measures the models in use on a folder of labelled photos. Tables go to stdout, progress to stderr. The settings of
 * the service choose the models.
 */
import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { type Parsed, runCommand, UsageError } from '../src/cli/run-command.ts'
import { loadConfig } from '../src/config/config.ts'
import { readEnvironment } from '../src/config/environment.ts'
import { fromProject } from '../src/config/project-folder.ts'
import { readManifest } from '../src/models/manifest-file.ts'
import { prepareDetector } from '../src/models/input-size.ts'
import { prepareModels } from '../src/models/prepare.ts'
import { resolveModels } from '../src/models/resolve.ts'
import { buildCatalog, readTasks } from '../src/tasks/catalog.ts'
import { readScenes, scenesDir } from '../src/tasks/scenes/scene-file.ts'
import { openModels } from '../workers/open-models.ts'
import type { Bench } from './evaluate/bench.ts'
import { evaluateCalibration } from './evaluate/calibration.ts'
import { evaluateFaceQuality } from './evaluate/face-quality.ts'
import { evaluateChallenges } from './evaluate/challenge.ts'
import { evaluateLiveness } from './evaluate/liveness.ts'
import { evaluateObjects, leastScore } from './evaluate/objects.ts'
import { createObserver } from './evaluate/observe.ts'
import { evaluatePairs } from './evaluate/pairs.ts'
import { readPhotoSet } from './evaluate/photo-set.ts'
import { evaluateQuality } from './evaluate/quality.ts'
import { evaluateRecycled } from './evaluate/recycled.ts'
import { withReferenceModels } from './evaluate/reference-models.ts'
import { formatTable, type Table } from './evaluate/table.ts'
import { evaluateTasks } from './evaluate/tasks.ts'
import { evaluateTemplates } from './evaluate/templates.ts'
import { activeModels } from '../src/models/active-models.ts'
import { activeThresholds } from '../src/verification/thresholds.ts'

/** The parts, by the name that `--only` takes. */
const parts = [
  'pairs',
  'templates',
  'liveness',
  'objects',
  'tasks',
  'quality',
  'face-quality',
  'calibration',
  'challenge',
  'recycled'
] as const
/** Measures what another part judges by, so that it runs only when it is named. */
const unasked = ['calibration']

const defaultImages = fromProject('../shared/images')

const usage = `npm run evaluate -- [--images DIR] [--only PARTS] [--json FILE] [--curves DIR]

  --images DIR   folder of labelled photos (default: ${defaultImages})
  --only PARTS   some of ${parts.join(',')} (default: all but calibration)
  --json FILE    write the tables as JSON, too
  --curves DIR   draw the ROC curves of scenes there, as SVG`

const options = {
  images: { type: 'string', default: defaultImages },
  json: { type: 'string' },
  curves: { type: 'string' },
  only: { type: 'string', default: parts.filter(part => !unasked.includes(part)).join() }
} as const

async function evaluate ({ values }: Parsed): Promise<void> {
  const { images, only, json, curves } = values as { images: string, only: string, json?: string, curves?: string }
  const wanted = only.split(',')
  const unknown = wanted.filter(name => !(parts as readonly string[]).includes(name))
  if (unknown.length > 0) throw new UsageError(`--only takes ${parts.join(', ')}; found ${unknown.join(', ')}.`)
  if (!existsSync(images)) {
    throw new UsageError(
      `There are no labelled photos in ${images}: expected a folder with lfw/, people/, spoof/, tasks/ and coco/. Name it with --images DIR.`
    )
  }
  if (json !== undefined && !existsSync(dirname(resolve(json)))) { throw new UsageError(`There is no folder ${dirname(resolve(json))} to write --json ${json} to; make it first.`) }
  if (curves !== undefined && !existsSync(curves)) { throw new UsageError(`There is no folder ${curves} to draw curves in; make it first.`) }

  const config = loadConfig(readEnvironment())
  const published = await readManifest(config)
  const manifest = withReferenceModels(published)
  const models = await prepareModels(await resolveModels(config, manifest), config, manifest)

  if (models.objectDetector !== null) {
    models.objectDetector = await prepareDetector(
      models.objectDetector,
      config,
      message => console.error(message)
    )
  }
  const confidence = models.objectDetector?.scoreThreshold ?? 0
  const inference = await openModels({
    models: {
      ...models,
      objectDetector: models.objectDetector && { ...models.objectDetector, scoreThreshold: leastScore }
    },
    provider: config.EXECUTION_PROVIDER,
    intraOpThreads: config.INTRA_OP_THREADS
  })
  const bench: Bench = {
    models,
    thresholds: activeThresholds(config, models),
    photos: await readPhotoSet(images),
    tasks: buildCatalog(
      await readTasks(config.TASKS_FILE),
      inference.report().labels,
      { scenes: await readScenes(scenesDir(config.TASKS_FILE)), contract: inference.report().features }
    ),
    inference,
    maxPixels: config.MAX_PHOTO_MEGAPIXELS * 1e6,
    observer: await createObserver(inference, models, {
      maxFaces: config.MAX_FACES, maxPixels: config.MAX_PHOTO_MEGAPIXELS * 1e6, cacheDir: fromProject('.cache/evaluate')
    }),
    curvesDir: curves,
    progress
  }
  const evaluations: Record<typeof parts[number], () => Promise<Table[]>> = {
    pairs: () => evaluatePairs(bench),
    templates: () => evaluateTemplates(bench),
    liveness: () => evaluateLiveness(bench, fromProject('.cache/evaluate')),
    objects: () => evaluateObjects(bench, confidence),
    tasks: () => evaluateTasks(bench, confidence),
    quality: () => evaluateQuality(bench),
    'face-quality': () => evaluateFaceQuality(bench),
    calibration: () => evaluateCalibration(bench),
    challenge: () => evaluateChallenges(bench),
    recycled: () => evaluateRecycled(bench)
  }

  const tables: Table[] = [
    {
      title: 'Models in use',
      rows: activeModels(models).map(({ role, id, input: { width, height }, sha256 }) => ({
        role,
        id,
        input: `${width} x ${height}`,
        sha256: sha256.slice(0, 12)
      }))
    }
  ]
  console.log(formatTable(tables[0]!))
  for (const part of parts.filter(name => wanted.includes(name))) {
    for (const table of await evaluations[part]()) {
      tables.push(table)
      console.log(formatTable(table))
    }
  }
  await inference.close()
  if (json !== undefined) {
    await writeFile(
      json,
      JSON.stringify({ images, thresholds: bench.thresholds, tables }, null, 2)
    )
  }
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

await runCommand({ usage, options }, evaluate)
