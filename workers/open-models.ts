/** Everything a worker can do, opened once: sessions, self-tests, one function per inference call. No threads. */
import { createFaceCalls } from './face-calls.ts'
import { createFaceDetector } from './face-detector.ts'
import { createFaceEmbedder } from './face-embedder.ts'
import { createFaceLandmarks } from './face-landmarks.ts'
import { faceFormats } from './formats/index.ts'
import { decodeFrame } from './decode-photo.ts'
import { createLivenessJudge, judgeLiveness, type LivenessMember } from './liveness.ts'
import { ModelError } from './model-error.ts'
import { readOnnxFacts } from './onnx-file.ts'
import { openObjectDetector } from './open-object-detector.ts'
import { openTested } from './open-tested.ts'
import { hashPhoto } from './photo-hash.ts'
import { createComparison } from './photo-outline.ts'
import { createRecognisability } from './recognisability.ts'
import { describeSurroundings } from './surroundings.ts'
import type { selfTest } from './self-test.ts'
import { chooseProvider, openSession, type Session } from './session.ts'
import type { InferenceSetup, WorkerReport } from './thread-setup.ts'
import type { InferenceCallName, InferenceCalls, ModelSet } from './types.ts'

export type OpenedModels = {
  [Name in InferenceCallName]: (input: InferenceCalls[Name]['input']) => Promise<InferenceCalls[Name]['output']>
} & {
  report: () => WorkerReport
  close: () => Promise<void>
}

/**
 * Opens and tests every model of the set. Throws ModelError when one cannot be opened or does not fit its manifest
 * entry. The calls reuse their buffers: await one before the next.
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

  const faceCalls = createFaceCalls({
    detect, findLandmarks, embed, recognisability: createRecognisability(models.faceEmbedder.quality)
  })

  return {
    decode: ({ bytes, maxPixels, memory }) => decodeFrame(bytes, maxPixels, memory),

    ...faceCalls,

    liveness: ({ frame, box }) => judgeLiveness(judges, frame, box),

    async surroundings ({ frame, box }) {
      return describeSurroundings(frame, box)
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
