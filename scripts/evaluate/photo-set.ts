/** Reads a folder of labelled photos: lfw/, people/, spoof/, tasks/ and coco/, each with its own label file. */
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { basename, dirname, join, relative } from 'node:path'
import { parseCsv } from '../../src/teaching/csv.ts'
import type { Box } from '../../workers/types.ts'

/** A file below the folder; `person` names who is shown, as the folder that the photo lies in says. */
export interface PersonPhoto { file: string, person: string }
export interface Pair { a: string, b: string, same: boolean }
export interface LabelledPhoto { file: string, label: string }
/**
 * `near`: the task that the photo nearly shows. `origin`: where photos of one source come from, as far as the labels
 * say.
 */
export interface TaskPhoto extends LabelledPhoto { near: string, origin: string }
export interface SpoofPhoto extends LabelledPhoto {
  live: boolean
  /** Source of the photo; `other` where the labels name none. */
  camera: string
}
export interface CocoPhoto {
  file: string
  /** Class name and box in fractions of the photo. */
  truth: { label: string, box: Box }[]
}

export interface PhotoSet {
  lfw: PersonPhoto[]
  pairs: Pair[]
  people: PersonPhoto[]
  /** Frames of one person at one webcam; `person` names the camera. */
  sessions: PersonPhoto[]
  spoof: SpoofPhoto[]
  tasks: TaskPhoto[]
  coco: CocoPhoto[]
}

/** Reads the labels; a part whose label file is missing stays empty. Files are paths that can be opened. */
export async function readPhotoSet (dir: string): Promise<PhotoSet> {
  const text = async (path: string) => existsSync(join(dir, path)) ? readFile(join(dir, path), 'utf8') : null
  const table = async (path: string) => parseCsv(await text(`${path}/labels.csv`) ?? '')
    .map(row => ({ ...row, file: join(dir, path, row['file'] ?? '') }) as Record<string, string> & { file: string })

  const pairs = await text('lfw/pairsDevTest.txt')
  return {
    lfw: await personPhotos(join(dir, 'lfw')),
    pairs:
      pairs === null
        ? []
        : parsePairs(pairs).map(({ a, b, same }) => ({ a: join(dir, 'lfw', a), b: join(dir, 'lfw', b), same })),
    people: (await table('people')).map(({ file, person }) => ({ file, person: person ?? basename(dirname(file)) })),
    sessions: [...(await table('spoof')), ...(await table('wild/spoof'))].flatMap(
      ({ file, label, real_kind: kind, camera }) =>
        label === 'real' && kind === 'camera' && camera !== undefined && camera !== 'raulsilva'
          ? [{ file, person: camera }]
          : []
    ),
    spoof: [...(await table('spoof')), ...(await table('wild/spoof'))].map(row => ({
      file: row.file,
      live: row['label'] === 'real',
      label: row['label'] === 'real' ? row['real_kind'] || 'real' : row['attack_type'] || 'attack',
      camera: row['camera'] || 'other'
    })),
    tasks: (await table('tasks')).map(row => ({
      file: row.file,
      label: row['label'] ?? '',
      near: row['hard_negative_for'] ?? '',
      origin: row['origin'] ?? row['source']?.split('@')[0] ?? ''
    })),
    coco: await cocoPhotos(dir, await table('coco'), await text('coco/classes.txt'))
  }
}

async function personPhotos (dir: string): Promise<PersonPhoto[]> {
  if (!existsSync(dir)) return []
  const files = await readdir(dir, { recursive: true })
  return files.filter(file => /\.jpe?g$/i.test(file) && dirname(file) !== '.').sort()
    .map(file => ({ file: join(dir, file), person: basename(dirname(file)) }))
}

async function cocoPhotos (dir: string, rows: { file: string }[], classes: string | null): Promise<CocoPhoto[]> {
  const names = (classes ?? '').split(/\r?\n/)
  return Promise.all(rows.map(async ({ file }) => {
    const labels = join(dir, 'coco', 'labels', `${basename(relative(dir, file)).replace(/\.\w+$/, '')}.txt`)
    return { file, truth: parseYoloLabels(existsSync(labels) ? await readFile(labels, 'utf8') : '', names) }
  }))
}

/** LFW's pair list: `name i j` is one person twice, `name i other j` two people. The first line counts them. */
export function parsePairs (text: string): Pair[] {
  const photo = (name: string, number: string) => `${name}/${name}_${number.padStart(4, '0')}.jpg`
  return text.trim().split(/\r?\n/).slice(1).map(line => {
    const [name = '', first = '', other = '', second] = line.split('\t')
    return second === undefined
      ? { a: photo(name, first), b: photo(name, other), same: true }
      : { a: photo(name, first), b: photo(other, second), same: false }
  })
}

/** YOLO labels: `class x y w h`, centre and size in fractions of the photo. */
export function parseYoloLabels (text: string, names: readonly string[]): CocoPhoto['truth'] {
  return text.trim().split(/\r?\n/).filter(line => line !== '').map(line => {
    const [index = -1, x = 0, y = 0, w = 0, h = 0] = line.trim().split(/\s+/).map(Number)
    return { label: names[index] ?? `class ${index}`, box: [x - w / 2, y - h / 2, x + w / 2, y + h / 2] }
  })
}
