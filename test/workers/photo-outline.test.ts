import sharp from 'sharp'
import t from 'tap'
import { photoChanges } from '../../scripts/evaluate/photo-changes.ts'
import { SAME_OUTLINE } from '../../src/originality/earlier-photos.ts'
import { decodeFrame } from '../../workers/decode-photo.ts'
import { hashPhoto } from '../../workers/photo-hash.ts'
import { createComparison } from '../../workers/photo-outline.ts'
import type { PhotoHashes } from '../../workers/types.ts'
import { samplePhoto } from '../helpers/photos.ts'

async function look (photo: Buffer): Promise<PhotoHashes> {
  const { frame } = await decodeFrame(photo, 1e7)
  return hashPhoto(frame!)
}

t.test('a changed photo agrees with the outline of the original, another photo does not', async t => {
  const photos = await Promise.all(
    [1, 3, 5].map(async sample =>
      sharp(await samplePhoto(sample))
        .resize(640)
        .png()
        .toBuffer({ resolveWithObject: true })
    )
  )
  const originals = await Promise.all(photos.map(({ data }) => look(data)))
  for (const [index, { data: photo, info: { width, height } }] of photos.entries()) {
    for (const change of [
      'mirrored',
      'turned 3 degrees',
      'cropped by 25 %, top left',
      'cropped by 25 %, right',
      'white frame',
      'screenshot with bars',
      'photo of a screen'
    ]) {
      const { grey } = await look(await photoChanges[change]!({ photo, width, height, random: () => 0.4 }))
      const compare = createComparison(grey!)
      for (const [other, { outline }] of originals.entries()) {
        const agreement = compare(outline!)
        t.equal(
          agreement >= SAME_OUTLINE,
          other === index,
          `${change}: photo ${index} on ${other}, ${agreement.toFixed(1)}`
        )
      }
    }
  }
})

t.test('an outline is small', async t => {
  const { outline } = await look(await samplePhoto(2))
  t.ok(outline!.length < 1500, `${outline!.length} bytes`)
})
