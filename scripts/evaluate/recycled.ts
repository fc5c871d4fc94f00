/** How many photos that were sent again, changed, are found, and how many different photos are taken for one. */
import { readFile } from 'node:fs/promises'
import sharp from 'sharp'
import { CANDIDATE_BITS, type PhotoLook, SAME_OUTLINE } from '../../src/originality/earlier-photos.ts'
import { viewSketch } from '../../src/originality/view-sketch.ts'
import { distanceOf } from '../../src/sketches/sketch.ts'
import { createComparison } from '../../workers/photo-outline.ts'
import type { Bench } from './bench.ts'
import { wilsonInterval } from './error-rates.ts'
import { photoChanges } from './photo-changes.ts'
import type { Table } from './table.ts'

/** Photos of one origin that are changed, at most: origins with many do not decide alone. */
const CHANGED_OF_ORIGIN = 8
/** As large as a phone sends a photo on; longer side, pixels. */
const LONGER_SIDE = 1280

interface Photo { file: string, origin: string, look: PhotoLook }
interface ChangedPhoto { change: string, of: Photo, look: PhotoLook }

/** What is used of the bench. */
export interface RecycledBench extends Pick<Bench, 'maxPixels' | 'progress'> {
  photos: Pick<Bench['photos'], 'tasks' | 'coco' | 'sessions'>
  inference: Pick<Bench['inference'], 'decode' | 'hashes' | 'objects'>
}

export async function evaluateRecycled (bench: RecycledBench): Promise<Table[]> {
  const { tasks, coco, sessions } = bench.photos
  const files = [
    ...tasks,
    ...coco.map(({ file }) => ({ file, origin: 'coco' })),
    ...sessions.map(({ file, person }) => ({ file, origin: person }))
  ]
  const step = bench.progress('photos', files.length)
  const photos: Photo[] = []
  for (const { file, origin } of files) {
    photos.push({ file, origin, look: await lookOf(bench, await upright(file)) })
    step()
  }
  const changed = await changeAll(bench, photos)
  return [
    ratesTable(changed),
    pairsTable(
      'Different photos, as they are',
      photos.map(photo => ({ change: '', of: photo, look: photo.look })),
      photos
    ),
    pairsTable('Different photos, one of them changed', changed, photos)
  ]
}

function ratesTable (changed: ChangedPhoto[]): Table {
  return {
    title: 'Photos that are sent again',
    note: `At most ${CHANGED_OF_ORIGIN} photos of one origin; 95 % intervals (Wilson).`,
    rows: [...Map.groupBy(changed, ({ change }) => change)].map(([change, copies]) => {
      const found = copies.filter(({ of, look }) => showSamePicture(look, of.look)).length
      const [low, high] = wilsonInterval(found, copies.length)!
      return {
        change,
        photos: copies.length,
        found,
        'found, %': (100 * found) / copies.length,
        from: 100 * low,
        to: 100 * high
      }
    })
  }
}

/** Pairs of different photos that are taken for one; photos of one origin may show one scene. */
function pairsTable (title: string, queries: ChangedPhoto[], photos: Photo[]): Table {
  const counts = new Map([['one origin', { pairs: 0, taken: 0 }], ['two origins', { pairs: 0, taken: 0 }]])
  for (const { of, look } of queries) {
    for (const photo of photos) {
      if (photo.file === of.file) continue
      const count = counts.get(photo.origin === of.origin ? 'one origin' : 'two origins')!
      count.pairs++
      if (showSamePicture(look, photo.look)) count.taken++
    }
  }
  return {
    title,
    note: 'Pairs that are taken for one picture. Some photos of one origin show one scene.',
    rows: [...counts].map(([photos, { pairs, taken }]) => ({
      photos,
      pairs,
      taken,
      'of 100,000': pairs === 0 ? null : (1e5 * taken) / pairs
    }))
  }
}

/** As the service finds a proof: a sketch names it, the outline confirms it. */
function showSamePicture (photo: PhotoLook, { hashes: { windows: [earlier], outline }, view }: PhotoLook): boolean {
  const { windows: [whole], mirrored, grey } = photo.hashes
  if (whole === undefined || earlier === undefined || grey === null || outline === null) return false
  const named = [whole, ...mirrored].some(bits => distanceOf(bits, earlier) <= CANDIDATE_BITS.photo) ||
    (view !== null && photo.view !== null && distanceOf(photo.view.bits, view.bits) <= CANDIDATE_BITS.view)
  return named && createComparison(grey)(outline) >= SAME_OUTLINE
}

async function changeAll (bench: RecycledBench, photos: Photo[]): Promise<ChangedPhoto[]> {
  const chosen = [...Map.groupBy(
    photos,
    ({ origin }) => origin
  ).values()].flatMap(ofOrigin => spread(ofOrigin, CHANGED_OF_ORIGIN))
  const step = bench.progress('changed photos', chosen.length)
  const changed: ChangedPhoto[] = []
  for (const [index, of] of chosen.entries()) {
    const original = await upright(of.file)
    for (const [change, make] of Object.entries(photoChanges)) {
      changed.push({ change, of, look: await lookOf(bench, await make({ ...original, random: draws(index + 1) })) })
    }
    step()
  }
  return changed
}

/** At most `count` of them, evenly spread. */
function spread<T> (items: readonly T[], count: number): T[] {
  const step = Math.max(1, items.length / count)
  return Array.from({ length: Math.min(items.length, count) }, (_, i) => items[Math.floor(i * step)]!)
}

async function upright (file: string): Promise<{ photo: Buffer, width: number, height: number }> {
  const { data, info } = await sharp(await readFile(file))
    .autoOrient()
    .resize(LONGER_SIDE, LONGER_SIDE, { fit: 'inside', withoutEnlargement: true })
    .png({ compressionLevel: 1 })
    .toBuffer({ resolveWithObject: true })
  return { photo: data, width: info.width, height: info.height }
}

async function lookOf (
  { inference, maxPixels }: Pick<RecycledBench, 'inference' | 'maxPixels'>,
  photo: Buffer | { photo: Buffer }
): Promise<PhotoLook> {
  const { frame } = await inference.decode({ bytes: Buffer.isBuffer(photo) ? photo : photo.photo, maxPixels })
  if (frame === undefined) throw new Error('expected a photo that can be opened, found one that cannot')
  const [hashes, { features }] = await Promise.all([inference.hashes({ frame }), inference.objects({ frame })])
  return { hashes, view: viewSketch(features) }
}

/** Numbers of 0..1, the same for one seed (the minimal standard generator of Park and Miller 1988). */
function draws (seed: number): () => number {
  let state = seed * 7919
  return () => (state = state * 48271 % 0x7fffffff) / 0x7fffffff
}
