/** A person who was rejected asks for a second look, once for each verification. */
import { type Actor, appealEntry } from '../audit/entry.ts'
import { ServiceError } from '../errors/errors.ts'
import type { InferencePool } from '../inference/pool.ts'
import { withFrame } from '../inference/with-frame.ts'
import { findEarlierPhotos, proofSketches } from '../originality/earlier-photos.ts'
import { viewSketch } from '../originality/view-sketch.ts'
import type { Photo } from '../schemas/upload.ts'
import type { PhotoArchive } from '../storage/photo-archive.ts'
import type { Settlement } from '../storage/subjects/idempotency.ts'
import type { NewSketch, Store, StoredVerification } from '../storage/store.ts'
import type { ReviewPolicy } from './policy.ts'
import { reviewOfAppeal } from './proposals.ts'

export interface AppealServices {
  store: Store
  archive: PhotoArchive
  inference: InferencePool
  policy: ReviewPolicy
  maxPixels: number
}

export interface Appeal {
  record: StoredVerification
  statement: string | null
  /** The very photo that was rejected; left out: the one that was kept, if it was. */
  file: Photo | undefined
  actor: Actor
  client: string
  settlement: (answer: AppealAnswer) => Settlement | undefined
  signal?: AbortSignal
}

export interface AppealAnswer {
  review: { id: string, state: 'open' }
}

/**
 * Opens a review of a rejected verification.
 * @throws {ServiceError} `not_appealable`, `photo_differs`, or, for a file that is no picture, as for a proof
 */
export async function appeal (
  services: AppealServices,
  { record, statement, file, actor, client, settlement, signal }: Appeal
): Promise<AppealAnswer> {
  const { store, policy } = services
  if (!policy.enabled) { throw new ServiceError('not_appealable', 'This service takes no appeals: its operator set REVIEW=off.') }
  const { username } = record
  if (username === null) { throw new ServiceError('not_found', `There is no verification ${record.id} of an enrolled user.`) }
  if (record.status === 'approved') { throw new ServiceError('not_appealable', 'The verification is approved; only a rejected one can be appealed.') }
  if (file !== undefined && file.sha256 !== record.photo) {
    throw new ServiceError(
      'photo_differs',
      'The field file is another photo than the one that was rejected. Send exactly those bytes, or leave it out.'
    )
  }
  const photo = file ?? (await keptPhoto(services, username, record.id))
  const sketches = photo === null ? [] : await sketchesOf(services, record.id, { bytes: photo.bytes, client, signal })
  const review = reviewOfAppeal(policy, { ...record, username }, actor, {
    statement,
    photo: photo === null ? null : { bytes: photo.bytes, sha256: photo.sha256 },
    sketches
  })
  const answer: AppealAnswer = { review: { id: review.id, state: 'open' } }
  const added = await store.addReview(review, {
    audit: appealEntry(actor, { username, photo: record.photo, verification: record.id, review: review.id }),
    settle: settlement(answer)
  })
  if (added === 'exists') {
    throw new ServiceError(
      'not_appealable',
      'A person looks at the verification already, or it was appealed before; each can be appealed once.'
    )
  }
  if (added === 'missing') { throw new ServiceError('not_found', `There is no verification ${record.id} of an enrolled user.`) }
  return answer
}

/** Only with KEEP_PHOTOS=proofs or all. */
async function keptPhoto (
  { store, archive }: AppealServices,
  username: string,
  verification: string
): Promise<Pick<Photo, 'bytes' | 'sha256'> | null> {
  const kept = (await store.listPhotos(username)).find(photo => photo.verification === verification)
  return kept === undefined ? null : { bytes: await archive.read(kept.name), sha256: kept.sha256 }
}

/** So that a photo that a person approves is found when it comes again. */
async function sketchesOf (
  { store, inference, maxPixels }: AppealServices, verification: string,
  { bytes, client, signal }: { bytes: Uint8Array, client: string, signal: AbortSignal | undefined }
): Promise<NewSketch[]> {
  return withFrame(inference, { bytes, maxPixels, field: 'file', client, signal }, async ({ run, frame }) => {
    const [hashes, { features }] = await Promise.all([run('hashes', { frame }), run('objects', { frame })])
    const look = { hashes, view: viewSketch(features) }
    return proofSketches(verification, { look, earlier: await findEarlierPhotos(store, run, look) })
  })
}
