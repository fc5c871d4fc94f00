/** Reviewed photos as a folder for `npm run evaluate` and `npm run tasks -- teach`, without the name of anybody. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Config } from '../config/config.ts'
import type { PhotoArchive } from '../storage/photo-archive.ts'
import type { Store } from '../storage/store.ts'
import type { ReviewLabel } from './labels.ts'
import { learnablePhotos, type LeftOut, taskLabelOf } from './learnable.ts'

export interface Exported extends LeftOut {
  photos: number
  /** Decisions that say neither whether a live person is seen nor whether the task is. */
  withoutLabel: number
}

const FILE_MODE = { mode: 0o600 }

type Row = ['spoof' | 'tasks', string]

/**
 * Writes spoof/labels.csv (live person or not) and tasks/labels.csv (task or not), each with its photos. Photos of one
 * user share an origin, which says nothing about who it is.
 */
export async function exportLabels (
  store: Store, archive: Pick<PhotoArchive, 'read'>, folder: string, config: Pick<Config, 'REQUIRE_CONSENT'>
): Promise<Exported> {
  const rows = { spoof: ['file,label,camera'], tasks: ['file,label,origin,hard_negative_for'] }
  const exported: Exported = { photos: 0, notKept: 0, withoutConsent: 0, withoutLabel: 0 }
  for (const part of ['spoof', 'tasks'] as const) await mkdir(join(folder, part), { recursive: true, mode: 0o700 })
  for await (const { label, origin, read } of learnablePhotos(store, archive, config, exported)) {
    const labelled = rowsOf(label, origin)
    const bytes = await read()
    for (const [part, row] of labelled) {
      await writeFile(join(folder, part, `${label.review}.jpg`), bytes, FILE_MODE)
      rows[part].push(row)
    }
    exported[labelled.length === 0 ? 'withoutLabel' : 'photos']++
  }
  for (const part of ['spoof', 'tasks'] as const) {
    await writeFile(join(folder, part, 'labels.csv'), `${rows[part].join('\n')}\n`, FILE_MODE)
  }
  return exported
}

function rowsOf (label: ReviewLabel, origin: string): Row[] {
  const { review, reason, person, task } = label
  const rows: Row[] = []
  if (reason === 'liveness_uncertain') {
    rows.push(['spoof', `${review}.jpg,${person === 'approved' ? 'real' : 'spoof'},${origin}`])
  }
  const shows = taskLabelOf(label)
  if (shows === 'yes') rows.push(['tasks', `${review}.jpg,${task},${origin},`])
  if (shows === 'near') rows.push(['tasks', `${review}.jpg,none,${origin},${task}`])
  return rows
}
