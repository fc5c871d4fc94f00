/** Reviewed photos as a folder for `npm run evaluate` and `npm run tasks -- teach`, without the name of anybody. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { PhotoArchive } from '../storage/photo-archive.ts'
import type { Store } from '../storage/store.ts'
import { type ReviewLabel, reviewLabels } from './labels.ts'

export interface Exported {
  photos: number
  /** Labels without a photo that was kept (`KEEP_PHOTOS`). */
  notKept: number
  /** Labels of users who gave no consent, with `REQUIRE_CONSENT`. */
  withoutConsent: number
}

const FILE_MODE = { mode: 0o600 }

/**
 * Writes spoof/labels.csv (live person or not) and tasks/labels.csv (task or not), each with its photos. Photos of one
 * user share an origin, which says nothing about who it is.
 * @param consent true leaves out users without a reference to their consent
 */
export async function exportLabels (
  store: Store,
  archive: Pick<PhotoArchive, 'read'>,
  folder: string,
  { consent }: { consent: boolean }
): Promise<Exported> {
  const origins = new Map<string, string>()
  const rows = { spoof: ['file,label,camera'], tasks: ['file,label,origin,hard_negative_for'] }
  const exported: Exported = { photos: 0, notKept: 0, withoutConsent: 0 }
  for (const part of ['spoof', 'tasks'] as const) await mkdir(join(folder, part), { recursive: true, mode: 0o700 })
  for await (const label of reviewLabels(store)) {
    if (consent && (await store.findUser(label.username))?.consent == null) {
      exported.withoutConsent++
      continue
    }
    const photo = (await store.listPhotos(label.username)).find(
      ({ verification }) => verification === label.verification
    )
    if (photo === undefined) {
      exported.notKept++
      continue
    }
    const origin = origins.get(label.username) ?? `person-${origins.size + 1}`
    origins.set(label.username, origin)
    const [part, row] = rowOf(label, origin)
    await writeFile(join(folder, part, `${label.review}.jpg`), await archive.read(photo.name), FILE_MODE)
    rows[part].push(row)
    exported.photos++
  }
  for (const part of ['spoof', 'tasks'] as const) { await writeFile(join(folder, part, 'labels.csv'), `${rows[part].join('\n')}\n`, FILE_MODE) }
  return exported
}

function rowOf ({ review, reason, person, task }: ReviewLabel, origin: string): ['spoof' | 'tasks', string] {
  const approved = person === 'approved'
  if (reason === 'liveness_uncertain') return ['spoof', `${review}.jpg,${approved ? 'real' : 'spoof'},${origin}`]
  return ['tasks', `${review}.jpg,${approved ? task : 'none'},${origin},${approved ? '' : task}`]
}
