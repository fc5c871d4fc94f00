/** Sequences of another order or another person: how often they pass. */
import { type ChallengeFrame, judgeChallenge } from '../../../src/challenge/judge.ts'
import { fits, type PoseName } from '../../../src/challenge/steps.ts'
import { MAX_SHOTS } from '../../../src/enrolment/template.ts'
import type { Bench } from '../bench.ts'
import { upperBound } from '../error-rates.ts'
import type { Table } from '../table.ts'
import { challenges, geometry, matcher, type Photo, type Sequence, templates } from './sequences.ts'

export function othersTable (
  { thresholds: { similarity } }: Bench,
  photos: readonly Photo[],
  sequences: readonly Sequence[]
): Table {
  const thresholds = { similarity, liveness: null }
  const people = [
    ...Map.groupBy(
      photos.filter(({ view }) => fits('centre', view.quality, view.quality.pitch)),
      ({ person }) => person
    )
  ]
  const passes = {
    order: [0, 0],
    person: [0, 0],
    turned: [0, 0],
    web: [0, 0]
  } satisfies Record<string, [number, number]>
  const count = (
    kind: keyof typeof passes,
    steps: readonly PoseName[],
    frames: ChallengeFrame[],
    template: Float32Array[]
  ) => {
    passes[kind][0]! += Number(judgeChallenge(steps, frames, matcher(template), thresholds).reasons.length === 0)
    passes[kind][1]!++
  }
  const one = [
    ...new Map(sequences.map(sequence => [`${sequence.person}${sequence.frames[0]!.file}`, sequence])).values()
  ]
  for (const sequence of one) {
    const own = templates(photos, sequence).slice(0, MAX_SHOTS)
    for (const steps of challenges) { if (steps.join() !== sequence.steps.join()) count('order', steps, geometry(sequence.frames), own) }
    if (!sequence.frames[0]!.session) {
      count(
        'web',
        sequence.steps,
        sequence.frames.map(({ frame }) => ({ ...frame, liveness: null })),
        own
      )
    }
    for (const [person, victim] of people) {
      if (person === sequence.person || victim[0]!.session !== sequence.frames[0]!.session) continue
      const template = victim.slice(0, MAX_SHOTS).map(({ view }) => view.embedding!)
      count('person', sequence.steps, geometry(sequence.frames), template)
      const mixed = sequence.frames.map((photo, i) =>
        ['left', 'right'].includes(sequence.steps[i]!)
          ? photo
          : {
              ...photo,
              view: victim[0]!.view,
              frame: { ...photo.frame, faces: [{ ...photo.view, embedding: victim[0]!.view.embedding }] }
            }
      )
      count('turned', sequence.steps, geometry(mixed), template)
    }
  }
  const row = (what: string, [passed, tried]: number[]) => ({
    what,
    sequences: tried!,
    passed: passed!,
    share: tried === 0 ? null : passed! / tried!,
    'below, 95 %': upperBound(passed!, tried!)
  })
  return {
    title: 'Challenges: wrong order and wrong person',
    note: 'Passive liveness left out; the surroundings as well, but for photos of one person from the web, which continuity has to find.',
    rows: [
      row('another order of the poses', passes.order),
      row('another person', passes.person),
      row('the user straight, another person turned', passes.turned),
      row('photos of the user from the web', passes.web)
    ]
  }
}
