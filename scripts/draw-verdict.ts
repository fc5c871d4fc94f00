/** Draws what a verdict rests on into the photo: faces, detections, and the outcome of each check. */
import sharp from 'sharp'
import { colours, escaped, marksOf } from '../src/reviews/draw-evidence.ts'
import type { VerifyAnswer } from '../src/schemas/verdict.ts'

/** Longer side of the picture, pixels. */
const LONGER_SIDE = 1280

/**
 * @param photo the bytes that were judged
 * @returns a PNG: the upright photo with boxes, and the checks on a strip below
 */
export async function drawVerdict (photo: Buffer, answer: VerifyAnswer): Promise<Buffer> {
  const { data, info } = await sharp(photo)
    .autoOrient()
    .resize({ width: LONGER_SIDE, height: LONGER_SIDE, fit: 'inside' })
    .removeAlpha()
    .png()
    .toBuffer({ resolveWithObject: true })
  const lines = [
    {
      text: `${answer.status.toUpperCase()}${answer.status === 'rejected' ? `: ${answer.reason}` : ''}`,
      colour: answer.status === 'approved' ? colours.passed : colours.failed
    },
    ...Object.entries(answer.checks).map(([name, { outcome, message }]) => ({
      text: `${name}: ${outcome}. ${message}`,
      colour: colours[outcome]
    }))
  ]
  const strip = 30 * lines.length + 20
  const marks = marksOf(answer.checks, answer.user, info.width / answer.photo.width)
  const texts = lines.map(
    ({ text, colour }, i) =>
      `<text x="16" y="${info.height + 34 + 30 * i}" fill="${colour}" font-size="18">${escaped(text)}</text>`
  )
  const overlay = `<svg xmlns="http://www.w3.org/2000/svg" width="${info.width}" height="${info.height + strip}" font-family="sans-serif">
    ${marks.join('\n')}\n${texts.join('\n')}</svg>`
  return sharp(data)
    .extend({ bottom: strip, background: '#10211a' })
    .composite([{ input: Buffer.from(overlay), left: 0, top: 0 }])
    .png()
    .toBuffer()
}
