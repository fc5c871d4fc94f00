import type { Face, FaceQuality } from '../../workers/types.ts'

const goodQuality: FaceQuality = {
  size: 100,
  sharpness: 0.1,
  brightness: 120,
  yaw: 0,
  pitch: 0,
  roll: 0,
  inside: 1,
  length: 4,
  score: 0.99
}

/** A face for unit tests: good in every respect but those named. */
export function face ({
  quality,
  ...change
}: Partial<Omit<Face, 'quality'>> & { quality?: Partial<FaceQuality> } = {}): Face {
  return {
    box: [0, 0, 100, 100],
    score: 0.99,
    points: [
      [30, 40],
      [70, 40],
      [50, 60],
      [35, 80],
      [65, 80]
    ],
    embedding: Float32Array.from([1, 0]),
    quality: { ...goodQuality, ...quality },
    ...change
  }
}
