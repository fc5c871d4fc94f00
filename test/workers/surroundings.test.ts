import t from 'tap'
import { describeSurroundings } from '../../workers/surroundings.ts'
import type { Frame } from '../../workers/types.ts'

t.test('surroundings are the mean colour of each cell, and know which cells lie beside the person', async t => {
  const frame: Frame = { width: 64, height: 48, pixels: new SharedArrayBuffer(64 * 48 * 3) }
  const pixels = new Uint8Array(frame.pixels)
  for (let i = 0; i < 64 * 48; i++) pixels.set(i % 64 < 32 ? [200, 10, 0] : [0, 20, 100], i * 3)
  const { width, height, colours, background } = describeSurroundings(frame, [16, 16, 32, 32])
  t.same([width, height, colours.length, background.length], [32, 24, 32 * 24 * 3, 32 * 24])
  t.same([...colours.subarray(0, 3)], [200, 10, 0])
  t.same([...colours.subarray(31 * 3, 32 * 3)], [0, 20, 100])
  const at = (column: number, row: number) => background[row * 32 + column]
  t.equal(at(11, 12), 0, 'the face')
  t.equal(at(11, 23), 0, 'the body below it')
  t.equal(at(11, 2), 1, 'above it')
  t.equal(at(0, 12), 1, 'beside it')
})

t.test('a frame smaller than the grid has surroundings as well', async t => {
  const frame: Frame = { width: 5, height: 3, pixels: new SharedArrayBuffer(45) }
  new Uint8Array(frame.pixels).fill(77)
  t.ok(describeSurroundings(frame, [0, 0, 1, 1]).colours.every(level => level === 77))
})
