import t from 'tap'
import { createPicture, type Picture } from '../../workers/pixels.ts'
import { resize, shrinkByArea } from '../../workers/resize.ts'
import { grey, levels } from '../helpers/grey-picture.ts'

function resized (source: Picture, width: number, height: number): number[][] {
  const target = createPicture(width, height)
  resize(source, { left: 0, top: 0, width: source.width, height: source.height }, target, {
    left: 0,
    top: 0,
    width,
    height
  })
  return levels(target)
}

t.test('resize has half-pixel centres and a clamped edge', async t => {
  t.same(resized(grey([[0, 100]]), 4, 1), [[0, 25, 75, 100]])
  t.same(resized(grey([[0], [100]]), 1, 4), [[0], [25], [75], [100]])
  t.same(resized(grey([[10, 20], [30, 40]]), 2, 2), [[10, 20], [30, 40]], 'same size changes nothing')
})

t.test('resize takes single samples when it shrinks: no antialiasing', async t => {
  t.same(resized(grey([[0, 255, 0, 0, 0, 0, 0, 0]]), 2, 1), [[128, 0]], 'between samples 1 and 2 of 0 to 3')
  t.same(resized(grey([[255, 0, 0, 255, 255, 0, 0, 255]]), 2, 1), [[0, 0]])
})

t.test('resize enlarges a single pixel and never leaves its region', async t => {
  t.same(resized(grey([[77]]), 3, 2), [[77, 77, 77], [77, 77, 77]])
  const target = grey([[1, 1, 1, 1], [1, 1, 1, 1]])
  resize(
    grey([
      [0, 9, 9, 0],
      [0, 9, 9, 0]
    ]),
    { left: 1, top: 0, width: 2, height: 2 },
    target,
    { left: 2, top: 1, width: 2, height: 1 }
  )
  t.same(levels(target), [[1, 1, 1, 1], [1, 1, 9, 9]])
})

t.test('full-range levels survive fixed-point arithmetic', async t => {
  t.same(resized(grey([[255, 255], [255, 255]]), 5, 5).flat(), Array(25).fill(255))
})

t.test('shrinking by area weighs every covered pixel', async t => {
  const shrunk = (rows: number[][], width: number, height: number): number[][] => {
    const target = createPicture(width, height)
    shrinkByArea(grey(rows), target)
    return levels(target)
  }
  t.same(shrunk([[0, 100, 200, 40]], 2, 1), [[50, 120]])
  t.same(shrunk([[0, 90, 240]], 2, 1), [[30, 190]], 'the middle pixel is shared')
  t.same(shrunk([[10, 20], [30, 40]], 1, 1), [[25]])
  t.same(shrunk([[10, 20], [30, 40]], 2, 2), [[10, 20], [30, 40]], 'same size changes nothing')
  t.same(shrunk(Array.from({ length: 7 }, () => Array(7).fill(255)), 3, 3).flat(), Array(9).fill(255))
})
