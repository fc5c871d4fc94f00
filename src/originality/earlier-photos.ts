/**
 * Has a photo been seen before? Sketches name earlier proofs and enrolment photos that may show the same picture; a
 * second look, which lays the photo on their outlines, decides.
 */
import type { PhotoHashes } from '../../workers/types.ts'
import type { Run } from '../inference/run.ts'
import type { NewSketch, Sketch, SketchKind, SketchMatch, Store } from '../storage/store.ts'

/** Bits of 256 within which two photos show one picture, where there is no outline; measured in docs/fraud.md. */
export const SAME_PHOTO_BITS = 60
/**
 * Bits within which a sketch names a candidate for the second look: of 256 for the hash, of 512 for what the detector
 * sees.
 */
export const CANDIDATE_BITS = { photo: 92, view: 150 } as const
/** Agreement of outlines, in deviations of chance, from which on they show one picture; measured in docs/fraud.md. */
export const SAME_OUTLINE = 24

/** Candidates that get a second look, the nearest first: so much a photo costs at most. */
const SECOND_LOOKS = 100

/** In front of the sha256 of an enrolment photo, where a proof has the id of its verification. */
const SHOT = 'shot:'

/** What a new photo is compared by. */
export interface PhotoLook {
  hashes: PhotoHashes
  /** Of what the object detector sees; null where that cannot be compared. */
  view: Sketch | null
}

export interface EarlierPhoto {
  kind: 'proof' | 'shot'
  username: string
  /** The verification of a proof; null for an enrolment photo. */
  verification: { id: string, task: string, createdAt: string } | null
}

export interface EarlierPhotos {
  /** The most alike first. */
  photos: EarlierPhoto[]
  /** Every photo up to these numbers was looked at; see `NewSketch.unless`. */
  upTo: Partial<Record<SketchKind, number>>
}

/** Approved proofs and enrolment photos, of any user, that show the same picture. */
export async function findEarlierPhotos (store: Store, run: Run, { hashes, view }: PhotoLook): Promise<EarlierPhotos> {
  const [whole] = hashes.windows
  if (whole === undefined) return { photos: [], upTo: {} }
  const [byHash, byView] = await Promise.all([
    store.searchSketches(
      'photo',
      [whole, ...hashes.mirrored].map(bits => ({ bits, keyId: null })),
      CANDIDATE_BITS.photo
    ),
    view === null ? null : store.searchSketches('view', [view], CANDIDATE_BITS.view)
  ])
  const photos: EarlierPhoto[] = []
  for (const { username, ref } of await samePictures(run, hashes, [
    // As a share of what the second look takes, so that both kinds come in one order.
    ...byHash.matches,
    ...(byView?.matches ?? []).map(match => ({
      ...match,
      distance: (match.distance * CANDIDATE_BITS.photo) / CANDIDATE_BITS.view
    }))
  ])) {
    const verification = ref.startsWith(SHOT) ? null : await store.findVerification(ref)
    // A record that retention removed proves nothing any more.
    if (!ref.startsWith(SHOT) && verification === null) continue
    photos.push({ kind: verification === null ? 'shot' : 'proof', username, verification })
  }
  return { photos, upTo: { photo: byHash.upTo, ...byView !== null && { view: byView.upTo } } }
}

/** One match of each photo that shows the same picture, the most alike first. */
async function samePictures (run: Run, { grey }: PhotoHashes, matches: readonly SketchMatch[]): Promise<SketchMatch[]> {
  const [unseen, seen] = [
    matches.filter(({ detail }) => detail === null),
    matches.filter(({ detail }) => detail !== null)
  ]
  const byRef = new Map(seen.toSorted((a, b) => b.distance - a.distance).map(match => [match.ref, match]))
  const candidates =
    grey === null ? [] : [...byRef.values()].sort((a, b) => a.distance - b.distance).slice(0, SECOND_LOOKS)
  const agreements =
    candidates.length === 0
      ? []
      : await run('outlines', { grey: grey!, outlines: candidates.map(({ detail }) => detail!) })
  const agreeing = candidates
    .map((match, i) => ({ match, agreement: agreements[i]! }))
    .filter(({ agreement }) => agreement >= SAME_OUTLINE)
    .sort((a, b) => b.agreement - a.agreement)
    .map(({ match }) => match)
  const close = new Map(
    unseen
      .filter(({ distance }) => distance <= SAME_PHOTO_BITS)
      .reverse()
      .map(match => [match.ref, match])
  )
  return [...agreeing, ...[...close.values()].reverse()]
}

/** The sketches by which a proof is found later; not stored when a picture like it came since the search. */
export function proofSketches (
  verification: string,
  {
    look: {
      hashes: { windows, outline },
      view
    },
    earlier: { upTo }
  }: { look: PhotoLook; earlier: EarlierPhotos }
): NewSketch[] {
  const unless = (kind: 'photo' | 'view') => ({ unless: { limit: CANDIDATE_BITS[kind], upTo: upTo[kind] ?? 0 } })
  const of = { ref: verification, detail: outline }
  // Where what the detector sees is known, a crop is found by it.
  const hashes = view === null ? windows : windows.slice(0, 1)
  return [
    ...hashes.map((bits, index): NewSketch => ({
      ...of,
      kind: 'photo',
      bits,
      keyId: null,
      ...(index === 0 && unless('photo'))
    })),
    ...(view === null || windows.length === 0 ? [] : [{ ...of, ...view, kind: 'view' as const, ...unless('view') }])
  ]
}

/** The sketches by which an enrolment photo is found later. Its outline, that of a face, is not kept. */
export function shotSketches (sha256: string, { windows }: PhotoHashes): NewSketch[] {
  return windows.map(bits => ({ kind: 'photo', ref: `${SHOT}${sha256}`, bits, keyId: null }))
}
