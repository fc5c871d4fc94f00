/** What every part of the evaluation works with. */
import type { ModelSet } from '../../workers/types.ts'
import type { Catalog } from '../../src/tasks/catalog.ts'
import type { Look, Observer } from './observe.ts'
import type { PhotoSet } from './photo-set.ts'
import type { OpenedModels } from '../../workers/open-models.ts'
import type { Thresholds } from '../../src/verification/thresholds.ts'

export interface Bench {
  observer: Observer
  inference: OpenedModels
  maxPixels: number
  photos: PhotoSet
  models: ModelSet
  thresholds: Thresholds
  tasks: Catalog
  /** Where ROC curves are drawn; undefined: nowhere. */
  curvesDir: string | undefined
  /** Announces a stretch of work and returns the function that counts its steps. */
  progress: (what: string, steps: number) => () => void
}

/** Looks at every file, in order, with progress. */
export async function lookAtAll<T extends { file: string }> (
  { observer, progress }: Bench,
  what: string,
  items: readonly T[]
): Promise<(T & { look: Look })[]> {
  const step = progress(what, items.length)
  const seen = []
  for (const item of items) {
    seen.push({ ...item, look: await observer.look(item.file) })
    step()
  }
  return seen
}
