import t from 'tap'
import {
  createPicture,
  cropReflected,
  greyLevels,
  letterboxCentre,
  letterboxTopLeft,
  type Picture,
  resize,
  shrinkByArea,
  similarity,
  stretch,
  toPlanes,
  warp
} from '../../workers/pixels.ts'
import type { FivePoints } from '../../workers/types.ts'

/** A grey picture from rows of levels. */
function grey (rows: number[][]): Picture {
  return {
    width: rows[0]!.length,
    height: rows.length,
    data: Uint8Array.from(rows.flat().flatMap(level => [level, level, level]))
  }
}

function levels ({ data, width }: Picture): number[][] {
  const flat = Array.from(data).filter((_, i) => i % 3 === 0)
  return Array.from({ length: flat.length / width }, (_, y) => flat.slice(y * width, (y + 1) * width))
}

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

t.test('placements', async t => {
  t.same(stretch({ width: 200, height: 100 }, { width: 320, height: 240 }), {
    left: 0,
    top: 0,
    width: 320,
    height: 240,
    scaleX: 1.6,
    scaleY: 2.4
  })
  t.match(letterboxTopLeft({ width: 600, height: 827 }, { width: 640, height: 640 }), {
    left: 0,
    top: 0,
    width: 464,
    height: 640,
    scaleX: 640 / 827
  })
  t.match(
    letterboxTopLeft({ width: 4000, height: 20 }, { width: 416, height: 416 }),
    { width: 416, height: 2 },
    'cut, not rounded'
  )
  t.match(
    letterboxTopLeft({ width: 10000, height: 1 }, { width: 416, height: 416 }),
    { width: 416, height: 1 },
    'never empty'
  )
  t.match(
    letterboxTopLeft({ width: 100, height: 100 }, { width: 320, height: 640 }),
    { width: 320, height: 320, scaleY: 3.2 },
    'a canvas that is not square'
  )
  t.match(letterboxCentre({ width: 480, height: 640 }, { width: 640, height: 640 }), {
    left: 80,
    top: 0,
    width: 480,
    height: 640,
    scaleX: 1
  })
  t.match(
    letterboxCentre({ width: 1280, height: 853 }, { width: 640, height: 640 }),
    { top: 107, height: 426 },
    'one half rounds to even'
  )
  t.match(
    letterboxCentre({ width: 1280, height: 855 }, { width: 640, height: 640 }),
    { top: 106, height: 428 },
    'one half rounds to even'
  )
})

const points: FivePoints = [[30, 40], [70, 42], [50, 60], [35, 80], [65, 81]]

t.test('similarity recovers scale, rotation and shift', async t => {
  const [a, c, tx, ty] = [0.8, 0.3, -7, 12]
  const moved = points.map(([x, y]) => [a * x - c * y + tx, c * x + a * y + ty]) as FivePoints
  const found = similarity(points, moved)
  for (const [i, expected] of [a, -c, tx, c, a, ty].entries()) t.ok(Math.abs(found[i]! - expected) < 1e-9)
})

t.test('similarity of five equal points is flat, not NaN', async t => {
  const one = Array(5).fill([10, 10]) as FivePoints
  t.notOk(similarity(one, points).some(Number.isNaN))
  const target = grey([[9, 9]])
  warp(grey([[200]]), similarity(one, points), target)
  t.same(levels(target), [[0, 0]])
})

t.test('warp interpolates and is black outside', async t => {
  const target = createPicture(4, 1)
  warp(grey([[100, 200]]), [1, 0, 0.5, 0, 1, 0], target)
  t.same(levels(target), [[50, 150, 100, 0]])
  warp(grey([[100, 200]]), [1, 0, 1, 0, 1, 0], target)
  t.same(levels(target), [[0, 100, 200, 0]])
})

t.test('a crop beyond the rim is mirrored without repeating the rim', async t => {
  t.same(levels(cropReflected(grey([[1, 2, 3]]), { left: -2, top: 0, width: 7, height: 1 })), [[3, 2, 1, 2, 3, 2, 1]])
  t.same(levels(cropReflected(grey([[5]]), { left: -1, top: -1, width: 3, height: 2 })), [[5, 5, 5], [5, 5, 5]])
})

t.test('planes come in the channel order of the model', async t => {
  const picture: Picture = { width: 2, height: 1, data: Uint8Array.of(10, 20, 30, 40, 50, 60) }
  const planes = (channels: 'RGB' | 'BGR' | 'GRAY', mean: number, std: number): number[] => {
    const output = new Float32Array(channels === 'GRAY' ? 2 : 6)
    toPlanes(picture, { width: 2, height: 1, channels, mean, std }, output)
    return Array.from(output)
  }
  t.same(planes('RGB', 0, 1), [10, 40, 20, 50, 30, 60])
  t.same(planes('BGR', 0, 1), [30, 60, 20, 50, 10, 40])
  t.same(planes('RGB', 10, 10), [0, 3, 1, 4, 2, 5])
  t.ok(Math.abs(planes('GRAY', 0, 256)[0]! - (0.299 * 10 + 0.587 * 20 + 0.114 * 30) / 256) < 1e-6)
})

t.test('grey levels of white and black', async t => {
  t.same(Array.from(greyLevels(grey([[0, 255]])), Math.round), [0, 255])
})
