/**
 * Everything a worker can do, opened once: sessions, self-tests, and one function per job. Knows nothing of threads.
 */
import { boxArea } from './boxes.ts'
import { createFaceDetector } from './face-detector.ts'
import { alignFace, createFaceEmbedder, type Embedded } from './face-embedder.ts'
import { createFaceLandmarks, fivePoints } from './face-landmarks.ts'
import { faceQuality, headPose } from './face-quality.ts'
import { faceFormats } from './formats/index.ts'
import { decodeFrame } from './decode-photo.ts'
import { createLivenessJudge, judgeLiveness, type LivenessMember } from './liveness.ts'
import { ModelError } from './model-error.ts'
import { readOnnxFacts } from './onnx-file.ts'
import { openObjectDetector } from './open-object-detector.ts'
import { openTested } from './open-tested.ts'
import { hashPhoto } from './photo-hash.ts'
import { createComparison } from './photo-outline.ts'
import { createRecognisability, type Recognisability } from './recognisability.ts'
import { describeScene } from './scene.ts'
import type { selfTest } from './self-test.ts'
import { chooseProvider, openSession, type Session } from './session.ts'
import { shrinkFrame, turnFrame } from './turn.ts'
import type {
  Box,
  Face,
  Frame,
  InferenceSetup,
  Rotation,
  InferenceCallName,
  InferenceCalls,
  LocatedFace,
  ModelSet,
  WorkerReport
} from './types.ts'

/** Longer side of the picture in which other orientations are searched, pixels: twice what the detectors look at. */
const searchSide = 832

/**
 * A face that is tipped further, in degrees, does not stand upright: another orientation of the photo shows it better.
 */
const MAX_ROLL = 60

export type OpenedModels = {
  [Name in InferenceCallName]: (input: InferenceCalls[Name]['input']) => Promise<InferenceCalls[Name]['output']>
} & {
  report: () => WorkerReport
  close: () => Promise<void>
}

/**
 * Opens and tests every model of the set. Throws ModelError when one cannot be opened or does not fit its manifest
 * entry. The jobs reuse their buffers: await one before the next.
 */
export async function openModels ({
  models,
  provider: requested,
  intraOpThreads
}: InferenceSetup): Promise<OpenedModels> {
  const { name: provider, reason: providerReason } = await chooseProvider(requested, models.faceDetector.path)
  const sessions: Session[] = []
  const open = async (model: Parameters<typeof selfTest>[0], labels?: string[]): Promise<Session> => {
    const session = await openTested(() => openSession(model.path, provider, intraOpThreads), model, labels)
    sessions.push(session)
    return session
  }

  const detect = createFaceDetector(models.faceDetector, await open(models.faceDetector))
  const landmarks = landmarksFor(models)
  const findLandmarks = landmarks && createFaceLandmarks(landmarks, await open(landmarks))

  const embedderSession = await open(models.faceEmbedder)
  const embed = createFaceEmbedder(
    models.faceEmbedder,
    embedderSession,
    canBatch(models.faceEmbedder.path, embedderSession)
  )

  const judges: LivenessMember[] = []
  for (const model of models.liveness) {
    judges.push({
      id: model.id,
      judge: createLivenessJudge(model, await open(model)),
      weight: model.weight
    })
  }

  const objectDetector = models.objectDetector && await openObjectDetector(models.objectDetector, open)

  const recognisability = createRecognisability(models.faceEmbedder.quality)

  const faces: OpenedModels['faces'] = async ({ frame, embedLimit, landmarks: wanted = false }) => {
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

  return {
    decode: ({ bytes, maxPixels, memory }) => decodeFrame(bytes, maxPixels, memory),

    faces,

    async upright ({ frame, embedLimit, quality }) {
      const small = shrinkFrame(frame, searchSide)
      let best: { turned: Exclude<Rotation, 0>, frame: Frame, faces: Face[], score: number } | null = null
      for (const turned of [90, 180, 270] as const) {
        if ((await detect(turnFrame(small, turned))).length === 0) continue
        const upright = turnFrame(frame, turned)
        const found = await faces({ frame: upright, embedLimit })
        const score = Math.max(
          0,
          ...found.filter(({ quality: { roll } }) => Math.abs(roll) <= MAX_ROLL).map(face => face.quality.score ??
            face.score)
        )
        if (score >= quality && score > (best?.score ?? 0)) best = { turned, frame: upright, faces: found, score }
      }
      return best && { turned: best.turned, frame: best.frame, faces: best.faces }
    },

    async landmarks ({ frame }) {
      if (findLandmarks === null) return null
      const faces: LocatedFace[] = []
      for (const { box, score } of largestFirst(await detect(frame))) {
        const landmarks = await findLandmarks(frame, box)
        faces.push({ box, score, landmarks, ...headPose(fivePoints(landmarks)) })
      }
      return faces
    },

    liveness: ({ frame, box }) => judgeLiveness(judges, frame, box),

    async scene ({ frame, box }) {
      return describeScene(frame, box)
    },

    async hashes ({ frame }) {
      return hashPhoto(frame)
    },

    async outlines ({ grey, outlines }) {
      return outlines.map(createComparison(grey))
    },

    async objects ({ frame }) {
      return objectDetector ? objectDetector.findObjects(frame) : { detections: [], features: null }
    },

    report: () => ({
      provider,
      providerReason,
      landmarks: findLandmarks !== null,
      labels: objectDetector?.labels ?? [],
      features: objectDetector?.features ?? null,
      warnings: objectDetector?.warnings ?? []
    }),

    async close () {
      for (const session of sessions) await session.close()
    }
  }
}

function withEmbedding (face: Face, embedded: Embedded, recognisability: Recognisability): Face {
  const { embedding, length } = embedded
  return { ...face, embedding, quality: { ...face.quality, length, score: recognisability(embedded) } }
}

function largestFirst<F extends { box: Box }> (faces: F[]): F[] {
  return faces.sort((a, b) => boxArea(b.box) - boxArea(a.box))
}

/** The model that finds the five points; null when the detector does so itself. */
function landmarksFor ({ faceDetector, faceLandmarks }: ModelSet): ModelSet['faceLandmarks'] {
  if (faceFormats[faceDetector.format].givesPoints) return null
  if (faceLandmarks === null) {
    throw new ModelError(
      'model_refused',
      `The face detector ${faceDetector.id} gives boxes only: expected a face-landmarks model beside it, found none. Name one in the pack.`
    )
  }
  return faceLandmarks
}

/** Dynamic quantisation takes one scale for the whole batch, so one face would change the embedding of another. */
function canBatch (path: string, session: Session): boolean {
  return session.inputShape[0] === null && !readOnnxFacts(path).operators.has('DynamicQuantizeLinear')
}
