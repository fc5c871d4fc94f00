/** The photos that the documents and the Postman collection speak of, made from the sample photos. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { changed, covered, drawing, portrait, samplePhoto } from './photos.ts'

const MIB = 1024 * 1024

const makers: Record<string, () => Promise<Buffer>> = {
  'one.jpg': () => portrait('anna1'),
  'two.jpg': () => portrait('anna3'),
  // The enrolment photo, saved again.
  'one-again.jpg': async () => changed(await portrait('anna1'), image => image.resize(300).jpeg({ quality: 60 })),
  'proof.jpg': () => samplePhoto(3),
  // With the white rim of a print.
  'spoof.jpg': async () =>
    changed(await portrait('anna3'), image =>
      image.extend({ top: 40, bottom: 40, left: 40, right: 40, background: '#ddd' })
    ),
  // Without colours the liveness model is not sure.
  'unsure.jpg': async () => changed(await portrait('anna3'), image => image.greyscale()),
  'stranger.jpg': () => samplePhoto(6),
  'other-person.jpg': () => portrait('berta'),
  'far-away.jpg': async () => changed(await samplePhoto(3), image => image.resize(160)),
  'scenery.png': () => drawing('png'),
  'person-tiny.jpg': () => portrait('clara', 90),
  'person-blurred.jpg': async () => changed(await portrait('clara'), image => image.blur(8)),
  'person-dark.jpg': async () => changed(await portrait('clara'), image => image.linear(0.25)),
  'person-bright.jpg': async () => changed(await portrait('clara'), image => image.linear(1, 150)),
  // From temple to temple, and below the nose.
  'person-covered.jpg': async () => covered(await portrait('clara'), { left: 60, top: 170, width: 300, height: 90 }),
  'proof-sideways.jpg': async () => changed(await samplePhoto(3), image => image.rotate(90)),
  'cut-off.jpg': async () => (await portrait('clara')).subarray(0, 4000),
  'animation.gif': () => drawing('gif'),
  '81-megapixels.png': () => drawing('png', { width: 9000, height: 9000 }),
  'larger-than-4-mib.jpg': async () => Buffer.alloc(4.5 * MIB),
  'larger-than-8-mib.jpg': async () => Buffer.alloc(8.5 * MIB)
}

export const examplePhotoNames = Object.keys(makers)

/** Writes the named photos (default: all) into a folder. */
export async function writeExamplePhotos (folder: string, names = examplePhotoNames): Promise<void> {
  for (const name of names) await writeFile(join(folder, name), await makers[name]!())
}
