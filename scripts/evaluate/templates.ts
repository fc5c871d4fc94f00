/** Face comparison as the service decides it: enrolled templates against the best of the faces in a proof. */
import type { EmbeddingContract, Shot } from '../../src/storage/store.ts'
import { enrolmentFace, qualityProblem } from '../../src/enrolment/quality.ts'
import { changeTemplate } from '../../src/enrolment/template.ts'
import { templateMatcher } from '../../src/verification/match.ts'
import type { Thresholds } from '../../src/verification/thresholds.ts'
import { type Bench, lookAtAll } from './bench.ts'
import { shareAccepted, shareRejected, thresholdAtFmr, upperBound } from './error-rates.ts'
import type { Look } from './observe.ts'
import type { Table } from './table.ts'
import { embeddingContract } from '../../src/models/active-models.ts'

export interface Enrolled {
  person: string
  shots: Shot[]
  /** The person's photos that are not part of the template. */
  rest: Look[]
}

/** Enrolment photos a template; the service keeps 5. */
const shotCounts = [1, 2, 3, 5]
/** Faces of a crowd: as many as the service compares by default. */
const crowd = 10

export async function evaluateTemplates (bench: Bench): Promise<Table[]> {
  const { thresholds, models } = bench
  const threshold = thresholds.similarity
  const looks = await lookAtAll(bench, 'templates', [...bench.photos.people, ...bench.photos.lfw])
  const contract = embeddingContract(models)
  const unique = [...new Map(looks.map(photo => [photo.look.sha256, photo])).values()]
  const proofs = unique.filter(({ look }) => look.faces.some(({ embedding }) => embedding !== null))

  const step = bench.progress('templates against proofs', shotCounts.length)
  const rows = shotCounts.map(count => {
    const templates = enrolPeople(unique, count, contract, thresholds)
    const genuine: number[] = []
    const impostors: number[] = []
    const single: number[] = []
    const crowds: number[] = []
    for (const { person, shots, rest } of templates.enrolled) {
      const match = templateMatcher(shots)
      const score = ({ faces }: Look) => Math.max(
        -1,
        ...faces.map(({ embedding }) => embedding === null ? -1 : match(embedding))
      )
      genuine.push(...rest.map(score))
      let gathered: number[] = []
      for (const proof of proofs) {
        if (proof.person === person) continue
        const best = score(proof.look)
        impostors.push(best)
        if (proof.look.faces.length > 1) continue
        single.push(best)
        gathered.push(best)
        if (gathered.length < crowd) continue
        crowds.push(Math.max(...gathered))
        gathered = []
      }
    }
    step()
    return {
      shots: count,
      templates: templates.enrolled.length,
      refused: templates.refused,
      genuine: genuine.length,
      FNMR: shareRejected(genuine, threshold),
      'one-face proofs': single.length,
      FMR: shareAccepted(single, threshold),
      'any proofs': impostors.length,
      'FMR any': shareAccepted(impostors, threshold),
      [`FMR ${crowd} faces`]: shareAccepted(crowds, threshold),
      'at FMR 1e-3': thresholdAtFmr(single, 1e-3),
      'at FMR 1e-3, crowd': thresholdAtFmr(crowds, 1e-3),
      'FMR 95 % below':
        shareAccepted(single, threshold) === null
          ? null
          : upperBound(Math.round(shareAccepted(single, threshold)! * single.length), single.length)
    }
  })
  return [
    {
      title: `Templates against proofs, similarity >= ${threshold}`,
      note:
        'A template is the best of the centroid and its shots; a proof counts with the best of its faces. Refused: people whose photos the enrolment does not accept.\n' +
        `${crowd} faces: one-face proofs of ${crowd} strangers taken as one photo.`,
      rows
    }
  ]
}

/** Enrols everyone with at least `count` photos by the service's own rules, from the first usable ones. */
export function enrolPeople (
  photos: readonly { person: string, look: Look }[],
  count: number,
  contract: EmbeddingContract,
  thresholds: Thresholds
): { enrolled: Enrolled[], refused: number } {
  const enrolled: Enrolled[] = []
  let refused = 0
  for (const [person, own] of Map.groupBy(photos, photo => photo.person)) {
    if (own.length < count) continue
    const usable = own.flatMap(({ look }) => {
      const shot = usableShot(look, thresholds.quality)
      return shot === null ? [] : [{ look, shot }]
    }).slice(0, count)
    const shots = usable.length < count ? null : template(usable.map(({ shot }) => shot), contract, thresholds)
    if (shots === null) refused++
    else {
      enrolled.push({
        person,
        shots,
        rest: own.map(({ look }) => look).filter(look => !usable.some(used => used.look === look))
      })
    }
  }
  return { enrolled, refused }
}

/** The shot that an enrolment photo gives; null when it is refused. */
export function usableShot ({ faces, sha256 }: Look, quality: number): Shot | null {
  const found = enrolmentFace(faces, quality)
  if ('rejection' in found || found.face.embedding === null || qualityProblem(found.face, quality) !== null) return null
  return { sha256, embedding: found.face.embedding, createdAt: '' }
}

function template (shots: Shot[], contract: EmbeddingContract, thresholds: Thresholds): Shot[] | null {
  try {
    return changeTemplate(
      null,
      shots.map((shot, index) => ({ index, filename: '', shot })),
      contract,
      thresholds
    ).enrolment.shots
  } catch {
    return null
  }
}
