/** What a verdict rests on, drawn as a transparent SVG of the upright photo's size, to be laid over the photo. */
import type { VerifyAnswer } from '../schemas/verdict.ts'

type Box = readonly number[]

type Drawn = Pick<VerifyAnswer, 'checks' | 'photo'>

export const colours = {
  passed: '#35d07f',
  failed: '#ff8a73',
  skipped: '#c8d0ca',
  uncertain: '#ffc14d',
  matched: '#ffc14d',
  other: '#ffffff'
}

/** Longer side that the lines and letters are made for, pixels. */
const LONGER_SIDE_PX = 1280

/** @param user name that the compared face is labelled with */
export function drawEvidence ({ checks, photo: { width, height } }: Drawn, user: string): string {
  const scale = LONGER_SIDE_PX / Math.max(width, height)
  const size = `${Math.round(width * scale)} ${Math.round(height * scale)}`
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size}" font-family="sans-serif">\n${marksOf(checks, user, scale).join('\n')}\n</svg>\n`
}

/**
 * Boxes and labels of faces and detections, as SVG.
 * @param scale pixels of the picture for one of the photo
 */
export function marksOf ({ face, task }: VerifyAnswer['checks'], user: string, scale: number): string[] {
  return [
    ...task.detections.map(({ box, label, score, matched }) =>
      mark(
        box,
        scale,
        matched ? colours.matched : colours.other,
        `${label} ${Math.round(score * 100)} %`,
        matched ? 3 : 1
      )
    ),
    ...face.faces.map(({ box, similarity, subject }) =>
      mark(
        box,
        scale,
        subject ? colours[face.outcome] : colours.other,
        `${subject ? user : 'other face'}${similarity === null ? '' : ` ${similarity.toFixed(2)}`}`,
        subject ? 4 : 1
      )
    )
  ]
}

function mark (box: Box, scale: number, colour: string, label: string, width: number): string {
  const [x1, y1, x2, y2] = box.map(value => value * scale) as [number, number, number, number]
  return `<rect x="${x1}" y="${y1}" width="${x2 - x1}" height="${y2 - y1}" fill="none" stroke="${colour}" stroke-width="${width}"/>
    <text x="${x1 + 4}" y="${Math.max(16, y1 - 6)}" fill="${colour}" stroke="#10211a" stroke-width="3" paint-order="stroke" font-size="16">${escaped(label)}</text>`
}

export function escaped (text: string): string {
  return text.replace(/[&<>"]/g, character => `&#${character.codePointAt(0)};`)
}
