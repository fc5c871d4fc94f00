/** What the models see of people whose photos are spoilt in many ways. */
import { readFile } from 'node:fs/promises'
import sharp from 'sharp'
import type { Bench } from './bench.ts'
import type { Look } from './observe.ts'
import type { PersonPhoto, PhotoSet } from './photo-set.ts'
import { allKinds } from './spoilt-faces.ts'

/** One photo of a person, spoilt in one way. */
export interface Sample { person: string, file: string, kind: string, look: Look }

export interface SampleOptions {
  /** People of LFW with two photos, besides those of the folder of people. */
  lfwPeople: number
  /** Turns photos upright when no face reaches this quality, as the service does; absent: looks at them as they are. */
  quality?: number
}

/** All photos of the people, and two of each person of LFW who has two: every run takes the same. */
export function samplePhotos ({ people, lfw }: PhotoSet, lfwPeople: number): PersonPhoto[] {
  const known = new Set(people.map(({ person }) => person))
  const pairs = [...Map.groupBy(
    lfw.filter(({ person }) => !known.has(person)),
    ({ person }) => person
  ).values()].filter(({ length }) => length >= 2)
  // From the whole alphabet.
  const step = Math.max(1, Math.floor(pairs.length / lfwPeople))
  return [
    ...people,
    ...pairs.filter((_, i) => i % step === 0).slice(0, lfwPeople).flatMap(photos => photos.slice(0, 2))
  ]
}

/** Looks at every photo of the sample in every way. Photos without a face as they are are left out. */
export async function lookAtKinds (
  { observer, photos, progress }: Bench,
  kinds: readonly string[],
  { lfwPeople, quality }: SampleOptions
): Promise<Sample[]> {
  const chosen = samplePhotos(photos, lfwPeople)
  const step = progress('spoilt faces', chosen.length)
  const samples: Sample[] = []
  for (const { file, person } of chosen) {
    const plain = await observer.look(file)
    const [face] = plain.faces
    if (face !== undefined) {
      const photo = await sharp(await readFile(file)).autoOrient().png().toBuffer()
      const portrait = { width: plain.width, height: plain.height, box: face.box, points: face.points }
      for (const kind of kinds) {
        const bytes = kind === 'upright' ? await readFile(file) : await allKinds[kind]!(photo, portrait)
        samples.push({ person, file, kind, look: await observer.look(bytes, quality) })
      }
    }
    step()
  }
  return samples
}
