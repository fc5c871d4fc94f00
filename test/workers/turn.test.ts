import t from 'tap'
import { pictureOf } from '../../workers/pixels.ts'
import { shrinkFrame, turnFrame } from '../../workers/turn.ts'
import type { Frame } from '../../workers/types.ts'

/** One grey level a pixel, row by row. */
function frame (width: number, levels: number[]): Frame {
  const pixels = new SharedArrayBuffer(levels.length * 3 + 5)
  new Uint8Array(pixels).set(levels.flatMap(level => [level, level + 1, level + 2]))
  return { width, height: levels.length / width, pixels }
}

function levels (frame: Frame): number[] {
  return Array.from(pictureOf(frame).data).filter((_, i) => i % 3 === 0)
}

const six = frame(3, [10, 20, 30, 40, 50, 60])

t.test('turns clockwise, all three channels', async t => {
  t.match(turnFrame(six, 90), { width: 2, height: 3 })
  t.same(levels(turnFrame(six, 90)), [40, 10, 50, 20, 60, 30])
  t.same(levels(turnFrame(six, 180)), [60, 50, 40, 30, 20, 10])
  t.same(levels(turnFrame(six, 270)), [30, 60, 20, 50, 10, 40])
  t.same(Array.from(pictureOf(turnFrame(six, 90)).data.subarray(0, 3)), [40, 41, 42])
  t.same(levels(turnFrame(turnFrame(six, 90), 270)), levels(six))
})

t.test('shrinks to the longer side, and never enlarges', async t => {
  t.equal(shrinkFrame(six, 3), six)
  const large = frame(8, Array(32).fill(100))
  t.match(shrinkFrame(large, 4), { width: 4, height: 2 })
  t.same(new Set(levels(shrinkFrame(large, 4))), new Set([100]))
})
