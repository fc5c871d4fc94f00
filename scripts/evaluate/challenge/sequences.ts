/** Photos of people in several poses, and the sequences of them that do what a challenge asks. */
import { readFile } from 'node:fs/promises'
import type { ChallengeFrame } from '../../../src/challenge/judge.ts'
import { eyeSpan, fits, limits, type PoseName, restingPitch, shows } from '../../../src/challenge/steps.ts'
import { cosine } from '../../../src/verification/match.ts'
import type { Face } from '../../../workers/types.ts'
import type { Bench } from '../bench.ts'

/** Every challenge that the service can set. */
export const challenges = (['up', 'down'] as const).flatMap(nod => permutations<PoseName>(['left', 'right', nod, 'centre']))

export type View = Face & Required<Pick<Face, 'landmarks'>>
export interface Photo { file: string, person: string, session: boolean, frame: ChallengeFrame, view: View }
export interface Sequence { person: string, steps: readonly PoseName[], frames: Photo[] }

/** One-face photos of people, and of the sessions at one webcam. */
export async function photosInPoses ({ inference, photos, progress, maxPixels }: Bench): Promise<Photo[]> {
  const files = [
    ...[...photos.people, ...photos.lfw].map(photo => ({ ...photo, session: false })),
    ...photos.sessions.map(photo => ({ ...photo, session: true }))
  ]
  const step = progress('poses', files.length)
  const found: Photo[] = []
  const seen = new Set<string>()
  for (const { file, person, session } of files) {
    step()
    const { frame } = await inference.decode({ bytes: await readFile(file), maxPixels })
    if (frame === undefined) continue
    const faces = await inference.faces({ frame, embedLimit: 1, landmarks: true })
    const [face] = faces
    if (face?.landmarks === undefined || face.embedding === null || eyeSpan(face.landmarks) < limits.profile) continue
    const key = face.embedding.join()
    if (seen.has(key)) continue
    seen.add(key)
    const { box } = face
    found.push({
      file,
      person,
      session,
      view: face as View,
      frame: {
        sha256: file,
        // Who else is in a photo from the web says nothing about a person at a camera.
        faces: [face],
        liveness: session ? (await inference.liveness({ frame, box })).score : null,
        surroundings: await inference.surroundings({ frame, box })
      }
    })
  }
  return found
}

/** For each challenge the frames of one person that do what it asks, if there are such. */
export function realSequences (own: Photo[]): Sequence[] {
  const centres = own.filter(({ view }) => fits('centre', view.quality, view.quality.pitch))
  return challenges.flatMap(steps => centres.slice(0, 12).flatMap((straight): Sequence[] => {
    const used = new Set<Photo>([straight])
    const sides = (['left', 'right'] as const).flatMap(
      step => own.find(photo => photo !== straight && fits(step, photo.view.quality, 0))?.view.quality ?? []
    )
    const rest = restingPitch(sides)
    const frames = steps.map(step => {
      if (step === 'centre') return straight
      const next = own.find(photo => !used.has(photo) && shows(step, photo.view.quality, straight.view.quality, rest))
      if (next !== undefined) used.add(next)
      return next
    })
    return frames.every(frame => frame !== undefined) ? [{ person: straight.person, steps, frames }] : []
  }))
}

/** The frames for a judgement of poses, identity and parallax alone. */
export const geometry = (frames: readonly Photo[]): ChallengeFrame[] => frames.map(({ frame }) => ({
  ...frame,
  surroundings: frames[0]!.frame.surroundings,
  liveness: null
}))

/** Embeddings of straight photos of the person that are not in the sequence. */
export function templates (photos: readonly Photo[], sequence: Sequence): Float32Array[] {
  return photos.filter(photo => photo.person === sequence.person &&
    !sequence.frames.includes(photo) &&
    Math.abs(photo.view.quality.yaw) < 12)
    .map(({ view }) => view.embedding!)
}

/** Similarity of an embedding to the best shot of a template, -1..1. */
export const matcher = (template: readonly Float32Array[]) => (embedding: Float32Array) => Math.max(
  -1,
  ...template.map(shot => cosine(shot, embedding))
)

function permutations<T> (items: readonly T[]): T[][] {
  if (items.length === 0) return [[]]
  return items.flatMap((item, i) => permutations(items.toSpliced(i, 1)).map(rest => [item, ...rest]))
}
