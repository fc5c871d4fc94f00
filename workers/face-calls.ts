/** Finds the faces of a frame: with embeddings, upright in a frame on its side, or by their landmarks alone. */
import { boxArea } from './boxes.ts'
import type { createFaceDetector } from './face-detector.ts'
import { alignFace, type createFaceEmbedder, type Embedded } from './face-embedder.ts'
import { type createFaceLandmarks, fivePoints } from './face-landmarks.ts'
import { faceQuality, headPose } from './face-quality.ts'
import type { Recognisability } from './recognisability.ts'
import { shrinkFrame, turnFrame } from './turn.ts'
import type { Box, Face, Frame, InferenceCalls, LocatedFace, Rotation } from './types.ts'

/** Longer side of the picture in which other orientations are searched, pixels: twice what the detectors look at. */
const searchSide = 832

/**
 * A face that is tipped further, in degrees, does not stand upright: another orientation of the photo shows it better.
 */
const MAX_ROLL = 60

/** The opened models that look at faces. */
export interface FaceModels {
  detect: ReturnType<typeof createFaceDetector>
  /** Null when the detector itself finds the five points. */
  findLandmarks: ReturnType<typeof createFaceLandmarks> | null
  embed: ReturnType<typeof createFaceEmbedder>
  recognisability: Recognisability
}

type FaceCalls = {
  [Name in 'faces' | 'upright' | 'landmarks']:
  (input: InferenceCalls[Name]['input']) => Promise<InferenceCalls[Name]['output']>
}

/** The calls `faces`, `upright` and `landmarks` on opened models. They reuse buffers: await one before the next. */
export function createFaceCalls (models: FaceModels): FaceCalls {
  return {
    faces: input => findFaces(models, input),
    upright: input => findUpright(models, input),
    landmarks: input => locateFaces(models, input)
  }
}

async function findFaces (
  { detect, findLandmarks, embed, recognisability }: FaceModels,
  { frame, embedLimit, landmarks: wanted = false }: InferenceCalls['faces']['input']
): Promise<Face[]> {
  const found: Face[] = []
  const crops = []
  for (const { box, score, points: known } of largestFirst(await detect(frame))) {
    const landmarks = findLandmarks === null ? null : await findLandmarks(frame, box)
    const points = known ?? fivePoints(landmarks!)
    const crop = alignFace(frame, points)
    const face = {
      box,
      score,
      points,
      quality: { ...faceQuality(box, points, crop, frame), length: null, score: null },
      embedding: null
    }
    found.push(wanted && landmarks !== null ? { ...face, landmarks } : face)
    if (crops.length < embedLimit) crops.push(crop)
  }
  const embedded = await embed(crops)
  return found.map((face, i) => embedded[i] === undefined ? face : withEmbedding(face, embedded[i], recognisability))
}

async function findUpright (
  models: FaceModels,
  { frame, embedLimit, quality }: InferenceCalls['upright']['input']
): Promise<InferenceCalls['upright']['output']> {
  const small = shrinkFrame(frame, searchSide)
  let best: { turned: Exclude<Rotation, 0>, frame: Frame, faces: Face[], score: number } | null = null
  for (const turned of [90, 180, 270] as const) {
    if ((await models.detect(turnFrame(small, turned))).length === 0) continue
    const upright = turnFrame(frame, turned)
    const found = await findFaces(models, { frame: upright, embedLimit })
    const score = Math.max(
      0,
      ...found.filter(({ quality: { roll } }) => Math.abs(roll) <= MAX_ROLL).map(face => face.quality.score ??
        face.score)
    )
    if (score >= quality && score > (best?.score ?? 0)) best = { turned, frame: upright, faces: found, score }
  }
  return best && { turned: best.turned, frame: best.frame, faces: best.faces }
}

async function locateFaces (
  { detect, findLandmarks }: FaceModels,
  { frame }: InferenceCalls['landmarks']['input']
): Promise<LocatedFace[] | null> {
  if (findLandmarks === null) return null
  const faces: LocatedFace[] = []
  for (const { box, score } of largestFirst(await detect(frame))) {
    const landmarks = await findLandmarks(frame, box)
    faces.push({ box, score, landmarks, ...headPose(fivePoints(landmarks)) })
  }
  return faces
}

function withEmbedding (face: Face, embedded: Embedded, recognisability: Recognisability): Face {
  const { embedding, length } = embedded
  return { ...face, embedding, quality: { ...face.quality, length, score: recognisability(embedded) } }
}

function largestFirst<F extends { box: Box }> (faces: F[]): F[] {
  return faces.sort((a, b) => boxArea(b.box) - boxArea(a.box))
}
