/**
 * Measures the models in use on a folder of labelled photos. Tables go to stdout, progress to stderr. The settings of
 * the service choose the models.
 */
import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { type Parsed, runCommand, UsageError } from '../src/cli/run-command.ts'
import { fromProject } from '../src/config/project-folder.ts'
import { activeModels } from '../src/models/active-models.ts'
import type { Bench } from './evaluate/bench.ts'
import { evaluateCalibration } from './evaluate/calibration.ts'
import { evaluateChallenges } from './evaluate/challenge.ts'
import { evaluateFaceQuality } from './evaluate/face-quality.ts'
import { evaluateLiveness } from './evaluate/liveness.ts'
import { evaluateObjects } from './evaluate/objects.ts'
import { openBench } from './evaluate/open-bench.ts'
import { evaluatePairs } from './evaluate/pairs.ts'
import { evaluateQuality } from './evaluate/quality.ts'
import { evaluateRecycled } from './evaluate/recycled.ts'
import { formatTable, type Table } from './evaluate/table.ts'
import { evaluateTasks } from './evaluate/tasks.ts'
import { evaluateTemplates } from './evaluate/templates.ts'

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
type Part = typeof parts[number]
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

/** What each part measures. `confidence`: the score from which the service counts an object. */
const evaluations: Record<Part, (bench: Bench, confidence: number) => Promise<Table[]>> = {
  pairs: evaluatePairs,
  templates: evaluateTemplates,
  liveness: bench => evaluateLiveness(bench, fromProject('.cache/evaluate')),
  objects: evaluateObjects,
  tasks: evaluateTasks,
  quality: evaluateQuality,
  'face-quality': evaluateFaceQuality,
  calibration: evaluateCalibration,
  challenge: evaluateChallenges,
  recycled: evaluateRecycled
}

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

  const { bench, confidence } = await openBench(images, curves)
  const tables: Table[] = [
    {
      title: 'Models in use',
      rows: activeModels(bench.models).map(({ role, id, input: { width, height }, sha256 }) => ({
        role,
        id,
        input: `${width} x ${height}`,
        sha256: sha256.slice(0, 12)
      }))
    }
  ]
  console.log(formatTable(tables[0]!))
  for (const part of parts.filter(name => wanted.includes(name))) {
    for (const table of await evaluations[part](bench, confidence)) {
      tables.push(table)
      console.log(formatTable(table))
    }
  }
  await bench.inference.close()
  if (json !== undefined) {
    await writeFile(
      json,
      JSON.stringify({ images, thresholds: bench.thresholds, tables }, null, 2)
    )
  }
}

await runCommand({ usage, options }, evaluate)
