import { writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { countSteps } from '../../cli/count-steps.ts'
import { UsageError, type Values } from '../../cli/run-command.ts'
import type { Result } from '../../cli/run-commands.ts'
import type { Config } from '../../config/config.ts'
import { writeAtomically } from '../../model-tools/convert/cache.ts'
import { scenesDir } from '../../tasks/scenes/scene-file.ts'
import { contactSheet, worstOf } from '../contact-sheet.ts'
import { type ListedPhoto, photosInFolders, photosInTable } from '../list-photos.ts'
import { teachScene } from '../teach-scene.ts'
import { TeachingError } from '../teaching-error.ts'
import { figuresText, withPool } from './command.ts'

const names = { many: { type: 'string', multiple: true }, one: { type: 'string' } } as const

/** Options of every command that teaches. */
export const teachingOptions = {
  yes: names.many,
  no: names.many,
  near: names.many,
  labels: names.many,
  label: names.one,
  subject: names.one,
  'false-rate': names.one,
  'near-rate': names.one,
  'near-weight': names.one,
  licence: names.one,
  sheet: names.one
}

/** Explains those after --near. */
export const teachingUsage = `  --labels FILE      instead of folders, or beside them: a CSV with file, label, origin, and perhaps hard_negative_for
  --label LABEL      the label in FILE that shows the task (default: NAME)
  --subject LABEL    detection that must be there and stands for the person (default: person; "" for the whole picture)
  --false-rate R     most of the other photos that may be proved (default: 0.05)
  --near-rate R      most of the near misses that may be proved (default: 0.2)
  --near-weight N    what a near miss counts in teaching, in other photos (default: 3)
  --licence TEXT     where the photos come from, and under which terms, for the scene file
  --sheet FILE       a page that shows the photos it gets most wrong (default: NAME.html here)`

const sceneName = /^[a-z0-9][a-z0-9-]{0,63}$/

/** @throws {UsageError} */
export function sceneNameOf (args: string[], usage: string): string {
  const [name] = args
  if (args.length !== 1 || name === undefined) throw new UsageError(`Usage: npm run tasks -- ${usage}`)
  if (!sceneName.test(name)) {
    throw new UsageError(`Expected a name of small letters, digits and hyphens, found ${name}.`)
  }
  return name
}

/** Teaches a scene, writes it, and says what was learned. */
export async function teachPhotos (
  name: string, photos: readonly ListedPhoto[], values: Values, config: Config
): Promise<Result> {
  const subject = ((values.subject as string | undefined) ?? 'person').split(',').filter(label => label !== '')
  const look = countSteps('Looking at photos', photos.length)
  const step = countSteps('Teaching', 9)
  const {
    scene,
    photos: judged,
    refused
  } = await withPool(config, (pool, detector) =>
    teachScene(pool, {
      name,
      photos,
      detector,
      licence: (values.licence as string | undefined) ?? 'not stated',
      look: {
        maxPixels: config.MAX_PHOTO_MEGAPIXELS * 1e6,
        subject,
        cacheDir: join(config.MODELS_DIR, 'cache', 'teaching'),
        onStep: look
      },
      teach: {
        falseRate: share(values, 'false-rate', 0.05),
        nearRate: share(values, 'near-rate', 0.2),
        nearWeight: positive(values, 'near-weight', 3),
        onStep: step
      }
    })
  )
  const target = join(scenesDir(config.TASKS_FILE), `${name}.json`)
  await writeAtomically(target, Buffer.from(`${JSON.stringify(scene, null, 2)}\n`))
  const sheet = (values.sheet as string | undefined) ?? `${name}.html`
  await writeFile(sheet, contactSheet(name, judged, scene.threshold), { mode: 0o600 }).catch(
    (cause: NodeJS.ErrnoException) => {
      throw new TeachingError(
        'unwritable_sheet',
        `Expected to write ${sheet}, but could not (${cause.code}). Name another file with --sheet.`
      )
    }
  )
  const { weights, ...learned } = scene
  return {
    data: { ...learned, file: target, sheet, refused, worst: worstOf(judged, scene.threshold).slice(0, 50) },
    text: [
      ...refused.map(({ file, reason }) => `not used: ${relative('.', file)}: ${reason}`),
      `Taught ${name} with ${scene.photos.yes} photos of the task, ${scene.photos.no} others and ${scene.photos.near} near misses, of ${scene.photos.origins} origins.`,
      'Every photo was judged by weights that were taught without its origin:',
      '',
      figuresText(scene),
      '',
      `Written to ${target}. The photos it gets most wrong: ${sheet}.`,
      `A rule in ${config.TASKS_FILE} uses it, for example: ${JSON.stringify({ id: `${name}-scene`, description: `A person, by example photos of ${name}`, scene: name, ...(subject.length > 0 && { allOf: subject, subject }) })}`
    ].join('\n')
  }
}

/** Photos of folders and tables. */
export async function listedPhotos (name: string, values: Values): Promise<ListedPhoto[]> {
  const many = (option: string) => (values[option] ?? []) as string[]
  const tables = await Promise.all(
    many('labels').map(path => photosInTable(path, (values.label as string | undefined) ?? name))
  )
  return [...tables.flat(), ...await photosInFolders({ yes: many('yes'), no: many('no'), near: many('near') })]
}

function share (values: Values, option: string, otherwise: number): number {
  const value = positive(values, option, otherwise)
  if (value >= 1) throw new UsageError(`--${option} takes a share below 1, found ${value}.`)
  return value
}

function positive (values: Values, option: string, otherwise: number): number {
  if (values[option] === undefined) return otherwise
  const value = Number(values[option])
  if (!(value > 0 && value <= 1000)) { throw new UsageError(`--${option} takes a number above 0, found ${String(values[option])}.`) }
  return value
}
