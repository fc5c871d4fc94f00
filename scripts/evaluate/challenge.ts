/** Challenges: real sequences of people who are photographed in several poses, and attacks that are made exactly. */
import type { Bench } from './bench.ts'
import { onePhotoTable } from './challenge/one-photo.ts'
import { othersTable } from './challenge/others.ts'
import { printsTable } from './challenge/prints.ts'
import { realTable } from './challenge/real.ts'
import { photosInPoses, realSequences } from './challenge/sequences.ts'
import type { Table } from './table.ts'

export async function evaluateChallenges (bench: Bench): Promise<Table[]> {
  if (!bench.inference.report().landmarks) { return [{ title: 'Challenges', note: 'The face detector gives five points only.', rows: [] }] }
  const photos = await photosInPoses(bench)
  const sequences = [...Map.groupBy(photos, ({ person }) => person).values()].flatMap(realSequences)
  return [
    realTable(bench, photos, sequences),
    othersTable(bench, photos, sequences),
    await printsTable(bench, photos),
    await onePhotoTable(bench, photos)
  ]
}
