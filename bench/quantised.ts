/** int8 models beside their fp32 originals, on the shared reference files: speed, and what they still find. */
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { meanAveragePrecision } from '../scripts/evaluate/average-precision.ts'
import { referenceModels } from '../scripts/evaluate/reference-models.ts'
import { reshapedYolo } from '../src/model-tools/reshape/index.ts'
import { loadConfig } from '../src/config/config.ts'
import type { FaceEmbedderModel } from '../src/models/manifest.ts'
import { readManifest } from '../src/models/manifest-file.ts'
import { photosIn, quantize } from '../src/model-tools/quantize/index.ts'
import { resolveModels } from '../src/models/resolve.ts'
import { hashFile } from '../src/models/file-hash.ts'
import { cosine } from '../src/verification/match.ts'
import { iou } from '../workers/boxes.ts'
import { createFaceEmbedder, type FaceEmbedder } from '../workers/face-embedder.ts'
import { decodeFrame } from '../workers/decode-photo.ts'
import { createObjectDetector } from '../workers/object-detector.ts'
import { parseNames, readOnnxFacts } from '../workers/onnx-file.ts'
import type { Picture } from '../workers/pixels.ts'
import { openSession, type Session } from '../workers/session.ts'
import type { Box, Detection, Frame, ModelSet, SizedObjectDetector } from '../workers/types.ts'
import type { CalibratedRole } from '../workers/thread-setup.ts'
import { fixed, table } from './table.ts'
import { temporaryFolder } from './server.ts'

const shared = fileURLToPath(new URL('../../shared/', import.meta.url))
const maxPixels = 50e6

/** One sentence when the reference files are not beside the repository. */
export async function measureQuantised (): Promise<string> {
  if (!existsSync(`${shared}models/yolo/yolov8n_int8.onnx`)) {
    return 'Not measured: the shared reference models are not beside the repository.'
  }
  const config = loadConfig({})
  const models = await resolveModels(config, await readManifest(config))
  return `${await objectDetectors(models)}\n\n${await faceEmbedders(models)}`
}

/** None of the labelled photos, which judge the result. */
const calibrationFolders = ['groups', 'people', 'spoof', 'tasks']

/** The int8 version of a model of the set, as `npm run models -- quantize` makes it. */
async function staticInt8 (models: ModelSet, role: CalibratedRole, path: string): Promise<string> {
  const target = join(await temporaryFolder(), 'static.onnx')
  const photos = (await Promise.all(calibrationFolders.map(folder => photosIn(`${shared}images/${folder}`, 32)))).flat()
  await quantize(
    { path, sha256: await sha256Of(path) },
    target,
    { models, role, photos, maxPixels },
    { largestWeight: 127 }
  )
  return target
}

async function sha256Of (path: string): Promise<string> {
  return (await hashFile(path))!.sha256
}

async function objectDetectors (models: ModelSet): Promise<string> {
  const { objectDetector } = models
  if (objectDetector === null) throw new Error('Expected an object detector in the default pack.')
  const photos = await labelledPhotos(parseNames(readOnnxFacts(objectDetector.path).metadata['names'] ?? ''))
  const cache = await temporaryFolder()
  const files = [
    ['fp32', objectDetector.path],
    ['int8', await staticInt8(models, 'object-detector', objectDetector.path)],
    ['dynamic int8', `${shared}models/yolo/yolov8n_int8.onnx`]
  ] as const
  const rows = []
  for (const [name, side] of [['640 square', 640], ['640', 640], ['576', 576], ['512', 512], ['416', 416]] as const) {
    const judges: Judge[] = []
    for (const [type, path] of files) {
      const session = await openSession(
        name === '640 square' ? path : await reshapedYolo(path, await sha256Of(path), 'any', cache),
        'cpu',
        1
      )
      judges.push(
        judge(type, { ...objectDetector, path, input: { ...objectDetector.input, width: side, height: side } }, session)
      )
    }
    // In turns, so that whatever else the machine does slows all of them alike.
    for (const photo of photos) for (const judge of judges) await judge.look(photo)
    for (const { type, milliseconds, judged, confident, close } of judges) {
      rows.push([
        type,
        name,
        fixed(milliseconds() / photos.length, 1),
        fixed(meanAveragePrecision(judged, 0.5).mean, 3),
        fixed(meanAveragePrecision(confident, 0.5).mean, 3),
        confident.reduce((sum, { detections }) => sum + detections.length, 0),
        kept(judges[0]!.confident, confident)
      ])
      await close()
    }
  }
  return table(
    [
      'YOLOv8n',
      'longer side',
      'CPU ms a photo',
      'mAP50',
      'mAP50, scores from 0.25',
      'detections from 0.25',
      "kept of fp32's"
    ],
    rows
  )
}

/** Share of the detections of `before` that `after` has as well: same label, overlap of at least one half. */
function kept (before: Judged[], after: Judged[]): string {
  const all = before.flatMap(({ detections }, i) =>
    detections.map(({ label, box }) =>
      after[i]!.detections.some(other => other.label === label && iou(other.box, box) >= 0.5)
    )
  )
  return `${fixed(100 * all.filter(Boolean).length / all.length, 0)} %`
}

interface Labelled { frame: Frame, truth: { label: string, box: Box }[] }
interface Judged { truth: Labelled['truth'], detections: Detection[] }

interface Judge {
  type: string
  look (photo: Labelled): Promise<void>
  /** CPU time so far. */
  milliseconds (): number
  judged: Judged[]
  /** Without what the service would not count. */
  confident: Judged[]
  close (): Promise<void>
}

function judge (type: string, model: SizedObjectDetector, session: Session): Judge {
  const detect = createObjectDetector(
    { ...model, scoreThreshold: 0.001 },
    session,
    parseNames(readOnnxFacts(model.path).metadata['names'] ?? '')
  )
  const judged: Judged[] = []
  const confident: Judged[] = []
  let milliseconds = 0
  return {
    type,
    async look ({ frame, truth }) {
      const before = process.cpuUsage()
      const { detections } = await detect(frame)
      const { user, system } = process.cpuUsage(before)
      milliseconds += (user + system) / 1000
      judged.push({ truth, detections })
      confident.push({ truth, detections: detections.filter(({ score }) => score >= model.scoreThreshold) })
    },
    milliseconds: () => milliseconds,
    judged,
    confident,
    close: session.close
  }
}

/** The COCO photos; a label line is class, centre x, centre y, width, height in fractions. */
async function labelledPhotos (labels: string[]): Promise<Labelled[]> {
  const folder = `${shared}images/coco`
  const photos: Labelled[] = []
  for (const file of await readdir(join(folder, 'images'))) {
    const { frame } = await decodeFrame(await readFile(join(folder, 'images', file)), maxPixels)
    if (frame === undefined) continue
    const text = await readFile(join(folder, 'labels', `${basename(file, extname(file))}.txt`), 'utf8').catch(() => '')
    const truth = text.split('\n').filter(line => line.trim() !== '').map(line => {
      const [index, x, y, w, h] = line.split(' ').map(Number) as [number, number, number, number, number]
      const { width, height } = frame
      return {
        label: labels[index]!,
        box: [(x - w / 2) * width, (y - h / 2) * height, (x + w / 2) * width, (y + h / 2) * height] as Box
      }
    })
    photos.push({ frame, truth })
  }
  return photos
}

interface Contender {
  type: string
  session: Session
  embed: FaceEmbedder
  embeddings: Float32Array[]
  milliseconds: number
}

async function faceEmbedders (models: ModelSet): Promise<string> {
  const { faceEmbedder } = models
  const mobileFaceNet: ModelSet['faceEmbedder'] = {
    ...faceEmbedder,
    ...(referenceModels['w600k_mbf stand-in'] as FaceEmbedderModel),
    id: 'MobileFaceNet',
    path: `${shared}models/buffalo_sc/w600k_mbf_dequantized_fp32.onnx`
  }
  const crops = await alignedCrops()
  const rows: string[][] = []
  for (const [model, dynamic] of [
    [faceEmbedder, null],
    [mobileFaceNet, `${shared}models/buffalo_sc/w600k_mbf_int8.onnx`]
  ] as const) {
    const int8 = await staticInt8({ ...models, faceEmbedder: model }, 'face-embedder', model.path)
    const contenders: Contender[] = []
    for (const [type, path] of [
      ['fp32', model.path],
      ['int8', int8],
      ['dynamic int8', dynamic]
    ] as const) {
      if (path === null) continue
      const session = await openSession(path, 'cpu', 1)
      const embed = createFaceEmbedder(model, session, false)
      contenders.push({
        type,
        session,
        embed,
        embeddings: (await embed(crops)).map(({ embedding }) => embedding),
        milliseconds: 0
      })
    }
    for (const crop of crops) {
      for (const contender of contenders) {
        const before = process.cpuUsage()
        await contender.embed([crop])
        const { user, system } = process.cpuUsage(before)
        contender.milliseconds += (user + system) / 1000
      }
    }
    for (const { type, session, embeddings, milliseconds } of contenders) {
      rows.push([
        model.id,
        type,
        fixed(milliseconds / crops.length, 1),
        fixed(Math.min(...embeddings.map((embedding, i) => cosine(embedding, contenders[0]!.embeddings[i]!))), 3)
      ])
      await session.close()
    }
  }
  return table(['embedder', 'type', 'CPU ms a face', `lowest cosine to fp32, ${crops.length} faces`], rows)
}

async function alignedCrops (): Promise<Picture[]> {
  const folder = `${shared}golden/aligned`
  const crops: Picture[] = []
  for (const file of (await readdir(folder)).filter(name => name.endsWith('.png') && !name.endsWith('.starter.png'))) {
    const { frame } = await decodeFrame(await readFile(join(folder, file)), maxPixels)
    if (frame !== undefined) {
      crops.push({ width: frame.width, height: frame.height, data: new Uint8Array(frame.pixels) })
    }
  }
  return crops
}
