/** Makes a chosen file fit for upload: readable by the server, upright, not larger than needed. */

/** How files begin that the server decodes: JPEG, PNG, WebP. It looks at the content; a name or type may lie. */
const ACCEPTED = /^(?:\xff\xd8\xff|\x89PNG\r\n|RIFF.{4}WEBP)/s
const QUALITIES = [0.92, 0.85, 0.75]

/**
 * Largest bytes and longer side in pixels. Five photos for enrolment together stay below the server's default body
 * limit of 8 MiB; a proof keeps more detail, since the objects of the task may be small.
 */
const limits = {
  enrol: { bytes: 1.5 * 2 ** 20, side: 2048 },
  proofs: { bytes: 6 * 2 ** 20, side: 3072 }
}

/** code: `heic`, `notPhoto` or `tooLarge`, that is more than `limit` bytes. */
class PhotoError extends Error {
  name = 'PhotoError'

  constructor (code, file, limit = 0) {
    super(code)
    this.code = code
    this.file = file
    this.limit = limit
  }
}

/**
 * Gives the file itself when the server can take it as it is, otherwise an upright JPEG scaled to the limits of
 * its `kind`: `enrol` or `proofs`.
 * @returns {Promise<{blob: Blob, name: string}>}
 * @throws {PhotoError}
 */
export async function preparePhoto (file, kind) {
  const most = limits[kind]
  const picture = await decode(file)
  const scale = Math.min(1, most.side / Math.max(picture.width, picture.height))
  try {
    if (ACCEPTED.test(await start(file)) && file.size <= most.bytes && scale === 1) {
      return { blob: file, name: file.name }
    }
    const canvas = draw(picture, scale)
    for (const quality of QUALITIES) {
      const blob = await toJpeg(canvas, quality)
      if (blob.size <= most.bytes) return { blob, name: file.name.replace(/\.\w+$/, '') + '.jpg' }
    }
  } finally {
    picture.close?.()
  }
  throw new PhotoError('tooLarge', file.name, most.bytes)
}

export function toJpeg (canvas, quality) {
  return new Promise((resolve, reject) => {
    canvas.toBlob(
      blob => (blob === null ? reject(new Error('the browser could not encode the photo')) : resolve(blob)),
      'image/jpeg',
      quality
    )
  })
}

/** Upright picture; Safari reads HEIC only through an image element. */
async function decode (file) {
  try {
    return await createImageBitmap(file, { imageOrientation: 'from-image' })
  } catch {
    return await decodeByElement(file)
  }
}

async function decodeByElement (file) {
  const image = new Image()
  image.src = URL.createObjectURL(file)
  try {
    await image.decode()
    return image
  } catch {
    throw new PhotoError(await isHeic(file) ? 'heic' : 'notPhoto', file.name)
  } finally {
    URL.revokeObjectURL(image.src)
  }
}

function draw (picture, scale) {
  const canvas = document.createElement('canvas')
  canvas.width = Math.round(picture.width * scale)
  canvas.height = Math.round(picture.height * scale)
  const context = canvas.getContext('2d')
  context.imageSmoothingQuality = 'high'
  context.fillStyle = 'white'
  context.fillRect(0, 0, canvas.width, canvas.height)
  context.drawImage(picture, 0, 0, canvas.width, canvas.height)
  return canvas
}

/** The first bytes, as many characters. */
async function start (file) {
  return String.fromCharCode(...new Uint8Array(await file.slice(0, 16).arrayBuffer()))
}

/** HEIF files begin with an `ftyp` box whose brand is one of these (ISO/IEC 23008-12). */
async function isHeic (file) {
  return /^.{4}ftyp(heic|heix|hevc|hevx|heim|heis|mif1|msf1)/s.test(await start(file))
}
