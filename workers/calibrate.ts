/**
 * The entry of a worker thread that shows photos to one network and keeps a histogram of each of the activations that
 * its file gives as additional outputs. What the network sees is drawn by the service's own code.
 */
import { readFile } from 'node:fs/promises'
import { parentPort, workerData } from 'node:worker_threads'
import { count, createHistogram, type Histogram } from './activation-histogram.ts'
import { createFaceDetector } from './face-detector.ts'
import { alignFace, createFaceEmbedder } from './face-embedder.ts'
import { createFaceLandmarks, fivePoints } from './face-landmarks.ts'
import { decodeFrame } from './decode-photo.ts'
import { createObjectDetector } from './object-detector.ts'
import { openSession, release, type Session } from './session.ts'
import type { CalibrationReport, CalibrationSetup } from './thread-setup.ts'
import type { Frame } from './types.ts'

type Look = (frame: Frame) => Promise<unknown>

const { models, role, path, activations, photos, maxPixels } = workerData as CalibrationSetup
const histograms = new Map<string, Histogram>(activations.map(name => [name, createHistogram()]))
const report: CalibrationReport = { histograms, seen: 0, unreadable: 0, runs: 0 }
const look = await lookOf(role, watched(await openSession(path, 'cpu', 1)))
for (const photo of photos) {
  const bytes = await readFile(photo).catch(() => null)
  const { frame } = bytes === null ? {} : await decodeFrame(bytes, maxPixels)
  if (frame === undefined) {
    report.unreadable++
    continue
  }
  await look(frame)
  report.seen++
}
parentPort!.postMessage(report)

/** The session without the additional outputs, which are counted instead. */
function watched (session: Session): Session {
  return {
    ...session,
    async run (data, shape) {
      const outputs = await session.run(data, shape)
      report.runs++
      const { own = [], activations = [] } = Object.groupBy(outputs, ({ name }) =>
        histograms.has(name) ? 'activations' : 'own'
      )
      for (const { name, data } of activations) count(histograms.get(name)!, data)
      release(activations)
      return own
    }
  }
}

async function lookOf (role: CalibrationSetup['role'], session: Session): Promise<Look> {
  if (role === 'object-detector') return createObjectDetector(models.objectDetector!, session, [])
  if (role === 'face-detector') return createFaceDetector(models.faceDetector, session)

  const detect = createFaceDetector(models.faceDetector, await openSession(models.faceDetector.path, 'cpu', 1))
  const findLandmarks =
    models.faceLandmarks &&
    createFaceLandmarks(models.faceLandmarks, await openSession(models.faceLandmarks.path, 'cpu', 1))
  const embed = createFaceEmbedder(models.faceEmbedder, session, false)
  return async frame => {
    for (const { box, points } of await detect(frame)) {
      await embed([alignFace(
        frame,
        points ?? fivePoints(await findLandmarks!(frame, box))
      )])
    }
  }
}
