/**
 * How many strangers pass with faces that were spoilt on purpose, and whether turned photos are verified like upright
 * ones.
 */
import type { Face } from '../../workers/types.ts'
import { enrolmentFace, qualityProblem } from '../../src/enrolment/quality.ts'
import { isRecognisable } from '../../src/inference/find-faces.ts'
import { cosine } from '../../src/verification/match.ts'
import { MIN_FACE_PX } from '../../src/verification/evidence.ts'
import type { Thresholds } from '../../src/verification/thresholds.ts'
import type { Bench } from './bench.ts'
import { wilsonInterval } from './error-rates.ts'
import { lookAtKinds, type Sample } from './recognisable-faces.ts'
import { allKinds, doubtfulKinds, plainKinds } from './spoilt-faces.ts'
import type { Cell, Table } from './table.ts'

/** People of LFW besides the folder of people: every kind looks at each photo up to five times. */
const LFW_PEOPLE = 20

export async function evaluateFaceQuality (bench: Bench): Promise<Table[]> {
  const { quality, similarity } = bench.thresholds
  const samples = await lookAtKinds(bench, Object.keys(allKinds), { lfwPeople: LFW_PEOPLE, quality })
  const upright = samples.filter(({ kind }) => kind === 'upright')
  const judged = [...Map.groupBy(samples, ({ kind }) => kind)].map(([kind, photos]) => ({
    kind,
    photos: photos.length,
    ...judgeKind(photos, upright, bench.thresholds)
  }))
  const spoilt = judged.filter(({ kind }) => !(kind in plainKinds))
  const sum = (field: 'photos' | 'enrolled' | 'unclear' | 'own' | 'verified' | 'attempts' | 'passed') =>
    spoilt.reduce((total, row) => total + row[field], 0)
  const together = {
    kind: 'all spoilt',
    photos: sum('photos'),
    enrolled: sum('enrolled'),
    unclear: sum('unclear'),
    own: sum('own'),
    verified: sum('verified'),
    attempts: sum('attempts'),
    passed: sum('passed')
  }
  return [
    {
      title: `Faces that were spoilt on purpose: quality >= ${quality}, similarity >= ${similarity}`,
      note:
        'Refused: at enrolment, for whatever reason. Verified: proofs of enrolled people spoilt so, against another photo of theirs as it is.\n' +
        'Unclear: of those refused, for the face quality alone. Strangers pass: enrolled from a photo spoilt so, attempted with the photos of all others spoilt alike. ' +
        `${Object.keys(doubtfulKinds).join(', ')} degrees are recognised in part. Intervals: Wilson, 95 %.`,
      rows: [...judged, together].map(({ kind, photos, enrolled, unclear, own, verified, attempts, passed }) => ({
        kind,
        photos,
        refused: 1 - enrolled / photos,
        unclear: unclear / photos,
        verified: own === 0 ? null : verified / own,
        ...interval('verified', verified, own),
        attempts,
        'strangers pass': passed,
        rate: attempts === 0 ? null : passed / attempts,
        ...interval('rate', passed, attempts)
      }))
    }
  ]
}

/** By the decisions of the service: its enrolment rules, and the best of the faces that a verification compares. */
function judgeKind (photos: Sample[], upright: Sample[], { quality, similarity }: Thresholds) {
  const compared = ({ look: { faces } }: Sample) => faces.filter(face => face.quality.size >= MIN_FACE_PX &&
    isRecognisable(face, quality))
  const matches = (
    template: Float32Array,
    faces: Face[]
  ) => faces.some(({ embedding }) => cosine(template, embedding!) >= similarity)
  const problem = ({ look: { faces } }: Sample) => {
    const found = enrolmentFace(faces, quality)
    return 'face' in found ? qualityProblem(found.face, quality)?.code ?? null : found.rejection.code
  }
  const template = (photo: Sample) => problem(photo) === null ? photo.look.faces[0]!.embedding : null
  const proofs = photos.map(photo => ({ ...photo, faces: compared(photo) }))
  const templates = photos.filter(photo => template(photo) !== null).length
  const unclear = photos.filter(photo => problem(photo) === 'face_unclear').length
  let [own, verified, attempts, passed] = [0, 0, 0, 0]
  for (const enrolled of photos) {
    const stored = template(enrolled)
    if (stored === null) continue
    for (const { person, faces } of proofs) {
      if (person === enrolled.person) continue
      attempts++
      if (matches(stored, faces)) passed++
    }
  }
  for (const { person, file, faces } of proofs) {
    const stored = upright
      .filter(other => other.person === person && other.file !== file)
      .map(template)
      .find(embedding => embedding !== null)
    if (stored === undefined) continue
    own++
    if (matches(stored!, faces)) verified++
  }
  return { enrolled: templates, unclear, own, verified, attempts, passed }
}

function interval (name: string, count: number, trials: number): Record<string, Cell> {
  const found = wilsonInterval(count, trials)
  return { [`${name} from`]: found?.[0] ?? null, [`${name} to`]: found?.[1] ?? null }
}
