/** Everything a worker can do, opened once: sessions, self-tests, and one function per job. Knows nothing of threads. */
import { boxArea } from './boxes.ts'
import { createFaceDetector } from './face-detector.ts'
import { alignFace, createFaceEmbedder } from './face-embedder.ts'
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
import { describeScene } from './scene.ts'
import type { selfTest } from './self-test.ts'
import { chooseProvider, openSession, type Session } from './session.ts'
import type { Box, Face, InferenceSetup, InferenceCallName, InferenceCalls, LocatedFace, ModelSet, WorkerReport } from './types.ts'

export type OpenedModels = { [Name in InferenceCallName]: (input: InferenceCalls[Name]['input']) => Promise<InferenceCalls[Name]['output']> } & {
  report: () => WorkerReport
  close: () => Promise<void>
}

/**
 * Opens and tests every model of the set. Throws ModelError when one cannot be opened or does not fit its manifest entry.
 * The jobs reuse their buffers: await one before the next.
 */
export async function openModels ({ models, provider: requested, intraOpThreads }: InferenceSetup): Promise<OpenedModels> {
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
  const embed = createFaceEmbedder(models.faceEmbedder, embedderSession, canBatch(models.faceEmbedder.path, embedderSession))

  const judges: LivenessMember[] = []
  for (const model of models.liveness) judges.push({ id: model.id, judge: createLivenessJudge(model, await open(model)), weight: model.weight })

  const objectDetector = models.objectDetector && await openObjectDetector(models.objectDetector, open)

  return {
    decode: ({ bytes, maxPixels, memory }) => decodeFrame(bytes, maxPixels, memory),

    async faces ({ frame, embedLimit, landmarks: wanted = false }) {
      const faces: Face[] = []
      const crops = []
      for (const { box, score, points: known } of largestFirst(await detect(frame))) {
        const landmarks = findLandmarks === null ? null : await findLandmarks(frame, box)
        const points = known ?? fivePoints(landmarks!)
        const crop = alignFace(frame, points)
        const face = { box, score, points, quality: faceQuality(box, points, crop, frame), embedding: null }
        faces.push(wanted && landmarks !== null ? { ...face, landmarks } : face)
        if (crops.length < embedLimit) crops.push(crop)
      }
      const embeddings = await embed(crops)
      return faces.map((face, i) => ({ ...face, embedding: embeddings[i]?.embedding ?? null }))
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

function largestFirst<F extends { box: Box }> (faces: F[]): F[] {
  return faces.sort((a, b) => boxArea(b.box) - boxArea(a.box))
}

/** The model that finds the five points; null when the detector does so itself. */
function landmarksFor ({ faceDetector, faceLandmarks }: ModelSet): ModelSet['faceLandmarks'] {
  if (faceFormats[faceDetector.format].givesPoints) return null
  if (faceLandmarks === null) {
    throw new ModelError('model_refused', `The face detector ${faceDetector.id} gives boxes only: expected a face-landmarks model beside it, found none. Name one in the pack.`)
  }
  return faceLandmarks
}

/** Dynamic quantisation takes one scale for the whole batch, so one face would change the embedding of another. */
function canBatch (path: string, session: Session): boolean {
  return session.inputShape[0] === null && !readOnnxFacts(path).operators.has('DynamicQuantizeLinear')
}
