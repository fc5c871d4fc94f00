/** Challenges: real sequences of people who are photographed in several poses, and attacks that are made exactly. */
import { readFile } from 'node:fs/promises'
import sharp from 'sharp'
import { type ChallengeFrame, challengeThresholds, judgeChallenge } from '../../src/challenge/judge.ts'
import { parallax } from '../../src/challenge/parallax.ts'
import { eyeSpan, fits, limits, type PoseName, restingPitch, shows } from '../../src/challenge/steps.ts'
import { MAX_SHOTS } from '../../src/enrolment/template.ts'
import { cosine } from '../../src/verification/match.ts'
import { LIVENESS_FLOOR } from '../../src/challenge/services.ts'
import { pictureOf } from '../../workers/pixels.ts'
import type { Face, Frame } from '../../workers/types.ts'
import { random } from '../../test/helpers/random.ts'
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

/** One-face photos of people, and of the sessions at one webcam. */
async function photosInPoses ({ inference, photos, progress, maxPixels }: Bench): Promise<Photo[]> {
  const files = [
    ...[...photos.people, ...photos.lfw].map(photo => ({ ...photo, session: false })),
    ...photos.sessions.map(photo => ({ ...photo, session: true }))
  ]
  const step = progress('poses', files.length)
  const found: Photo[] = []
  const seen = new Set<string>()
  for (const { file, person, session } of files) {
    step()
    const { frame } = await inference.decode({ bytes: await readFile(file), maxPixels })
    if (frame === undefined) continue
    const faces = await inference.faces({ frame, embedLimit: 1, landmarks: true })
    const [face] = faces
    if (face?.landmarks === undefined || face.embedding === null || eyeSpan(face.landmarks) < limits.profile) continue
    const key = face.embedding.join()
    if (seen.has(key)) continue
    seen.add(key)
    const { box } = face
    found.push({
      file,
      person,
      session,
      view: face as View,
      frame: {
        sha256: file,
        // Who else is in a photo from the web says nothing about a person at a camera.
        faces: [face],
        liveness: session ? (await inference.liveness({ frame, box })).score : null,
        surroundings: await inference.surroundings({ frame, box })
      }
    })
  }
  return found
}

/** For each challenge the frames of one person that do what it asks, if there are such. */
function realSequences (own: Photo[]): Sequence[] {
  const centres = own.filter(({ view }) => fits('centre', view.quality, view.quality.pitch))
  return challenges.flatMap(steps => centres.slice(0, 12).flatMap((straight): Sequence[] => {
    const used = new Set<Photo>([straight])
    const sides = (['left', 'right'] as const).flatMap(
      step => own.find(photo => photo !== straight && fits(step, photo.view.quality, 0))?.view.quality ?? []
    )
    const rest = restingPitch(sides)
    const frames = steps.map(step => {
      if (step === 'centre') return straight
      const next = own.find(photo => !used.has(photo) && shows(step, photo.view.quality, straight.view.quality, rest))
      if (next !== undefined) used.add(next)
      return next
    })
    return frames.every(frame => frame !== undefined) ? [{ person: straight.person, steps, frames }] : []
  }))
}

const geometry = (frames: readonly Photo[]): ChallengeFrame[] => frames.map(({ frame }) => ({
  ...frame,
  surroundings: frames[0]!.frame.surroundings,
  liveness: null
}))

function templates (photos: readonly Photo[], sequence: Sequence): Float32Array[] {
  return photos.filter(photo => photo.person === sequence.person &&
    !sequence.frames.includes(photo) &&
    Math.abs(photo.view.quality.yaw) < 12)
    .map(({ view }) => view.embedding!)
}

const matcher = (template: readonly Float32Array[]) => (embedding: Float32Array) => Math.max(
  -1,
  ...template.map(shot => cosine(shot, embedding))
)

function realTable (
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

function othersTable (
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
    note: 'Passive liveness left out; the surroundings as well, but for photos of one person from the web, which continuity has to tell.',
    rows: [
      row('another order of the poses', passes.order),
      row('another person', passes.person),
      row('the user straight, another person turned', passes.turned),
      row('photos of the user from the web', passes.web)
    ]
  }
}

/** Each print in many positions; the attacker has the luck to show the best one for every step. */
async function sheetsTable ({ inference, progress, maxPixels }: Bench, photos: readonly Photo[]): Promise<Table> {
  const upright = photos.filter(({ view }) => Math.abs(view.quality.yaw) < 25)
  const chosen = upright.filter((_, i) => i % Math.ceil(upright.length / prints) === 0)
  const step = progress('prints', chosen.length)
  const totals = { flat: [0, 0, 0, 0], bent: [0, 0, 0, 0] }
  for (const [index, { file, view }] of chosen.entries()) {
    const { frame } = await inference.decode({ bytes: await readFile(file), maxPixels })
    const kept: Frame = { ...frame!, pixels: frame!.pixels.slice(0) }
    for (const kind of ['flat', 'bent'] as const) {
      const views: View[] = []
      for (const sheet of kind === 'flat' ? flatSheets(index) : bentSheets(index)) {
        const [face] = await inference.faces({
          frame: photographSheet(pictureOf(kept), view.box, sheet),
          embedLimit: 0,
          landmarks: true
        })
        if (face?.landmarks !== undefined) views.push({ ...face, embedding: Float32Array.of(1) } as View)
      }
      const total = totals[kind]
      for (const steps of challenges) {
        total[0]!++
        const { checks, reasons } = judgeChallenge(
          steps,
          luckyFrames(steps, views),
          () => 1,
          { similarity: 0.5, liveness: null }
        )
        total[1]! += Number(checks.poses.outcome === 'passed')
        total[2]! += Number(reasons.length === 0)
      }
      total[3]! += views.length
    }
    step()
  }
  return {
    title: 'Challenges: prints that are turned and bent',
    note: 'Each print in many positions at 1.5 to 5 face widths; of these the attacker shows the best one for every step. Only poses and parallax are judged, as if the print passed for the live user.',
    rows: Object.entries(totals).map(([kind, [sequences, poses, passed, views]]) => ({
      kind,
      prints: chosen.length,
      views: views!,
      sequences: sequences!,
      'poses seen': poses!,
      passed: passed!,
      share: passed! / sequences!,
      'below, 95 %': upperBound(passed!, sequences!)
    }))
  }
}

/** The view that comes nearest to each pose. */
function luckyFrames (steps: readonly PoseName[], views: readonly View[]): ChallengeFrame[] {
  const straight = views.toSorted((a, b) => Math.abs(a.quality.yaw) - Math.abs(b.quality.yaw))[0]
  const measure: Record<PoseName, (view: View) => number> = {
    left: ({ quality }) => quality.yaw,
    right: ({ quality }) => -quality.yaw,
    up: ({ quality: { yaw, pitch } }) => -pitch - 10 * Math.max(0, Math.abs(yaw) - 15),
    down: ({ quality: { yaw, pitch } }) => pitch - 10 * Math.max(0, Math.abs(yaw) - 15),
    centre: view => view === straight ? 1 : 0
  }
  return steps.flatMap((step, i) => {
    const [best] = views.toSorted((a, b) => measure[step](b) - measure[step](a))
    return best === undefined ? [] : [{ sha256: `${i}`, faces: [best], liveness: null, surroundings: null }]
  })
}

function flatSheets (seed: number): Sheet[] {
  const next = random(seed + 1)
  const jitter = () => 10 * next() - 5
  const flat = { radius: null, axis: 'upright' } as const
  return [1.5, 2.5, 5].flatMap(distance => [
    { ...flat, yaw: 0, pitch: 0, distance },
    ...[-45, -30, -15, 15, 30, 45].flatMap(angle => [
      { ...flat, yaw: angle + jitter(), pitch: jitter(), distance },
      { ...flat, yaw: jitter(), pitch: angle + jitter(), distance }
    ])
  ])
}

function bentSheets (seed: number): Sheet[] {
  const next = random(seed + 7919)
  return Array.from({ length: 30 }, (_, i) => ({
    radius: (0.5 + 1.2 * next()) * (i % 4 === 3 ? -1 : 1),
    axis: i % 3 === 2 ? 'level' : 'upright',
    yaw: (2 * next() - 1) * 35,
    pitch: (2 * next() - 1) * (i % 2 === 0 ? 8 : 30),
    distance: [1.5, 2.5, 5][i % 3]!
  }))
}

/** What one photo gives without a camera: zoomed, shifted, mirrored, stretched. */
async function onePhotoTable ({ inference, progress, maxPixels }: Bench, photos: readonly Photo[]): Promise<Table> {
  const chosen = photos.filter((_, i) => i % Math.ceil(photos.length / 60) === 0)
  const step = progress('one photo', chosen.length)
  let [sequences, passed] = [0, 0]
  for (const { file, view } of chosen) {
    const upright = sharp(await readFile(file)).autoOrient()
    const { width, height } = (await upright.toBuffer({ resolveWithObject: true })).info
    const ways = [
      upright.clone(),
      upright.clone().flop(),
      upright.clone().resize(Math.round(width * 1.3), height, { fit: 'fill' }),
      upright.clone().resize(width, Math.round(height * 1.3), { fit: 'fill' }),
      upright.clone().rotate(12),
      upright
        .clone()
        .flop()
        .resize(Math.round(width * 0.75), height, { fit: 'fill' }),
      upright.clone().resize(width, Math.round(height * 0.75), { fit: 'fill' })
    ]
    const views: View[] = [view]
    for (const way of ways) {
      const { frame } = await inference.decode({ bytes: await way.jpeg({ quality: 92 }).toBuffer(), maxPixels })
      const [face] = await inference.faces({ frame: frame!, embedLimit: 0, landmarks: true })
      if (face?.landmarks !== undefined) views.push({ ...face, embedding: Float32Array.of(1) } as View)
    }
    for (const steps of challenges) {
      sequences++
      const frames = luckyFrames(steps, views.map(view => ({ ...view, embedding: Float32Array.of(1) })))
      passed += Number(judgeChallenge(steps, frames, () => 1, { similarity: 0.5, liveness: null }).reasons.length === 0)
    }
    step()
  }
  return {
    title: 'Challenges: one photo, mirrored, stretched and rotated',
    rows: [
      {
        photos: chosen.length,
        sequences,
        passed,
        share: passed / sequences,
        'below, 95 %': upperBound(passed, sequences)
      }
    ]
  }
}

function permutations<T> (items: readonly T[]): T[][] {
  if (items.length === 0) return [[]]
  return items.flatMap((item, i) => permutations(items.toSpliced(i, 1)).map(rest => [item, ...rest]))
}
