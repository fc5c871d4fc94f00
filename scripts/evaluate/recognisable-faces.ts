/** What the models see of people whose photos are spoilt in many ways. */
import { readFile } from 'node:fs/promises'
import sharp from 'sharp'
import type { Face } from '../../workers/types.ts'
import type { Bench } from './bench.ts'
import type { Look } from './observe.ts'
import type { PersonPhoto, PhotoSet } from './photo-set.ts'
import { allKinds } from './spoilt-faces.ts'

/** One face, spoilt in one way; null where the detector found none. */
export interface Sample { person: string, file: string, kind: string, look: Look, face: Face | null }

/** People of LFW with two photos, besides those of the folder of people. */
const LFW_PEOPLE = 110

/** All photos of the people, and two of each person of LFW who has two: the first ones by name, so that every run takes the same. */
export function samplePhotos ({ people, lfw }: PhotoSet): PersonPhoto[] {
  const known = new Set(people.map(({ person }) => person))
  const pairs = [...Map.groupBy(lfw.filter(({ person }) => !known.has(person)), ({ person }) => person).values()].filter(({ length }) => length >= 2)
  // Every third or so, so that not all names begin with A.
  const step = Math.max(1, Math.floor(pairs.length / LFW_PEOPLE))
  return [...people, ...pairs.filter((_, i) => i % step === 0).slice(0, LFW_PEOPLE).flatMap(photos => photos.slice(0, 2))]
}

/** Looks at every photo of the sample in every way. Photos without a face as they are are left out. */
export async function lookAtKinds ({ observer, photos, progress }: Bench, kinds = Object.keys(allKinds)): Promise<Sample[]> {
  const chosen = samplePhotos(photos)
  const step = progress('spoilt faces', chosen.length)
  const samples: Sample[] = []
  for (const { file, person } of chosen) {
    const upright = await observer.look(file)
    const [face] = upright.faces
    if (face !== undefined) {
      const photo = await sharp(await readFile(file)).autoOrient().png().toBuffer()
      const portrait = { width: upright.width, height: upright.height, box: face.box, points: face.points }
      for (const kind of kinds) {
        const look = kind === 'upright' ? upright : await observer.look(await allKinds[kind]!(photo, portrait))
        samples.push({ person, file, kind, look, face: look.faces[0] ?? null })
      }
    }
    step()
  }
  return samples
}
