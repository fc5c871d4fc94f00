/**
 * What surrounds a face, in little: enough to see whether two frames show the same place, too little to recognise
 * anyone.
 */
import { boxHeight, boxWidth } from './boxes.ts'
import { type Picture, pictureOf } from './pixels.ts'
import type { Box, Frame, Surroundings } from './types.ts'

const columns = 32
const rows = 24
/** Samples along each side of a cell; more change nothing that a comparison could see. */
const samples = 6

/**
 * The frame as 32 x 24 mean colours, and which of them lie beside the person: not on the face, its hair or the body
 * below.
 */
export function describeSurroundings (frame: Frame, box: Box): Surroundings {
  const picture = pictureOf(frame)
  const colours = new Uint8Array(columns * rows * 3)
  const background = new Uint8Array(columns * rows)
  const person = {
    left: (box[0] - boxWidth(box) / 4) / frame.width * columns,
    right: (box[2] + boxWidth(box) / 4) / frame.width * columns,
    top: (box[1] - boxHeight(box) * 0.35) / frame.height * rows
  }
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const cell = row * columns + column
      meanColour(picture, column, row, colours.subarray(cell * 3, cell * 3 + 3))
      const inside = column + 0.5 > person.left && column + 0.5 < person.right && row + 0.5 > person.top
      background[cell] = inside ? 0 : 1
    }
  }
  return { width: columns, height: rows, colours, background }
}

function meanColour ({ width, height, data }: Picture, column: number, row: number, colour: Uint8Array): void {
  const sum = [0, 0, 0]
  for (let j = 0; j < samples; j++) {
    const y = Math.floor((row + (j + 0.5) / samples) * height / rows)
    for (let i = 0; i < samples; i++) {
      const at = (y * width + Math.floor((column + (i + 0.5) / samples) * width / columns)) * 3
      for (let c = 0; c < 3; c++) sum[c]! += data[at + c]!
    }
  }
  for (let c = 0; c < 3; c++) colour[c] = Math.round(sum[c]! / samples ** 2)
}
