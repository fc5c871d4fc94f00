/**
 * Sketches of faces and photos, to find what resembles a new one among all. They name candidates only: a comparison of
 * the things themselves decides.
 */
import { distanceOf } from '../../sketches/sketch.ts'

/**
 * `face`: one for each user, of the template; `photo`: of proofs and enrolment photos; `view`: of what the object
 * detector sees on proofs.
 */
export type SketchKind = 'face' | 'photo' | 'view'

export interface Sketch {
  /** 64 bytes. */
  bits: Uint8Array
  /**
   * What the bits depend on, a template key or a detector; null: neither. Sketches under different ones have nothing in
   * common.
   */
  keyId: string | null
}

export interface SketchMatch {
  username: string
  /** Id of the verification, or sha256 of the enrolment photo, that the sketch is of; empty for a face. */
  ref: string
  /** Bits that differ, 0..512. */
  distance: number
  /** What was stored beside the sketch for the second look; null: nothing. */
  detail: Uint8Array | null
}

export interface SketchSearch {
  /** The nearest first, at most `MATCHES_MAX`. */
  matches: SketchMatch[]
  /** Every sketch up to this number was looked at. */
  upTo: number
}

/** More candidates than this are not compared one by one. */
export const MATCHES_MAX = 1000

/** A sketch to store, with what it stands for. */
export interface NewSketch extends Sketch {
  kind: SketchKind
  ref: string
  detail?: Uint8Array | null
  /**
   * Rejects with `SketchRaceError` when a sketch within `limit` bits came after number `upTo`: search again, decide
   * anew.
   */
  unless?: { limit: number; upTo: number } | undefined
}

/** Another request stored something similar between the search and the write. Nothing was written. */
export class SketchRaceError extends Error {
  override readonly name = 'SketchRaceError'
}

export interface SketchStore {
  /** Sketches within `limit` bits of one of the queries; each query is compared with those under its own key. */
  searchSketches (kind: SketchKind, queries: readonly Sketch[], limit: number): Promise<SketchSearch>
  /** Usernames without a face sketch under this key, in order; at most `limit`. */
  usersWithoutSketch (keyId: string | null, limit: number): Promise<string[]>
  /** Stores the face sketch of an enrolled user; without one nothing happens. */
  saveFaceSketch (username: string, sketch: Sketch): Promise<void>
}

/** @throws {SketchRaceError} when one of the later sketches is within the limit */
export function refuseLater (sketch: Sketch, limit: number, later: readonly Uint8Array[]): void {
  if (later.some(bits => distanceOf(bits, sketch.bits) <= limit)) {
    throw new SketchRaceError('something similar was stored at the same moment')
  }
}
