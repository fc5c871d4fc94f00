/** Draws what a verdict rests on into the photo: faces, detections, and the outcome of each check. */
import sharp from 'sharp'
import type { VerifyAnswer } from '../src/schemas/verdict.ts'

type Box = readonly number[]

/** Longer side of the picture, pixels. */
const LONGER_SIDE = 1280
const colours = { passed: '#35d07f', failed: '#ff8a73', skipped: '#c8d0ca', uncertain: '#ffc14d', matched: '#ffc14d', other: '#ffffff' }

/**
 * @param photo the bytes that were judged
 * @returns a PNG: the upright photo with boxes, and the checks on a strip below
 */
export async function drawVerdict (photo: Buffer, answer: VerifyAnswer): Promise<Buffer> {
  const { data, info } = await sharp(photo).autoOrient().resize({ width: LONGER_SIDE, height: LONGER_SIDE, fit: 'inside' })
    .removeAlpha().png().toBuffer({ resolveWithObject: true })
  const lines = [
    { text: `${answer.status.toUpperCase()}${answer.status === 'rejected' ? `: ${answer.reason}` : ''}`, colour: answer.status === 'approved' ? colours.passed : colours.failed },
    ...Object.entries(answer.checks).map(([name, { outcome, message }]) => ({ text: `${name}: ${outcome}. ${message}`, colour: colours[outcome] }))
  ]
  const strip = 30 * lines.length + 20
  const marks = marksOf(answer, info.width / answer.photo.width)
  const texts = lines.map(({ text, colour }, i) => `<text x="16" y="${info.height + 34 + 30 * i}" fill="${colour}" font-size="18">${escaped(text)}</text>`)
  const overlay = `<svg xmlns="http://www.w3.org/2000/svg" width="${info.width}" height="${info.height + strip}" font-family="sans-serif">
    ${marks.join('\n')}\n${texts.join('\n')}</svg>`
  return sharp(data).extend({ bottom: strip, background: '#10211a' }).composite([{ input: Buffer.from(overlay), left: 0, top: 0 }]).png().toBuffer()
}

/** @param scale pixels of the picture for one of the photo */
function marksOf ({ checks: { face, task }, user }: VerifyAnswer, scale: number): string[] {
  return [
    ...task.detections.map(({ box, label, score, matched }) => mark(box, scale, matched ? colours.matched : colours.other, `${label} ${Math.round(score * 100)} %`, matched ? 3 : 1)),
    ...face.faces.map(({ box, similarity, subject }) => mark(box, scale, subject
      ? colours[face.outcome]
      : colours.other,
      `${subject ? user : 'other face'}${similarity === null ? '' : ` ${similarity.toFixed(2)}`}`, subject ? 4 : 1))
  ]
}

function mark (box: Box, scale: number, colour: string, label: string, width: number): string {
  const [x1, y1, x2, y2] = box.map(value => value * scale) as [number, number, number, number]
  return `<rect x="${x1}" y="${y1}" width="${x2 - x1}" height="${y2 - y1}" fill="none" stroke="${colour}" stroke-width="${width}"/>
    <text x="${x1 + 4}" y="${Math.max(16, y1 - 6)}" fill="${colour}" stroke="#10211a" stroke-width="3" paint-order="stroke" font-size="16">${escaped(label)}</text>`
}

function escaped (text: string): string {
  return text.replace(/[&<>"]/g, character => `&#${character.codePointAt(0)};`)
}
