import t from 'tap'
import { launch, noBrowser, openPage, serve } from '../helpers/browser.ts'
import { buildLight } from '../helpers/light-app.ts'
import { drawing } from '../helpers/photos.ts'

t.test(
  'the page recognises files by their content and converts what the browser can decode',
  { skip: noBrowser },
  async t => {
    const { app } = await buildLight(t)
    const page = await openPage(t, await launch(t), await serve(app))
    /** What would be sent of a file with these bytes, name and type. */
    const prepare = async (bytes: Buffer, name: string, type: string) =>
      page.evaluate(`(async () => {
    const { preparePhoto } = await import('/photo.js')
    const bytes = Uint8Array.from(atob(${JSON.stringify(bytes.toString('base64'))}), character => character.charCodeAt(0))
    try {
      const { blob, name } = await preparePhoto(new File([bytes], ${JSON.stringify(name)}, { type: ${JSON.stringify(type)} }), 'proofs')
      return { name, start: [...new Uint8Array(await blob.slice(0, 3).arrayBuffer())], size: blob.size }
    } catch ({ code }) {
      return { code }
    }
  })()`)
    const jpeg = [0xff, 0xd8, 0xff]
    for (const format of ['avif', 'gif'] as const) {
      t.match(
        await prepare(await drawing(format), 'photo.jpg', 'image/jpeg'),
        { name: 'photo.jpg', start: jpeg },
        `${format} named .jpg`
      )
      t.match(
        await prepare(await drawing(format), `photo.${format}`, `image/${format}`),
        { name: 'photo.jpg', start: jpeg },
        format
      )
    }
    const heic = Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from('ftypheic'), Buffer.alloc(2000, 1)])
    t.same(await prepare(heic, 'photo.jpg', 'image/jpeg'), { code: 'heic' }, 'HEIC named .jpg')
    t.same(await prepare(Buffer.from('no photo'), 'photo.jpg', 'image/jpeg'), { code: 'notPhoto' })
    for (const format of ['jpeg', 'png', 'webp'] as const) {
      const bytes = await drawing(format)
      t.match(
        await prepare(bytes, 'photo.avif', 'image/avif'),
        { name: 'photo.avif', size: bytes.length },
        `${format} with another name is sent as it is`
      )
    }
  }
)
