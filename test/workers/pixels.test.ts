import t from 'tap'
import { cropReflected, greyLevels } from '../../workers/pixels.ts'
import { grey, levels } from '../helpers/grey-picture.ts'

t.test('a crop beyond the rim is mirrored without repeating the rim', async t => {
  t.same(levels(cropReflected(grey([[1, 2, 3]]), { left: -2, top: 0, width: 7, height: 1 })), [[3, 2, 1, 2, 3, 2, 1]])
  t.same(levels(cropReflected(grey([[5]]), { left: -1, top: -1, width: 3, height: 2 })), [[5, 5, 5], [5, 5, 5]])
})

t.test('grey levels of white and black', async t => {
  t.same(Array.from(greyLevels(grey([[0, 255]])), Math.round), [0, 255])
})
