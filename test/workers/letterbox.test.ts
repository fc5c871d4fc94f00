import t from 'tap'
import { letterboxCentre, letterboxTopLeft, stretch } from '../../workers/letterbox.ts'

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
