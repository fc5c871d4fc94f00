/**
 * The numbers of photos, from the same worker pool and the same code as a verification; kept by photo, since looking is
 * what takes time.
 */
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { deserialize, serialize } from 'node:v8'
import { createHash } from 'node:crypto'
import type { Box, Detection, Face, Frame, ImageFeatures } from '../../workers/types.ts'
import { PhotoError } from '../inference/photo-error.ts'
import type { InferencePool } from '../inference/pool.ts'
import type { Run } from '../inference/run.ts'
import { withFrame } from '../inference/with-frame.ts'
import { writeAtomically } from '../model-tools/convert/cache.ts'
import { labelKey, shareInside } from '../tasks/rules.ts'
import { numbersOf } from '../tasks/scenes/judge-scene.ts'
import { bytesOf, type HashedPhoto } from './list-photos.ts'

export interface LookOptions {
  maxPixels: number
  /** Labels of the subject's box; empty: the whole picture. */
  subject: readonly string[]
  /** Where numbers are kept. They are no photos, but they come from photos: nobody else may read them. */
  cacheDir: string
  /** Ends it between two photos. */
  signal?: AbortSignal
  /** Called after each photo. */
  onStep?: () => void
}

/** Numbers of a photo as it is and in a mirror; null numbers where the subject was not found. */
export interface SeenNumbers { numbers: Float32Array | null, mirrored: Float32Array | null }

/**
 * For each photo its numbers, or why it cannot be used. Photos are looked at as many at a time as the pool has workers.
 */
export async function lookAtPhotos (
  pool: InferencePool,
  photos: readonly Pick<HashedPhoto, 'file' | 'sha256' | 'read'>[],
  options: LookOptions
): Promise<(SeenNumbers | { refused: string })[]> {
  const version = createHash('sha256')
    .update(JSON.stringify([pool.features, options.subject]))
    .digest('hex')
    .slice(0, 16)
  const folder = join(options.cacheDir, version)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const answers: (SeenNumbers | { refused: string })[] = []
  const waiting = photos.map((photo, index) => ({ ...photo, index })).reverse()
  const work = async (): Promise<void> => {
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      options.signal?.throwIfAborted()
      const look = () => lookAt(pool, next, options)
      // Nothing that comes from a photo of a person in the store outlives it.
      answers[next.index] = next.read === undefined ? await recalled(join(folder, next.sha256), look) : await look()
      options.onStep?.()
    }
  }
  await Promise.all(Array.from({ length: pool.state().workers + 1 }, work))
  return answers
}

async function recalled (
  path: string,
  look: () => Promise<SeenNumbers | { refused: string }>
): Promise<SeenNumbers | { refused: string }> {
  const kept = await readFile(path).then(deserialize, () => null) as SeenNumbers | { refused: string } | null
  if (kept !== null) return kept
  const seen = await look()
  await writeAtomically(path, serialize(seen))
  return seen
}

async function lookAt (
  pool: InferencePool,
  photo: Pick<HashedPhoto, 'file' | 'read'>,
  { maxPixels, subject }: LookOptions
): Promise<SeenNumbers | { refused: string }> {
  try {
    return await withFrame(pool, { bytes: await bytesOf(photo), maxPixels, client: '' }, async ({ run, frame }) => {
      const [faces, objects] = await Promise.all([run('faces', { frame, embedLimit: 0 }), run('objects', { frame })])
      const numbers = await numbersFor(objects, faces, subject)
      return { numbers, mirrored: numbers && await mirroredNumbers(run, frame, faces, subject) }
    })
  } catch (error) {
    if (error instanceof PhotoError) return { refused: error.message }
    throw error
  }
}

async function mirroredNumbers (
  run: Run,
  frame: Frame,
  faces: readonly Face[],
  subject: readonly string[]
): Promise<Float32Array | null> {
  const { width } = frame
  const mirrored = faces.map(({ box: [x1, y1, x2, y2], ...face }): Face => ({
    ...face,
    box: [width - x2, y1, width - x1, y2]
  }))
  return numbersFor(await run('objects', { frame: mirror(frame) }), mirrored, subject)
}

function numbersFor (
  { detections, features }: { detections: Detection[], features: ImageFeatures | null },
  faces: readonly Face[],
  subject: readonly string[]
): Float32Array | null {
  if (features === null) return null
  const box = subjectBox(detections, faces, subject)
  return box === null && subject.length > 0 ? null : numbersOf(features, box)
}

/** Least score of a detection that counts, as in the rules. */
const LEAST_SCORE = 0.25
const FACE_INSIDE = 0.7

/**
 * The one with the largest face, as far as a face is seen; else the one that is large and certain. Null without one.
 */
export function subjectBox (
  detections: readonly Detection[],
  faces: readonly Pick<Face, 'box'>[],
  subject: readonly string[]
): Box | null {
  const keys = subject.map(labelKey)
  const subjects = detections.filter(({ label, score }) => score >= LEAST_SCORE && keys.includes(labelKey(label)))
  for (const { box: face } of faces) {
    const own = subjects.find(({ box }) => shareInside(face, box) >= FACE_INSIDE)
    if (own !== undefined) return own.box
  }
  const prominence = ({ score, box: [x1, y1, x2, y2] }: Detection) => score * Math.sqrt((x2 - x1) * (y2 - y1))
  return subjects.toSorted((a, b) => prominence(b) - prominence(a))[0]?.box ?? null
}

/** The frame with left and right exchanged, in memory of its own. */
export function mirror ({ width, height, pixels }: Frame): Frame {
  const from = new Uint8Array(pixels)
  const memory = new SharedArrayBuffer(width * height * 3)
  const to = new Uint8Array(memory)
  for (let y = 0; y < height; y++) {
    for (let x = 0, at = y * width * 3, back = at + (width - 1) * 3; x < width; x++, at += 3, back -= 3) {
      to[at] = from[back]!
      to[at + 1] = from[back + 1]!
      to[at + 2] = from[back + 2]!
    }
  }
  return { width, height, pixels: memory }
}
