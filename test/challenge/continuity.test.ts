import t from 'tap'
import { surroundingsSimilarity } from '../../src/challenge/continuity.ts'
import { room } from '../helpers/rooms.ts'

t.test('one room is alike, also when the camera moves a little or the light changes', async t => {
  t.ok(surroundingsSimilarity(room(1), room(1)) > 0.99)
  t.ok(surroundingsSimilarity(room(1), room(1, { shift: 2 })) > 0.8)
  t.ok(surroundingsSimilarity(room(1), room(1, { light: 6 })) > 0.7)
})

t.test('two rooms are not', async t => {
  for (let seed = 1; seed < 30; seed++) { t.ok(surroundingsSimilarity(room(seed), room(seed + 1)) < 0.6, `rooms ${seed} and ${seed + 1}`) }
})

t.test('bare walls differ by their colour', async t => {
  t.ok(surroundingsSimilarity(room(0, { light: 60 }), room(0, { light: 60 })) > 0.99)
  t.ok(surroundingsSimilarity(room(0, { light: -90 }), room(0, { light: 110 })) < 0.1)
})

t.test('a face that fills the frame leaves nothing to compare', async t => {
  const blind = { ...room(1), background: new Uint8Array(32 * 24) }
  t.equal(surroundingsSimilarity(blind, blind), 0)
})
