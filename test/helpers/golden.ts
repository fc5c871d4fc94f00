/**
 * The golden outputs of the reference implementations, read from the shared test data; tolerances are in its README.
 */
import { readFileSync } from 'node:fs'
import { decodeFrame } from '../../workers/decode-photo.ts'
import type { Box, FivePoints, Frame } from '../../workers/types.ts'
import { iou } from '../../workers/boxes.ts'
import { shared, withoutShared } from './models.ts'

interface GoldenFace { box: Box, score: number, keypoints: FivePoints }
interface Softmax { logits: number[], softmax: number[] }

export interface Golden {
  name: string
  image: string
  /** Why the photo is no use for whole-chain checks; null for the others. */
  hard: string | null
  upright: { width: number; height: number; rgb_sha256: string }
  scrfd: Record<'640' | '416', { resized: [number, number]; scale: number; faces: GoldenFace[] }>
  arcface?: { det_size: 640 | 416; matrix: number[][]; aligned: string; embedding: number[] }
  minifasnet?: {
    crops: Record<'2.7' | '4.0', Box>
    '2.7_80x80_MiniFASNetV2': Softmax
    '4_0_0_80x80_MiniFASNetV1SE': Softmax
    real_probability: number
  }
  starter: {
    detections: { box: Box; score: number }[]
    landmark?: { crop_xywh: number[]; points5: FivePoints }
    feature?: { aligned: string; embedding: number[] }
    liveness?: Softmax & { crop: Box; real_probability: number }
  }
  yolov8n: {
    ratio: number
    pad_left: number
    pad_top: number
    detections: { class_name: string; confidence: number; box: Box }[]
  }
}

export interface Pair { a: string, b: string, same_person: boolean, cosine_arcface: number, cosine_starter: number }

function read<T> (file: string): T {
  return JSON.parse(readFileSync(shared(`golden/${file}`), 'utf8')) as T
}

/** All golden outputs; none where the shared test data is absent. */
export const golden: Golden[] =
  withoutShared === false
    ? read<{ json: string; hard: string | null }[]>('index.json').map(({ json, hard }) => ({
      ...read<Golden>(json),
      name: json,
      hard
    }))
    : []

export function readPairs (): Pair[] {
  return read<Pair[]>('pairs.json')
}

export function aligned (file: string): Promise<Frame> {
  return decodeShared(`golden/${file}`)
}

/** Decodes a file of the shared test data; throws where it is no photo. */
export async function decodeShared (path: string): Promise<Frame> {
  const { frame, problem } = await decodeFrame(readFileSync(shared(path)), 50e6)
  if (problem) throw new Error(`Expected a photo in ${path}, found ${JSON.stringify(problem)}.`)
  return frame
}

/** Face that the later golden stages were computed from. */
export function firstFace ({ scrfd, arcface }: Golden): GoldenFace | undefined {
  return arcface && scrfd[arcface.det_size].faces[0]
}

export function longerSide ([x1, y1, x2, y2]: Box): number {
  return Math.max(x2 - x1, y2 - y1)
}

export function cosine (a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}

/** The candidate that overlaps the box most. */
export function closest<T extends { box: Box }> (candidates: T[], box: Box): T | undefined {
  return candidates.toSorted((a, b) => iou(b.box, box) - iou(a.box, box))[0]
}

/** Largest distance between two lists of numbers. */
export function deviation (found: ArrayLike<number>, expected: ArrayLike<number>): number {
  let largest = found.length === expected.length ? 0 : Infinity
  for (let i = 0; i < expected.length; i++) largest = Math.max(largest, Math.abs(found[i]! - expected[i]!))
  return largest
}
