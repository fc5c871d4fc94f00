/**
 * A sketch of what the object detector sees on a photo, wherever it lies: a part of a photo and its mirror image have
 * nearly the same. The means of the detector's channels are standardised, then projected as embeddings are.
 */
import { readFileSync } from 'node:fs'
import type { ImageFeatures } from '../../workers/types.ts'
import { fromProject } from '../config/project-folder.ts'
import { createFaceSketcher, type FaceSketcher } from '../sketches/face-sketcher.ts'
import type { Sketch } from '../storage/store.ts'

/** Deviations beyond which a channel counts no more. */
const MOST = 4

/** Little-endian 32-bit floats in base64: mean and standard deviation of each channel over `photos` photos. */
export interface ViewStatistics { contract: string, photos: number, mean: string, deviation: string }

export type ViewSketcher = (features: ImageFeatures | null) => Sketch | null

/** @returns null for features of another detector than the statistics are of */
export function createViewSketcher ({ contract, ...statistics }: ViewStatistics): ViewSketcher {
  const [mean, deviation] = [floats(statistics.mean), floats(statistics.deviation)]
  let project: FaceSketcher | undefined
  return features => {
    // In int8 the same numbers come a little less exact: processes of both kinds find each other's proofs.
    const known = features !== null && (features.contract === contract || features.contract.startsWith(`${contract}/`))
    if (!known || features.mean.length !== mean.length) return null
    // Making the directions takes some 40 ms.
    project ??= createFaceSketcher(null, mean.length)
    const standard = features.mean.map((value, i) =>
      Math.max(-MOST, Math.min(MOST, (value - mean[i]!) / (deviation[i]! + 1e-6)))
    )
    return { bits: project(standard), keyId: contract }
  }
}

let shipped: ViewSketcher | undefined

/**
 * The sketch by the statistics in config/photo-features.json, which `npm run evaluate -- --only recycled` can make
 * anew.
 */
export function viewSketch (features: ImageFeatures | null): Sketch | null {
  shipped ??= createViewSketcher(
    JSON.parse(readFileSync(fromProject('config/photo-features.json'), 'utf8')) as ViewStatistics
  )
  return shipped(features)
}

function floats (text: string): Float32Array {
  const bytes = Buffer.from(text, 'base64')
  return Float32Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readFloatLE(i * 4))
}
