import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import t from 'tap'
import { photoChanges } from '../../../scripts/evaluate/photo-changes.ts'
import { evaluateRecycled, type RecycledBench } from '../../../scripts/evaluate/recycled.ts'
import { decodeFrame } from '../../../workers/decode-photo.ts'
import { hashPhoto } from '../../../workers/photo-hash.ts'
import { samplePhoto } from '../../helpers/photos.ts'

t.test('each change makes another photo of the expected size', async t => {
  const photo = await sharp(await samplePhoto(1)).resize(240, 180, { fit: 'fill' }).png().toBuffer()
  const made = async (name: string) => {
    const bytes = await photoChanges[name]!({ photo, width: 240, height: 180, random: () => 0.5 })
    const { width, height } = await sharp(bytes).metadata()
    return [width, height]
  }
  t.same(await made('half the size'), [120, 90])
  t.same(await made('cropped by 25 %, bottom right'), [180, 135])
  t.same(await made('dark bars above and below'), [240, 180 + 36 + 27])
  t.same(await made('screenshot with bars'), [540, 1170])
  t.same(await made('photo of a screen'), [640, 480])
  const [width, height] = await made('turned 3 degrees') as [number, number]
  t.ok(width > 210 && width < 240 && height > 155 && height < 180, `${width} x ${height}`)
})

t.test('the tables count found copies, and pairs by origin', async t => {
  const dir = t.testdir()
  const tasks = []
  for (const [index, origin] of ['a', 'a', 'b'].entries()) {
    const file = join(dir, `${index}.png`)
    await writeFile(file, await sharp(await samplePhoto(index + 1)).resize(320).png().toBuffer())
    tasks.push({ file, origin, label: '', near: '' })
  }
  const bench: RecycledBench = {
    photos: { tasks, coco: [], sessions: [] },
    inference: {
      decode: ({ bytes, maxPixels }: { bytes: Uint8Array; maxPixels: number }) => decodeFrame(bytes, maxPixels),
      hashes: async ({ frame }: { frame: Parameters<typeof hashPhoto>[0] }) => hashPhoto(frame),
      objects: async () => ({ detections: [], features: null })
    },
    maxPixels: 1e7,
    progress: () => () => {}
  }
  const [rates, plain, changed] = await evaluateRecycled(bench)
  t.equal(rates!.rows.length, Object.keys(photoChanges).length)
  t.match(rates!.rows.find(({ change }) => change === 'grey'), { photos: 3, found: 3, 'found, %': 100 })
  t.match(plain!.rows, [{ photos: 'one origin', pairs: 2, taken: 0 }, { photos: 'two origins', pairs: 4, taken: 0 }])
  t.match(changed!.rows, [
    { pairs: 2 * Object.keys(photoChanges).length },
    { pairs: 4 * Object.keys(photoChanges).length }
  ])
})
