/**
 * Scene files: what a task that was taught by example photos looks like, in numbers of the object detector. A file is
 * small, readable JSON beside the tasks file; no photo can be made from it.
 */
import { readdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type Static, Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'

const Share = Type.Number({ minimum: 0, maximum: 1 })
/** A rate with its 95 % confidence interval (Wilson score interval), of so many photos. */
const RateSchema = Type.Object({ rate: Share, low: Share, high: Share, photos: Type.Integer({ minimum: 0 }) })

export const FiguresSchema = Type.Object({
  /**
   * Area under the ROC curve: the share of pairs of a photo of the task and another in which the first scores higher.
   */
  auc: Share,
  /**
   * At the threshold: photos of the task that are proved, other photos that are, near misses that are (null without
   * any).
   */
  proven: RateSchema,
  false: RateSchema,
  near: Type.Union([RateSchema, Type.Null()])
})

export const SceneFileSchema = Type.Object({
  format: Type.Literal('scene-1'),
  name: Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,63}$' }),
  /** When it was taught, ISO 8601. */
  taught: Type.String(),
  detector: Type.Object({ id: Type.String(), sha256: Type.String() }),
  /** Which numbers of the detector the weights belong to (ImageFeatures.contract). */
  contract: Type.String({ minLength: 1 }),
  /**
   * Other numbers under which the scene was judged beside its own: on how many photos, and on how many the verdict was
   * the same.
   */
  measured: Type.Optional(Type.Array(Type.Object({
    contract: Type.String(),
    photos: Type.Integer({ minimum: 1 }),
    same: Type.Integer({ minimum: 0 })
  }))),
  /**
   * How many weights there are for the means of the picture, its maxima, and the means of the subject's region, in this
   * order.
   */
  parts: Type.Object({
    mean: Type.Integer({ minimum: 0 }),
    max: Type.Integer({ minimum: 0 }),
    region: Type.Integer({ minimum: 0 })
  }),
  /** Little-endian float32 in base64, for the numbers as the detector gives them. */
  weights: Type.String(),
  bias: Type.Number(),
  /** Turns the weighted sum s into a probability: 1 / (1 + exp(-(slope s + offset))). */
  calibration: Type.Object({ slope: Type.Number(), offset: Type.Number() }),
  /** Least probability that proves the task. */
  threshold: Share,
  /** Cross-validated: every photo was judged by weights that were taught without its origin. */
  figures: FiguresSchema,
  photos: Type.Object({
    yes: Type.Integer(),
    no: Type.Integer(),
    near: Type.Integer(),
    refused: Type.Integer(),
    origins: Type.Integer()
  }),
  /** sha256 of the list of photos it was taught with: their hashes, classes and origins. */
  list: Type.String(),
  /** Where the photos came from and under which terms. */
  licence: Type.String()
})

export type SceneFile = Static<typeof SceneFileSchema>
export type Figures = Static<typeof FiguresSchema>
export type Rate = Static<typeof RateSchema>

export interface Scene extends Omit<SceneFile, 'weights'> {
  weights: Float32Array
}

/** Least share of photos with the same verdict, for a scene to be used with other numbers than it was taught with. */
const LEAST_SAME = 0.99

/**
 * Whether a scene may judge features of this contract: those it was taught with, or others that were measured to do as
 * well.
 */
export function fitsContract (scene: Pick<Scene, 'contract' | 'measured'>, contract: string | null): boolean {
  return contract === scene.contract ||
    (scene.measured ?? []).some(other => other.contract === contract && other.same / other.photos >= LEAST_SAME)
}

/** Scenes by name; a sentence where a file cannot be used: what was expected, what was found, what to do. */
export type Scenes = Map<string, Scene | string>

/** The folder of the scenes that belong to a tasks file. */
export function scenesDir (tasksFile: string): string {
  return join(dirname(tasksFile), 'scenes')
}

/** Reads all scene files of a folder; none when there is no folder. Never throws for what a file holds. */
export async function readScenes (dir: string): Promise<Scenes> {
  const names = (await readdir(dir).catch(() => [])).filter(name => name.endsWith('.json')).sort()
  return new Map(await Promise.all(names.map(async name => {
    const scene = name.slice(0, -'.json'.length)
    return [scene, await readScene(join(dir, name), scene)] as const
  })))
}

async function readScene (path: string, name: string): Promise<Scene | string> {
  try {
    return parseScene(await readFile(path, 'utf8'), name)
  } catch (error) {
    return `The scene file ${path} cannot be used: ${(error as Error).message}. Teach the scene again with \`npm run tasks -- teach ${name}\`, or remove the file.`
  }
}

/** @throws {Error} whose message says what was expected and what was found */
export function parseScene (text: string, name: string): Scene {
  const content = parseJson(text)
  const problem = Value.Errors(SceneFileSchema, content).First()
  if (problem !== undefined) {
    throw new Error(
      `at ${problem.path || '/'}: ${problem.message.toLowerCase()}, found ${JSON.stringify(problem.value)?.slice(0, 60)}`
    )
  }
  const file = content as SceneFile
  if (file.name !== name) throw new Error(`expected the scene ${name}, as the file is called, found ${file.name}`)
  const weights = decodeWeights(file.weights)
  const { mean, max, region } = file.parts
  const expected = mean + max + region
  if (weights.length !== expected) throw new Error(`expected ${expected} weights, found ${weights.length}`)
  if (!weights.every(Number.isFinite)) throw new Error('expected finite weights, found others')
  return { ...file, weights }
}

function parseJson (text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new Error(`expected JSON, found a file that is damaged or cut short (${(error as Error).message})`)
  }
}

function decodeWeights (text: string): Float32Array {
  const bytes = Buffer.from(text, 'base64')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  return Float32Array.from({ length: Math.floor(bytes.length / 4) }, (_, i) => view.getFloat32(4 * i, true))
}

export function encodeWeights (weights: Float32Array): string {
  const bytes = Buffer.alloc(4 * weights.length)
  weights.forEach((weight, i) => bytes.writeFloatLE(weight, 4 * i))
  return bytes.toString('base64')
}
