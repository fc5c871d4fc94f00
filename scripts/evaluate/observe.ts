/** Runs the models in use on photos and remembers what they saw, so that a second run is fast. */
import { createHash } from 'node:crypto'
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { glob, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findFaces } from '../../src/inference/find-faces.ts'
import type { Run } from '../../src/inference/run.ts'
import type { OpenedModels } from '../../workers/open-models.ts'
import type { Box, Detection, Face, Frame, Liveness, ModelSet, SeenObjects } from '../../workers/types.ts'

/** What the models see in one photo. */
export interface Look {
  sha256: string
  /** Of the upright photo, pixels. */
  width: number
  height: number
  /** Largest first, the first ones with an embedding; empty also for a file that cannot be decoded. */
  faces: Face[]
  /** Of the face at this place of `faces`. */
  liveness: (face: number) => Promise<Liveness>
  objects: () => Promise<SeenObjects>
}

export interface Observer {
  /**
   * @param quality turns a photo upright when no face reaches it, as the service does; absent: looks at the photo as it
   * is
   */
  look (photo: string | Uint8Array, quality?: number): Promise<Look>
}

interface Seen { width: number, height: number, faces: (Omit<Face, 'embedding'> & { embedding: string | null })[] }

/**
 * `maxFaces`: faces of a photo that get an embedding. The memory lies in `cacheDir`; it holds embeddings, so never
 * share it.
 */
export async function createObserver (
  inference: OpenedModels,
  models: ModelSet,
  { maxFaces, maxPixels, cacheDir }: { maxFaces: number, maxPixels: number, cacheDir: string }
): Promise<Observer> {
  const code = await workersVersion()
  const faceModels = [models.faceDetector, models.faceLandmarks, models.faceEmbedder]
  const faces = openMemory<Seen>(cacheDir, 'faces', [code, faceModels, maxFaces])
  const liveness = openMemory<Liveness>(cacheDir, 'liveness', [code, faceModels, models.liveness])
  const objects = openMemory<KeptObjects>(cacheDir, 'objects', [code, models.objectDetector])

  return {
    async look (photo, quality) {
      const bytes = typeof photo === 'string' ? await readFile(photo) : photo
      const sha256 = createHash('sha256').update(bytes).digest('hex')
      let decoded: Promise<Frame | undefined> | undefined
      const frame = () => (decoded ??= inference.decode({ bytes, maxPixels }).then(({ frame }) => frame))
      const existing = async () => (await frame())!

      const seen = await faces.recall(quality === undefined ? sha256 : `${sha256}/${quality}`, async () => {
        const picture = await frame()
        if (picture === undefined) return { width: 0, height: 0, faces: [] }
        const search = { embedLimit: maxFaces, quality: quality ?? 0 }
        const found =
          quality === undefined
            ? { frame: picture, faces: await inference.faces({ frame: picture, embedLimit: maxFaces }) }
            : await findFaces(
              ((call: 'faces' | 'upright', input: never) => inference[call](input)) as Run,
              picture,
              search
            )
        const { width, height } = found.frame
        return { width, height, faces: found.faces.map(face => ({ ...face, embedding: encode(face.embedding) })) }
      })
      const known = seen.faces.map(face => ({ ...face, embedding: decode(face.embedding) }))
      return {
        sha256,
        width: seen.width,
        height: seen.height,
        faces: known,
        liveness: face =>
          liveness.recall(`${sha256}/${face}`, async () =>
            inference.liveness({ frame: await existing(), box: known[face]!.box })
          ),
        objects: async () =>
          decodeObjects(
            await objects.recall(sha256, async () =>
              encodeObjects(
                seen.width === 0
                  ? { detections: [], features: null }
                  : await inference.objects({ frame: await existing() })
              )
            )
          )
      }
    }
  }
}

/** Answers by key, one JSON line each, in a file whose name changes with everything that the answers depend on. */
function openMemory<T> (
  dir: string,
  name: string,
  dependsOn: unknown
): { recall (key: string, compute: () => Promise<T>): Promise<T> } {
  mkdirSync(dir, { recursive: true })
  const version = createHash('sha256')
    .update(JSON.stringify(dependsOn, (key, value) => (notAffecting.includes(key) ? undefined : value)))
    .digest('hex')
  const file = join(dir, `${name}-${version.slice(0, 16)}.jsonl`)
  const known = new Map<string, T>()
  for (const line of existsSync(file) ? readFileSync(file, 'utf8').split('\n') : []) {
    // An interrupted run leaves half a line at the end.
    if (line.endsWith(']')) known.set(...JSON.parse(line) as [string, T])
  }
  return {
    async recall (key, compute) {
      const before = known.get(key)
      if (before !== undefined) return before
      const value = await compute()
      known.set(key, value)
      appendFileSync(file, `\n${JSON.stringify([key, value])}`)
      return value
    }
  }
}

/** Parts of a manifest entry that do not change what the model answers. */
const notAffecting = ['path', 'file', 'title', 'licence', 'sources', 'threshold', 'size']

async function workersVersion (): Promise<string> {
  const root = fileURLToPath(new URL('../../workers', import.meta.url))
  const hash = createHash('sha256')
  const files = await Array.fromAsync(glob('**/*.ts', { cwd: root }))
  for (const file of files.sort()) hash.update(await readFile(join(root, file)))
  return hash.digest('hex')
}

function encode (embedding: Float32Array | null): string | null {
  return embedding === null
    ? null
    : Buffer.from(embedding.buffer, embedding.byteOffset, embedding.byteLength).toString('base64')
}

function decode (text: string | null): Float32Array | null {
  return text === null ? null : new Float32Array(Uint8Array.from(Buffer.from(text, 'base64')).buffer)
}

interface KeptObjects {
  detections: Detection[]
  features: { contract: string, mean: string, max: string, regions: { box: Box, mean: string }[] } | null
}

function encodeObjects ({ detections, features }: SeenObjects): KeptObjects {
  return {
    detections,
    features: features && {
      contract: features.contract,
      mean: encode(features.mean)!,
      max: encode(features.max)!,
      regions: features.regions.map(({ box, mean }) => ({ box, mean: encode(mean)! }))
    }
  }
}

function decodeObjects ({ detections, features }: KeptObjects): SeenObjects {
  return {
    detections,
    features: features && {
      contract: features.contract,
      mean: decode(features.mean)!,
      max: decode(features.max)!,
      regions: features.regions.map(({ box, mean }) => ({ box, mean: decode(mean)! }))
    }
  }
}

/** What the service would see: detections of at least its own score. */
export async function confident (look: Look, confidence: number): Promise<SeenObjects> {
  const { detections, features } = await look.objects()
  return { detections: detections.filter(({ score }) => score >= confidence), features }
}
