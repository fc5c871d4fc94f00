/** What the enrolment rules make of ordinary photos, and of photos that were spoilt on purpose. */
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import sharp, { type Sharp } from 'sharp'
import type { Face, FaceQuality } from '../../workers/types.ts'
import { enrolmentFace, qualityProblem } from '../../src/enrolment/quality.ts'
import { type Bench, lookAtAll } from './bench.ts'
import { quantile } from './error-rates.ts'
import type { Look } from './observe.ts'
import type { Table } from './table.ts'

const metrics = [
  'size',
  'sharpness',
  'brightness',
  'yaw',
  'pitch',
  'roll',
  'inside',
  'length',
  'score'
] as const satisfies (keyof FaceQuality)[]
const shares = [0, 0.005, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 0.995, 1]

export async function evaluateQuality (bench: Bench): Promise<Table[]> {
  const sets = {
    people: await lookAtAll(bench, 'quality of people', bench.photos.people),
    lfw: await lookAtAll(bench, 'quality of lfw', bench.photos.lfw)
  }
  const { quality } = bench.thresholds
  const spoilt = await spoil(bench, sets.people)
  return [
    {
      title: 'Quality of ordinary faces: value below which a share of them lies',
      note: 'The largest face of each photo.',
      rows: Object.entries(sets).flatMap(([name, photos]) =>
        metrics.map(metric => ({
          photos: name,
          metric,
          ...percentiles(photos, metric)
        }))
      )
    },
    {
      title: 'Enrolment of ordinary photos',
      rows: Object.entries(sets).map(([name, photos]) => ({
        photos: name,
        ...refusals(
          photos.map(({ look }) => look),
          quality
        )
      }))
    },
    {
      title: 'Ordinary photos of lfw with a face that enrolment refuses',
      rows: sets.lfw
        .flatMap(({ file, look }) => {
          const code = refusal(look, quality)
          return code === 'accepted' || code === 'no_face' || code === 'multiple_faces'
            ? []
            : [{ photo: basename(file), code, ...rounded(look.faces[0]!.quality) }]
        })
        .slice(0, 40)
    },
    {
      title: 'Enrolment of spoilt photos',
      note: 'Made from the photos of people that are accepted as they are.',
      rows: spoilt.map(({ how, looks }) => ({
        how,
        ...refusals(looks, quality),
        ...Object.fromEntries(
          (['sharpness', 'brightness', 'inside'] as const).map(metric => [
            metric,
            quantile(
              looks.flatMap(({ faces }) => faces[0]?.quality[metric] ?? []),
              0.5
            )
          ])
        )
      }))
    }
  ]
}

function percentiles (photos: { look: Look }[], metric: keyof FaceQuality): Record<string, number | null> {
  const values = photos.flatMap(({ look }) => look.faces[0]?.quality[metric] ?? [])
  return Object.fromEntries(shares.map(share => [`${share * 100} %`, quantile(values, share)]))
}

function rounded (quality: FaceQuality): Record<string, number> {
  return Object.fromEntries(metrics.map(metric => [metric, Number((quality[metric] ?? 0).toPrecision(3))]))
}

function refusal ({ faces }: Look, quality: number): string {
  const found = enrolmentFace(faces, quality)
  return 'rejection' in found ? found.rejection.code : qualityProblem(found.face, quality)?.code ?? 'accepted'
}

function refusals (looks: Look[], quality: number): Record<string, string | number> {
  const codes = looks.map(look => refusal(look, quality))
  const count = [
    ...Map.groupBy(
      codes.filter(code => code !== 'accepted'),
      code => code
    )
  ].map(([code, { length }]) => `${code} ${length}`)
  return {
    count: looks.length,
    accepted: codes.filter(code => code === 'accepted').length,
    refused: count.sort().join(', ')
  }
}

/** Ways to spoil a photo, in measures of the face. */
const ways: Record<string, (photo: Sharp, face: Face, size: Look) => Sharp> = {
  'blurred, sigma = face / 40': (photo, face) => photo.blur(width(face) / 40),
  'blurred, sigma = face / 30': (photo, face) => photo.blur(width(face) / 30),
  'blurred, sigma = face / 20': (photo, face) => photo.blur(width(face) / 20),
  'darkened to a third': photo => photo.linear(1 / 3, 0),
  'darkened to a sixth': photo => photo.linear(1 / 6, 0),
  'overexposed, x 2': photo => photo.linear(2, 0),
  'overexposed, x 3 + 40': photo => photo.linear(3, 40),
  'turned by 45 degrees': photo => photo.rotate(45, { background: '#808080' }),
  'turned by 90 degrees': photo => photo.rotate(90),
  'left third of the face cut off': (photo, { box }, size) =>
    cut(photo, size, { left: Math.round(box[0] + width({ box }) / 3) }),
  'chin cut off': (photo, { box }, size) => cut(photo, size, { bottom: Math.round(box[3] - (box[3] - box[1]) / 3) })
}

async function spoil (bench: Bench, photos: { file: string, look: Look }[]): Promise<{ how: string, looks: Look[] }[]> {
  const good = photos.filter(({ look }) => refusal(look, bench.thresholds.quality) === 'accepted')
  const step = bench.progress('spoilt photos', good.length * Object.keys(ways).length)
  const spoilt = []
  for (const [how, change] of Object.entries(ways)) {
    const looks = []
    for (const { file, look } of good) {
      const bytes = await change(sharp(await readFile(file)).autoOrient(), look.faces[0]!, look).png().toBuffer()
      looks.push(await bench.observer.look(bytes))
      step()
    }
    spoilt.push({ how, looks })
  }
  return spoilt
}

function width ({ box }: Pick<Face, 'box'>): number {
  return box[2] - box[0]
}

function cut (photo: Sharp, size: Look, { left = 0, bottom = size.height }: { left?: number, bottom?: number }): Sharp {
  return photo.extract({ left, top: 0, width: size.width - left, height: Math.min(bottom, size.height) })
}
