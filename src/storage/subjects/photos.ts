/** The list of kept photos; the files themselves are in the photo archive. */

import type { Part } from './page.ts'

/** A photo in the archive; the file has its name. */
export interface KeptPhoto {
  name: string
  username: string
  kind: 'enrol' | 'proof'
  sha256: string
  /** Id of the verification that it is the proof of. */
  verification: string | null
  createdAt: string
}

export interface PhotoStore {
  /** False when the user is not enrolled; then nothing is written. */
  addPhoto (photo: KeptPhoto): Promise<boolean>
  /** Oldest first; the id of a cursor is the name. */
  listPhotos (username: string, part?: Part): Promise<KeptPhoto[]>
  findPhoto (username: string, name: string): Promise<KeptPhoto | null>
  /** The kept proofs of these verifications; all users of theirs are named here. */
  proofPhotos (usernames: readonly string[], verifications: readonly string[]): Promise<KeptPhoto[]>
  /** Takes the enrolment photos of these bytes off the list; answers with their names. */
  removeShotPhotos (username: string, sha256: string): Promise<string[]>
  /** Those of `names` that are in the list. */
  knownPhotos (names: readonly string[]): Promise<Set<string>>
}
