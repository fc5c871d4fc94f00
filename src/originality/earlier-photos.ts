/** Has a photo been seen before? Sketches of its look find earlier proofs and enrolment photos, also when they were changed. */
import type { PhotoHashes } from '../../workers/types.ts'
import type { NewSketch, Store } from '../storage/store.ts'

/** Bits of 256 within which two photos show one picture; measured in docs/fraud.md. */
export const SAME_PHOTO_BITS = 60

/** In front of the sha256 of an enrolment photo, where a proof has the id of its verification. */
const SHOT = 'shot:'

export interface EarlierPhoto {
  kind: 'proof' | 'shot'
  username: string
  /** The verification of a proof; null for an enrolment photo. */
  verification: { id: string, task: string, createdAt: string } | null
  /** Bits that differ, 0..256. */
  distance: number
}

export interface EarlierPhotos {
  /** The most alike first. */
  photos: EarlierPhoto[]
  /** Every photo up to this number was looked at; see `NewSketch.unless`. */
  upTo: number
}

/** Approved proofs and enrolment photos, of any user, that show the same picture. */
export async function findEarlierPhotos (store: Store, { windows: [whole], mirrored }: PhotoHashes): Promise<EarlierPhotos> {
  if (whole === undefined) return { photos: [], upTo: 0 }
  const queries = [whole, ...mirrored].map(bits => ({ bits, keyId: null }))
  const { matches, upTo } = await store.searchSketches('photo', queries, SAME_PHOTO_BITS)
  const photos: EarlierPhoto[] = []
  const known = new Set<string>()
  for (const { username, ref, distance } of matches) {
    if (known.has(ref)) continue
    known.add(ref)
    const verification = ref.startsWith(SHOT) ? null : await store.findVerification(ref)
    // A record that retention removed proves nothing any more.
    if (!ref.startsWith(SHOT) && verification === null) continue
    photos.push({ kind: verification === null ? 'shot' : 'proof', username, verification, distance })
  }
  return { photos, upTo }
}

/** The sketches by which a proof is found later; not stored when the same picture came since the search. */
export function proofSketches (verification: string, { hashes: { windows }, earlier: { upTo } }: { hashes: PhotoHashes, earlier: EarlierPhotos }): NewSketch[] {
  return windows.map((bits, index) => ({
    kind: 'photo', ref: verification, bits, keyId: null, ...(index === 0 && { unless: { limit: SAME_PHOTO_BITS, upTo } })
  }))
}

/** The sketches by which an enrolment photo is found later. */
export function shotSketches (sha256: string, { windows }: PhotoHashes): NewSketch[] {
  return windows.map(bits => ({ kind: 'photo', ref: `${SHOT}${sha256}`, bits, keyId: null }))
}
