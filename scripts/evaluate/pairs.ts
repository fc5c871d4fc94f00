/** Face comparison photo by photo: the listed pairs, and every pair of photos in the folder. */
import { basename } from 'node:path'
import type { Face } from '../../workers/types.ts'
import { cosine } from '../../src/verification/match.ts'
import { type Bench, lookAtAll } from './bench.ts'
import { accuracyAt, bestAccuracy, shareAccepted, shareRejected, thresholdAtFmr } from './error-rates.ts'
import type { Look } from './observe.ts'
import type { Table } from './table.ts'

/** "Same" pairs of LFW's development list that show two people, by eye. */
const mislabelled = ['Elisabeth_Schumacher_0001', 'Cristina_Fernandez_0001', 'Janica_Kostelic_0001']

export async function evaluatePairs (bench: Bench): Promise<Table[]> {
  const { photos, thresholds: { similarity: threshold } } = bench
  const looks = await lookAtAll(bench, 'faces of lfw', photos.lfw)
  const faces = looks.map(({ file, person, look }) => ({ file, person, embedding: portrayed(look)?.embedding ?? null }))
  const byFile = new Map(faces.map(face => [face.file, face.embedding]))

  const listed = { genuine: [] as number[], impostors: [] as number[], corrected: [] as number[], lost: 0 }
  for (const { a, b, same } of photos.pairs) {
    const [first, second] = [byFile.get(a), byFile.get(b)]
    if (!first || !second) {
      listed.lost++
      continue
    }
    const score = cosine(first, second)
    if (!same) listed.impostors.push(score)
    else listed.genuine.push(score)
    if (same && !mislabelled.includes(basename(a, '.jpg'))) listed.corrected.push(score)
  }
  const all = everyPair(faces.flatMap(({ person, embedding }) => embedding === null ? [] : [{ person, embedding }]))

  const missed = faces.filter(({ embedding }) => embedding === null).map(({ file }) => basename(file))
  return [
    {
      title: 'Faces found',
      rows: [
        {
          photos: faces.length,
          'no face': missed.length,
          'failure to enrol': faces.length === 0 ? null : missed.length / faces.length,
          which: missed.slice(0, 10).join(' ')
        }
      ]
    },
    {
      title: 'Listed pairs: accuracy',
      note: 'Without the pairs that show two people although the list says one (known errors of LFW).',
      rows: [
        { labels: 'as listed', genuine: listed.genuine },
        { labels: 'corrected', genuine: listed.corrected }
      ]
        .filter(({ genuine }) => genuine.length > 0 && listed.impostors.length > 0)
        .map(({ labels, genuine }) => {
          const best = bestAccuracy(genuine, listed.impostors)
          return {
            labels,
            same: genuine.length,
            different: listed.impostors.length,
            'not compared': listed.lost,
            'best accuracy': best.accuracy,
            at: best.threshold,
            'accuracy in use': accuracyAt(genuine, listed.impostors, threshold),
            threshold,
            FMR: shareAccepted(listed.impostors, threshold),
            FNMR: shareRejected(genuine, threshold)
          }
        })
    },
    {
      title: 'Thresholds by false match rate',
      rows: [
        { pairs: 'listed', genuine: listed.genuine, impostors: listed.impostors },
        { pairs: 'all of the folder', ...all }
      ].flatMap(({ pairs, genuine, impostors }) =>
        [1e-2, 1e-3, 1e-4, 1e-5, null].map(rate => {
          const at = rate === null ? threshold : thresholdAtFmr(impostors, rate)
          return {
            pairs,
            same: genuine.length,
            different: impostors.length,
            aim: rate === null ? 'in use' : `FMR ${rate.toExponential(0)}`,
            threshold: at,
            FMR: at === null ? null : shareAccepted(impostors, at),
            FNMR: at === null ? null : shareRejected(genuine, at)
          }
        })
      )
    }
  ]
}

/** The face that a photo of LFW is named after: the one nearest to the middle. */
function portrayed ({ faces, width, height }: Look): Face | undefined {
  const offset = ({ box }: Face) => Math.hypot((box[0] + box[2] - width) / 2, (box[1] + box[3] - height) / 2)
  return faces.filter(({ embedding }) => embedding !== null).sort((a, b) => offset(a) - offset(b))[0]
}

function everyPair (faces: readonly {
  person: string,
  embedding: Float32Array
}[]): { genuine: number[], impostors: number[] } {
  const genuine: number[] = []
  const impostors: number[] = []
  faces.forEach((a, i) => {
    for (let j = 0; j < i; j++) {
      const b = faces[j]!
      const scores = a.person === b.person ? genuine : impostors
      scores.push(cosine(a.embedding, b.embedding))
    }
  })
  return { genuine, impostors }
}
