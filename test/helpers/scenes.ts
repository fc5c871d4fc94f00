/**
 * A scene of two means, two maxima and two means of the region, whose sum is the first of the region plus a tenth of
 * the rest.
 */
import { encodeWeights, parseScene, type Scene, type SceneFile } from '../../src/tasks/scenes/scene-file.ts'
import type { ImageFeatures } from '../../workers/types.ts'

export const contract = 'maps-1/0123456789abcdef/640'

const rate = { rate: 0.8, low: 0.7, high: 0.9, photos: 50 }

export function sceneFile (change: Partial<SceneFile> = {}): SceneFile {
  return {
    format: 'scene-1',
    name: 'planting',
    taught: '2026-05-04T09:32:40.000Z',
    detector: { id: 'yolov8n', sha256: '0'.repeat(64) },
    contract,
    parts: { mean: 2, max: 2, region: 2 },
    weights: encodeWeights(Float32Array.of(0.1, 0.1, 0.1, 0.1, 1, 0.1)),
    bias: 0,
    calibration: { slope: 1, offset: 0 },
    threshold: 0.7,
    figures: { auc: 0.9, proven: rate, false: { ...rate, rate: 0.05, low: 0.02, high: 0.1 }, near: null },
    photos: { yes: 20, no: 40, near: 0, refused: 1, origins: 5 },
    list: 'f'.repeat(64),
    licence: 'drawn',
    ...change
  }
}

export function scene (change: Partial<SceneFile> = {}): Scene {
  const file = sceneFile(change)
  return parseScene(JSON.stringify(file), file.name)
}

export function features (change: Partial<ImageFeatures> = {}): ImageFeatures {
  return { contract, mean: Float32Array.of(0, 0), max: Float32Array.of(0, 0), regions: [], ...change }
}
