/**
 * The one teaching that a service does at a time: photos come in, a scene is taught, a person keeps or discards it.
 * The photos lie in a folder of their own, which goes with the decision, after an hour without a call, and on closing.
 */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import pLimit from 'p-limit'
import { ServiceError } from '../../errors/errors.ts'
import type { InferencePool } from '../../inference/pool.ts'
import { writeAtomically } from '../../model-tools/convert/cache.ts'
import type { Photo } from '../../schemas/upload.ts'
import type { TaskDefinition } from '../../tasks/schema.ts'
import { type Figures, type SceneFile, scenesDir } from '../../tasks/scenes/scene-file.ts'
import { worstOf } from '../contact-sheet.ts'
import type { ListedPhoto } from '../list-photos.ts'
import { type PhotoClass, teachingProblem } from '../teach.ts'
import { teachScene } from '../teach-scene.ts'
import { TeachingError } from '../teaching-error.ts'
import { teachInThread } from './teach-in-thread.ts'

/** Bounds of what one teaching takes: photos, and bytes on disk. */
export const lessonLimits = { photos: 1000, bytes: 512 * 1024 * 1024 }
const IDLE_MS = 60 * 60 * 1000
/** Wrongly judged photos that are shown. */
const WORST = 24
/** As the defaults of `npm run tasks -- teach`. */
const rates = { falseRate: 0.05, nearRate: 0.2, nearWeight: 3 }

export interface LessonStatus {
  state: 'collecting' | 'teaching' | 'taught' | 'failed'
  /** Photos that were sent, by what they show. */
  photos: Record<PhotoClass, number>
  /** What is still missing before it can begin, in a sentence; null: nothing. */
  missing: string | null
  task: string | null
  /** 0..1 while it teaches. */
  progress: number
  /** Why it failed, in a sentence. */
  problem: string | null
  result: LessonResult | null
}

export interface LessonResult {
  scene: string
  figures: Figures
  threshold: number
  taught: SceneFile['photos']
  /** The photos that it gets most wrong: `id` in the address of the photo. */
  worst: { id: number, name: string, class: PhotoClass, score: number }[]
  refused: { name: string, reason: string }[]
}

export interface KeptLesson {
  task: string
  scene: SceneFile
  /** The rule that the task still needs, as JSON; undefined: it has one. */
  rule: string | undefined
}

export interface LessonSettings {
  inference: InferencePool
  detector: SceneFile['detector'] | null
  tasks: readonly TaskDefinition[]
  tasksFile: string
  /** Where the photos lie meanwhile; nothing else is there. */
  folder: string
  maxPixels: number
}

interface SentPhoto { class: PhotoClass, origin: string, name: string, bytes: number }

export class Lesson {
  readonly #settings: LessonSettings
  #photos: SentPhoto[] = []
  #state: LessonStatus['state'] = 'collecting'
  #task: TaskDefinition | null = null
  #progress = 0
  #problem: string | null = null
  #taught: { scene: SceneFile, result: LessonResult } | null = null
  #running = new AbortController()
  #ended: Promise<void> = Promise.resolve()
  /** What changes the teaching: one call at a time, so that photos are not written while others remove them. */
  readonly #inTurn = pLimit(1)
  #idle: NodeJS.Timeout | undefined

  constructor (settings: LessonSettings) {
    this.#settings = settings
  }

  status (): LessonStatus {
    this.#touch()
    const count = (kind: PhotoClass) => this.#photos.filter(photo => photo.class === kind).length
    return {
      state: this.#state,
      photos: { yes: count('yes'), no: count('no'), near: count('near') },
      missing: teachingProblem(this.#photos),
      task: this.#task?.name ?? null,
      progress: this.#progress,
      problem: this.#problem,
      result: this.#taught?.result ?? null
    }
  }

  /**
   * @param origin photos of one camera or occasion; null: each is one by itself
   * @throws {ServiceError} `teaching_conflict` while it teaches, `too_many_photos` beyond the limits
   */
  add (photos: readonly Photo[], kind: PhotoClass, origin: string | null): Promise<void> {
    return this.#inTurn(() => this.#add(photos, kind, origin))
  }

  async #add (photos: readonly Photo[], kind: PhotoClass, origin: string | null): Promise<void> {
    this.#expect('collecting', 'failed')
    const bytes = [...this.#photos, ...photos.map(photo => ({ bytes: photo.bytes.byteLength }))]
      .reduce((sum, photo) => sum + photo.bytes, 0)
    if (this.#photos.length + photos.length > lessonLimits.photos || bytes > lessonLimits.bytes) {
      throw new ServiceError(
        'too_many_photos',
        `A teaching takes at most ${lessonLimits.photos} photos and ${lessonLimits.bytes / 2 ** 20} MiB together; found more. Teach with fewer or smaller ones.`
      )
    }
    const first = this.#photos.length
    await mkdir(this.#settings.folder, { recursive: true, mode: 0o700 })
    await Promise.all(photos.map((photo, i) => writeFile(this.#path(first + i), photo.bytes, { mode: 0o600 })))
    this.#photos.push(...photos.map((photo, i) => ({
      class: kind,
      origin: origin ?? `photo ${first + i}`,
      name: photo.filename,
      bytes: photo.bytes.byteLength
    })))
  }

  /** @throws {ServiceError} `unknown_task`, `teaching_conflict` */
  begin (task: string): Promise<void> {
    return this.#inTurn(async () => this.#begin(task))
  }

  #begin (task: string): void {
    this.#expect('collecting', 'failed')
    const found = this.#settings.tasks.find(({ name }) => name === task)
    if (found === undefined) {
      throw new ServiceError('unknown_task', `The field task must be the name of a task; there is no ${task}.`)
    }
    this.#task = found
    this.#state = 'teaching'
    this.#progress = 0
    this.#problem = null
    this.#running = new AbortController()
    this.#ended = this.#teach(found, this.#running.signal)
  }

  /** The bytes of a photo that was sent; null: there is none. */
  async photo (id: number): Promise<Uint8Array | null> {
    return this.#photos[id] === undefined ? null : await readFile(this.#path(id)).catch(() => null)
  }

  /**
   * Writes the scene beside the tasks file.
   * @returns what was written, and the rule that the task still needs; undefined: it has one
   * @throws {ServiceError} `teaching_conflict` when nothing is taught
   */
  keep (): Promise<KeptLesson> {
    return this.#inTurn(() => this.#keep())
  }

  async #keep (): Promise<KeptLesson> {
    this.#expect('taught')
    const { scene } = this.#taught!
    const task = this.#task!
    const target = join(scenesDir(this.#settings.tasksFile), `${scene.name}.json`)
    await writeAtomically(target, Buffer.from(`${JSON.stringify(scene, null, 2)}\n`))
    await this.#discard()
    const needed = { id: scene.name, description: task.title, scene: scene.name, allOf: ['person'], subject: ['person'] }
    return {
      task: task.name,
      scene,
      rule: task.rules.some(rule => rule.scene === scene.name) ? undefined : JSON.stringify(needed)
    }
  }

  /** Ends the teaching, and removes every photo. */
  discard (): Promise<void> {
    // Otherwise it would wait for the teaching that it ends.
    this.#running.abort(new Error('The teaching was discarded'))
    return this.#inTurn(() => this.#discard())
  }

  async #discard (): Promise<void> {
    clearTimeout(this.#idle)
    this.#running.abort(new Error('The teaching was discarded'))
    await this.#ended
    this.#photos = []
    this.#taught = null
    this.#task = null
    this.#problem = null
    this.#state = 'collecting'
    await rm(this.#settings.folder, { recursive: true, force: true })
  }

  async #teach (task: TaskDefinition, signal: AbortSignal): Promise<void> {
    const { inference, detector, maxPixels } = this.#settings
    const all = this.#photos.length
    // Looking at the photos takes most of the time; the nine steps of teaching are the rest.
    let looked = 0
    const onLook = () => { this.#progress = 0.8 * ++looked / all }
    const onStep = (done: number, of: number) => { this.#progress = 0.8 + 0.2 * done / of }
    try {
      if (detector === null) throw new TeachingError('no_detector', 'Expected an object detector, found none. Set YOLO_MODEL_PATH.')
      const { scene, photos, refused } = await teachScene(inference, {
        name: task.rules.find(rule => rule.scene !== undefined)?.scene ?? task.name,
        photos: this.#photos.map((photo, id): ListedPhoto => ({
          file: String(id), class: photo.class, origin: photo.origin, read: () => readFile(this.#path(id))
        })),
        detector,
        licence: 'not stated',
        look: { maxPixels, subject: ['person'], cacheDir: this.#settings.folder, onStep: onLook, signal },
        teach: { ...rates, onStep },
        run: (taught, options) => teachInThread(taught, options, signal)
      })
      signal.throwIfAborted()
      this.#taught = { scene, result: this.#resultOf(scene, photos, refused) }
      this.#state = 'taught'
    } catch (error) {
      if (signal.aborted) return
      this.#state = 'failed'
      this.#problem = error instanceof TeachingError ? error.message : `Teaching failed: ${(error as Error).message}`
    }
  }

  #resultOf (
    scene: SceneFile,
    photos: readonly { file: string, class: PhotoClass, score: number, isFile: boolean }[],
    refused: readonly { file: string, reason: string }[]
  ): LessonResult {
    const nameOf = (file: string) => this.#photos[Number(file)]?.name ?? file
    return {
      scene: scene.name,
      figures: scene.figures,
      threshold: scene.threshold,
      taught: scene.photos,
      worst: worstOf(photos, scene.threshold).slice(0, WORST)
        .map(({ file, class: kind, score }) => ({ id: Number(file), name: nameOf(file), class: kind, score })),
      refused: refused.map(({ file, reason }) => ({ name: nameOf(file), reason }))
    }
  }

  #expect (...states: LessonStatus['state'][]): void {
    this.#touch()
    if (states.includes(this.#state)) return
    throw new ServiceError(
      'teaching_conflict',
      `Expected a teaching that is ${states.join(' or ')}, found one that is ${this.#state}. GET /api/teaching says how it stands; keep or discard it first.`
    )
  }

  #path (id: number): string {
    return join(this.#settings.folder, String(id))
  }

  /** Photos of people do not lie around because somebody forgot them. */
  #touch (): void {
    clearTimeout(this.#idle)
    this.#idle = setTimeout(() => { this.discard().catch(() => {}) }, IDLE_MS).unref()
  }
}
