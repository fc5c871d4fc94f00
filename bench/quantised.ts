/** int8 models beside their fp32 originals, on the shared reference files: speed, and what they still find. */
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { meanAveragePrecision } from '../scripts/evaluate/average-precision.ts'
import { reshapedYolo } from '../src/models/reshape/index.ts'
import { loadConfig } from '../src/config.ts'
import { readManifest } from '../src/models/manifest-file.ts'
import { resolveModels } from '../src/models/resolve.ts'
import { cosine } from '../src/verification/match.ts'
import { createFaceEmbedder } from '../workers/face-embedder.ts'
import { decodeFrame } from '../workers/frame.ts'
import { createObjectDetector } from '../workers/object-detector.ts'
import { parseNames, readOnnxFacts } from '../workers/onnx-file.ts'
import type { Picture } from '../workers/pixels.ts'
import { openSession, type Session } from '../workers/session.ts'
import type { Box, Frame, SizedObjectDetector } from '../workers/types.ts'
import { fixed, table } from './table.ts'
import { temporaryFolder } from './server.ts'

const shared = fileURLToPath(new URL('../../shared/', import.meta.url))
const maxPixels = 50e6

/** One sentence when the reference files are not beside the repository. */
export async function measureQuantised (): Promise<string> {
  if (!existsSync(`${shared}models/yolo/yolov8n_int8.onnx`)) return 'Not measured: the shared reference models are not beside the repository.'
  return `${await objectDetectors()}\n\n${await faceEmbedders()}`
}

async function objectDetectors (): Promise<string> {
  const config = loadConfig({})
  const { objectDetector } = await resolveModels(config, await readManifest(config))
  if (objectDetector === null) throw new Error('Expected an object detector in the default pack.')
  const photos = await labelledPhotos(parseNames(readOnnxFacts(objectDetector.path).metadata['names'] ?? ''))
  const cache = await temporaryFolder()
  const rows = []
  const int8 = { ...objectDetector, path: `${shared}models/yolo/yolov8n_int8.onnx`, sha256: 'int8'.padEnd(64, '0') }
  for (const [type, model] of [['fp32', objectDetector], ['int8', int8]] as const) {
    const any = await reshapedYolo(model.path, model.sha256, 'any', cache)
    for (const [name, path, side] of [['640 square', model.path, 640], ['640', any, 640], ['576', any, 576], ['512', any, 512], ['416', any, 416]] as const) {
      const session = await openSession(path, 'cpu', 1)
      rows.push([type, name, ...await judge({ ...model, input: { ...model.input, width: side, height: side } }, session, photos)])
      await session.close()
    }
  }
  return table(['YOLOv8n', 'longer side', 'CPU ms a photo', 'mAP50', 'mAP50, scores from 0.25', 'detections from 0.25'], rows)
}

interface Labelled { frame: Frame, truth: { label: string, box: Box }[] }

async function judge (model: SizedObjectDetector, session: Session, photos: Labelled[]): Promise<string[]> {
  const labels = parseNames(readOnnxFacts(model.path).metadata['names'] ?? '')
  const detect = createObjectDetector({ ...model, scoreThreshold: 0.001 }, session, labels)
  const judged = []
  const before = process.cpuUsage()
  for (const { frame, truth } of photos) judged.push({ truth, detections: await detect(frame) })
  const { user, system } = process.cpuUsage(before)
  const confident = judged.map(({ truth, detections }) => ({ truth, detections: detections.filter(({ score }) => score >= model.scoreThreshold) }))
  return [
    fixed((user + system) / 1000 / photos.length, 1),
    fixed(meanAveragePrecision(judged, 0.5).mean, 3),
    fixed(meanAveragePrecision(confident, 0.5).mean, 3),
    String(confident.reduce((sum, { detections }) => sum + detections.length, 0))
  ]
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
      return { label: labels[index]!, box: [(x - w / 2) * width, (y - h / 2) * height, (x + w / 2) * width, (y + h / 2) * height] as Box }
    })
    photos.push({ frame, truth })
  }
  return photos
}

async function faceEmbedders (): Promise<string> {
  const config = loadConfig({})
  const { faceEmbedder } = await resolveModels(config, await readManifest(config))
  const model = { ...faceEmbedder, input: { width: 112, height: 112, channels: 'RGB' as const, mean: 127.5, std: 127.5 }, dimension: 512 }
  const crops = await alignedCrops()
  const rows = []
  let reference: Float32Array[] = []
  for (const [type, file] of [['fp32', 'w600k_mbf_dequantized_fp32.onnx'], ['int8', 'w600k_mbf_int8.onnx']] as const) {
    const session = await openSession(`${shared}models/buffalo_sc/${file}`, 'cpu', 1)
    const embed = createFaceEmbedder(model, session, false)
    await embed(crops)
    const before = process.cpuUsage()
    const embeddings = await embed(crops)
    const { user, system } = process.cpuUsage(before)
    if (type === 'fp32') reference = embeddings
    rows.push([type, fixed((user + system) / 1000 / crops.length, 1), fixed(Math.min(...embeddings.map((embedding, i) => cosine(embedding, reference[i]!))), 3)])
    await session.close()
  }
  return table(['MobileFaceNet', 'CPU ms a face', `lowest cosine to fp32, ${crops.length} faces`], rows)
}

async function alignedCrops (): Promise<Picture[]> {
  const folder = `${shared}golden/aligned`
  const crops: Picture[] = []
  for (const file of (await readdir(folder)).filter(name => name.endsWith('.png') && !name.endsWith('.starter.png'))) {
    const { frame } = await decodeFrame(await readFile(join(folder, file)), maxPixels)
    if (frame !== undefined) crops.push({ width: frame.width, height: frame.height, data: new Uint8Array(frame.pixels) })
  }
  return crops
}
