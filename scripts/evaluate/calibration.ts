/** Measures anew what `models/manifest.json` says of the embedder's face quality. */
import { createRecognisability } from '../../workers/recognisability.ts'
import type { Embedded } from '../../workers/face-embedder.ts'
import type { FaceEmbedderModel } from '../../src/models/manifest.ts'
import { cosine } from '../../src/verification/match.ts'
import { type Bench, lookAtAll } from './bench.ts'
import { quantile } from './error-rates.ts'
import { fitLogistic } from './logistic.ts'
import { lookAtKinds } from './recognisable-faces.ts'
import { plainKinds, spoiltKinds } from './spoilt-faces.ts'
import type { Table } from './table.ts'

type Calibration = NonNullable<FaceEmbedderModel['quality']>

interface Example extends Embedded { person: string, kind: string }

/** Ordinary photos of LFW that the threshold may refuse, 0..1. */
const REFUSED = 0.015
/** People of LFW besides the folder of people. */
const LFW_PEOPLE = 110
const FOLDS = 3

export async function evaluateCalibration (bench: Bench): Promise<Table[]> {
  const samples = await lookAtKinds(
    bench,
    [...Object.keys(plainKinds), ...Object.keys(spoiltKinds)],
    { lfwPeople: LFW_PEOPLE }
  )
  const examples = samples.flatMap(({ person, kind, look: { faces: [face] } }): Example[] =>
    face?.embedding == null ? [] : [{ person, kind, embedding: face.embedding, length: face.quality.length! }])
  const calibration = calibrate(examples)
  const lfw = (await lookAtAll(bench, 'ordinary faces', bench.photos.lfw)).flatMap(
    ({
      look: {
        faces: [face]
      }
    }) => (face?.embedding == null ? [] : [{ embedding: face.embedding, length: face.quality.length! }])
  )
  const score = createRecognisability(calibration)
  const threshold = quantile(lfw.map(face => score(face)!), REFUSED)

  return [{
    title: 'Face quality of the embedder in use, for models/manifest.json',
    note: `Threshold: refuses ${REFUSED * 100} % of the faces in ${lfw.length} photos of lfw.`,
    rows: [
      { entry: 'intercept', value: calibration.intercept },
      { entry: 'length', value: calibration.length },
      { entry: 'spoilt', value: calibration.spoilt },
      { entry: 'threshold', value: threshold },
      ...calibration.prototypes.map((value, i) => ({ entry: `prototype ${Object.keys(spoiltKinds)[i]}`, value }))
    ]
  }, {
    title: `Faces below that threshold, cross-validated by person in ${FOLDS} parts`,
    rows: crossValidate(examples, threshold ?? 0)
  }]
}

/** Fits the logistic function: plain and spoilt faces weigh the same, and within them every kind. */
export function calibrate (examples: readonly Example[]): Calibration {
  const kinds = Map.groupBy(examples, ({ kind }) => kind)
  const plain = mean(Object.keys(plainKinds).flatMap(kind => kinds.has(kind)
    ? [mean(kinds.get(kind)!.map(({ embedding }) => embedding))]
    : []))
  const prototypes = Object.keys(spoiltKinds).filter(kind => kinds.has(kind)).map(kind => {
    const direction = mean(kinds.get(kind)!.map(({ embedding }) => embedding)).map((value, i) => value - plain[i]!)
    const largest = direction.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
    return Buffer.from(Int8Array.from(direction, value => Math.round(127 * value / largest)).buffer).toString('base64')
  })
  const nearest = nearestPrototype(prototypes)
  const present = { plain: Object.keys(plainKinds).filter(kind => kinds.has(kind)).length, spoilt: prototypes.length }
  const [intercept = 0, length = 0, spoilt = 0] = fitLogistic(examples.map(example => {
    const good = example.kind in plainKinds
    const weight = examples.length / (2 * kinds.get(example.kind)!.length * (good ? present.plain : present.spoilt))
    return { inputs: [Math.log(example.length), nearest(example.embedding)], label: good ? 1 : 0, weight }
  }))
  const rounded = (value: number) => Math.round(value * 1e4) / 1e4
  return {
    intercept: rounded(intercept),
    length: rounded(length),
    spoilt: rounded(spoilt),
    prototypes,
    threshold: { value: 0, measured: '' }
  }
}

function nearestPrototype (prototypes: readonly string[]): (embedding: Float32Array) => number {
  const vectors = prototypes.map(text => {
    const numbers = Float32Array.from(new Int8Array(Buffer.from(text, 'base64')))
    const norm = Math.sqrt(cosine(numbers, numbers))
    return numbers.map(value => value / norm)
  })
  return embedding => Math.max(...vectors.map(vector => cosine(vector, embedding)))
}

function crossValidate (examples: readonly Example[], threshold: number) {
  const people = [...new Set(examples.map(({ person }) => person))].sort()
  const fold = new Map(people.map((person, i) => [person, i % FOLDS]))
  const scores = Array.from(
    { length: FOLDS },
    (_, part) => createRecognisability(calibrate(examples.filter(({ person }) => fold.get(person) !== part)))
  )
  return [...Map.groupBy(examples, ({ kind }) => kind)].map(([kind, faces]) => {
    const below = faces.filter(face => scores[fold.get(face.person)!]!(face)! < threshold).length
    return { kind, faces: faces.length, below, share: below / faces.length }
  })
}

function mean (vectors: readonly Float32Array[]): Float32Array {
  const sum = new Float32Array(vectors[0]!.length)
  for (const vector of vectors) vector.forEach((value, i) => { sum[i]! += value / vectors.length })
  return sum
}
