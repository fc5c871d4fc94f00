/** Which decided reviews may teach and measure, and what a decision says about the task. */
import type { Config } from '../config/config.ts'
import type { PhotoArchive } from '../storage/photo-archive.ts'
import type { Store } from '../storage/store.ts'
import type { FailureReason } from '../schemas/verdict.ts'
import { type ReviewLabel, reviewLabels } from './labels.ts'

export interface LearnablePhoto {
  label: ReviewLabel
  /** Photos of one user share it; it does not say who that is. */
  origin: string
  read: () => Promise<Uint8Array>
}

export interface LeftOut {
  /** Labels without a photo that was kept (`KEEP_REVIEWED_DAYS`, `KEEP_PHOTOS`). */
  notKept: number
  /** Labels of users who gave no consent, with `REQUIRE_CONSENT`. */
  withoutConsent: number
}

/** With `REQUIRE_CONSENT` only users with a reference to their consent. */
export async function mayLearnFrom (
  store: Pick<Store, 'findUser'>, { REQUIRE_CONSENT }: Pick<Config, 'REQUIRE_CONSENT'>, username: string
): Promise<boolean> {
  return !REQUIRE_CONSENT || (await store.findUser(username))?.consent != null
}

/**
 * The photos of decided reviews, by the last decision on each verification; counts in `leftOut` those that may not or
 * cannot be read.
 */
export async function * learnablePhotos (
  store: Store, archive: Pick<PhotoArchive, 'read'>, config: Pick<Config, 'REQUIRE_CONSENT'>, leftOut: LeftOut
): AsyncGenerator<LearnablePhoto> {
  const origins = new Map<string, string>()
  const last = new Map<string | null, ReviewLabel>()
  for await (const label of reviewLabels(store)) last.set(label.verification, label)
  for (const label of last.values()) {
    const { username } = label
    if (!(await mayLearnFrom(store, config, username))) {
      leftOut.withoutConsent++
      continue
    }
    const read = await readerOf(store, archive, label)
    if (read === null) {
      leftOut.notKept++
      continue
    }
    const origin = origins.get(username) ?? `person-${origins.size + 1}`
    origins.set(username, origin)
    yield { label, origin, read }
  }
}

/** A photo that goes meanwhile is an error, since the answer has counted it. */
async function readerOf (
  store: Store, archive: Pick<PhotoArchive, 'read'>, { review, hasPhoto, username, verification }: ReviewLabel
): Promise<LearnablePhoto['read'] | null> {
  if (hasPhoto) {
    return async () => {
      const bytes = await store.reviewPhoto(review)
      if (bytes === null) throw new Error(`The photo of the review ${review} was removed meanwhile; start again.`)
      return bytes
    }
  }
  const kept = (await store.listPhotos(username)).find(photo => photo.verification === verification)
  return kept === undefined ? null : () => archive.read(kept.name)
}

const ofTheTask: readonly FailureReason[] = ['task_not_shown', 'task_not_by_subject']

/**
 * `yes`: the photo shows its task. `near`: it does not, though somebody sent it for that. Null: the decision says
 * nothing about the task, since something else was in question.
 */
export function taskLabelOf (
  { person, reason, reasons }: Pick<ReviewLabel, 'person' | 'reason' | 'reasons'>
): 'yes' | 'near' | null {
  if (person === 'approved') return 'yes'
  const inQuestion = reason === 'demonstration' ||
    (reason === 'appeal' && reasons.length > 0 && reasons.every(found => ofTheTask.includes(found)))
  return inQuestion ? 'near' : null
}
