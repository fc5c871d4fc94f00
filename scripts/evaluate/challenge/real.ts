/** Real sequences: how often people who do what is asked are refused. */
import { challengeThresholds, judgeChallenge } from '../../../src/challenge/judge.ts'
import { parallax } from '../../../src/challenge/parallax.ts'
import { LIVENESS_FLOOR } from '../../../src/challenge/services.ts'
import { MAX_SHOTS } from '../../../src/enrolment/template.ts'
import type { Bench } from '../bench.ts'
import { quantile } from '../error-rates.ts'
import type { Table } from '../table.ts'
import { challenges, geometry, matcher, type Photo, type Sequence, templates } from './sequences.ts'

export function realTable (
  { thresholds: { similarity } }: Bench,
  photos: readonly Photo[],
  sequences: readonly Sequence[]
): Table {
  const rows = [false, true].map(session => {
    const own = sequences.filter(({ frames }) => frames[0]!.session === session)
    const results = own.flatMap(sequence => {
      const template = templates(photos, sequence)
      if (template.length === 0) return []
      const frames = session ? sequence.frames.map(({ frame }) => frame) : geometry(sequence.frames)
      return [judgeChallenge(
        sequence.steps,
        frames,
        matcher(template.slice(0, MAX_SHOTS)),
        { similarity, liveness: session ? LIVENESS_FLOOR : null }
      )]
    })
    const because = (reason: string) => results.filter(({ reasons }) => (reasons as string[]).includes(reason)).length
    const residuals = own.map(({ steps, frames }) =>
      parallax(frames[steps.indexOf('left')]!.view.landmarks, frames[steps.indexOf('right')]!.view.landmarks)
    )
    return {
      frames: session ? 'sessions at a webcam, all checks' : 'photos from the web: poses, identity, parallax',
      people: new Set(own.map(({ person }) => person)).size,
      sequences: results.length,
      refused: results.length === 0
        ? null
        : results.filter(({ reasons }) => reasons.length > 0).length / results.length,
      pose_missed: because('pose_missed'),
      face_mismatch: because('face_mismatch'),
      flat_face: because('flat_face'),
      not_live: because('not_live'),
      scene_changed: because('scene_changed'),
      'least parallax': quantile(residuals, 0)
    }
  })
  return {
    title: 'Challenges: real sequences',
    note: `Frames that show the poses, for each of the ${challenges.length} challenges; the template is of other photos. Parallax needed: ${challengeThresholds.parallax}.`,
    rows
  }
}
