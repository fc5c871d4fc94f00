/** Photos that reviewers decided, as examples of a task. */
import type { Config } from '../config/config.ts'
import { learnablePhotos, type LeftOut, taskLabelOf } from '../reviews/learnable.ts'
import type { PhotoArchive } from '../storage/photo-archive.ts'
import type { Store } from '../storage/store.ts'
import type { ListedPhoto } from './list-photos.ts'

/**
 * Approved proofs of the task show it, those of other tasks do not, and proofs that were rejected because they do not
 * show it nearly do. Of a photo that was decided more than once the last decision counts, and one about this task
 * before one about another.
 */
export async function reviewedPhotos (
  store: Store, archive: Pick<PhotoArchive, 'read'>, config: Pick<Config, 'REQUIRE_CONSENT'>, task: string
): Promise<LeftOut & { photos: ListedPhoto[] }> {
  const leftOut: LeftOut = { notKept: 0, withoutConsent: 0 }
  const own = new Map<string | null, ListedPhoto>()
  const other = new Map<string | null, ListedPhoto>()
  for await (const { label, origin, read } of learnablePhotos(store, archive, config, leftOut)) {
    const shows = taskLabelOf(label)
    const photo = { file: `review ${label.review}`, origin, read }
    if (label.task === task) {
      if (shows !== null) own.set(label.photo, { ...photo, class: shows })
    } else if (shows === 'yes') other.set(label.photo, { ...photo, class: 'no' })
  }
  const others = [...other].filter(([sha256]) => !own.has(sha256)).map(([, photo]) => photo)
  return { ...leftOut, photos: [...own.values(), ...others] }
}
