/** Photo to the users whose faces it shows. */
import { type Actor, identifyEntry } from '../audit/entry.ts'
import { findFaces, isRecognisable } from '../inference/find-faces.ts'
import type { InferencePool } from '../inference/pool.ts'
import { withFrame } from '../inference/with-frame.ts'
import type { IdentifyAnswer } from '../schemas/identify.ts'
import type { Store } from '../storage/store.ts'
import { MIN_FACE_PX } from '../verification/evidence.ts'
import { rounded } from '../verification/rounded.ts'
import type { PeopleIndex } from './people-index.ts'

/** Most users in the answer for one face. */
const MOST_USERS = 10

export interface IdentificationServices {
  inference: InferencePool
  store: Store
  people: PeopleIndex
  /** Least similarity, chosen for a comparison with many users. */
  similarity: number
  /** Least quality of a face that is looked up, 0..1. */
  quality: number
  maxFaces: number
  maxPixels: number
}

export interface IdentificationRequest {
  actor: Actor
  /** Whose turn in the queue it is; see `Turn`. */
  client: string
  /** Aborted when nobody waits for the answer any more. */
  signal?: AbortSignal
}

/**
 * Finds the users whose faces a photo shows.
 * @throws {PhotoError} `unsupported_image_type`, `too_many_pixels` or `unreadable_image` for a file that is no picture
 */
export async function identify (
  services: IdentificationServices,
  bytes: Uint8Array,
  { actor, client, signal }: IdentificationRequest
): Promise<IdentifyAnswer> {
  const { inference, store, people, similarity, quality, maxFaces, maxPixels } = services
  const found = await withFrame(inference, { bytes, maxPixels, field: 'file', client, signal }, ({ run, frame }) =>
    findFaces(run, frame, { embedLimit: maxFaces, quality })
  )

  const faces: IdentifyAnswer['faces'] = []
  for (const face of found.faces) {
    if (!isRecognisable(face, quality) || face.quality.size < MIN_FACE_PX) continue
    const { people: users } = await people.find([face.embedding!], similarity)
    faces.push({
      box: face.box,
      users: users.slice(0, MOST_USERS).map(({ username, similarity }) => ({ user: username, similarity }))
    })
  }
  const users = new Set(faces.flatMap(({ users }) => users.map(({ user }) => user))).size
  await store.appendAudit(identifyEntry(actor, { faces: faces.length, users }))
  return rounded({ faces, threshold: similarity })
}
