/** Opens what every part of the evaluation works with: the models that the settings choose, tasks, and the photos. */
import { countSteps } from '../../src/cli/count-steps.ts'
import { loadConfig } from '../../src/config/config.ts'
import { readEnvironment } from '../../src/config/environment.ts'
import { fromProject } from '../../src/config/project-folder.ts'
import { prepareDetector } from '../../src/models/input-size.ts'
import { readManifest } from '../../src/models/manifest-file.ts'
import { prepareModels } from '../../src/models/prepare.ts'
import { resolveModels } from '../../src/models/resolve.ts'
import { buildCatalog, readTasks } from '../../src/tasks/catalog.ts'
import { readScenes, scenesDir } from '../../src/tasks/scenes/scene-file.ts'
import { activeThresholds } from '../../src/verification/thresholds.ts'
import { openModels } from '../../workers/open-models.ts'
import type { Bench } from './bench.ts'
import { leastScore } from './objects.ts'
import { createObserver } from './observe.ts'
import { readPhotoSet } from './photo-set.ts'
import { withReferenceModels } from './reference-models.ts'

/** Steps between two lines of progress where stderr is no terminal. */
const LINE_EVERY = 250

/**
 * @param images folder of the labelled photos
 * @param curvesDir where ROC curves are drawn; undefined: nowhere
 * @returns with `confidence`, the score from which the service itself counts an object, 0..1
 */
export async function openBench (
  images: string,
  curvesDir: string | undefined
): Promise<{ bench: Bench, confidence: number }> {
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
    curvesDir,
    progress: (what, steps) => countSteps(what, steps, LINE_EVERY)
  }
  return { bench, confidence }
}
