import t from 'tap'
import { judgeNumbers } from '../../src/tasks/scenes/judge-scene.ts'
import {
  foldsByOrigin,
  leastPhotos,
  type PhotoClass,
  teach,
  type TaughtPhoto,
  teachingProblem
} from '../../src/teaching/teach.ts'
import { centred, random } from '../helpers/random.ts'
import { scene } from '../helpers/scenes.ts'

const options = { falseRate: 0.05, nearRate: 0.2, nearWeight: 3 }

/**
 * Photos whose third number says what they show; the second says where they come from; numbers are far from zero and of
 * different size.
 */
function photos (counts: Record<PhotoClass, number>, seed = 1): TaughtPhoto[] {
  const next = random(seed)
  return (Object.entries(counts) as [PhotoClass, number][]).flatMap(([kind, count]) =>
    Array.from({ length: count }, (_, i) => {
      const origin = i % 6
      const shown = { yes: 2, near: -1, no: -2 }[kind] + centred(next)
      const numbers = Float32Array.of(100 + centred(next), 5 * origin, 0.01 * shown, centred(next))
      return {
        file: `${kind}${i}.jpg`,
        class: kind,
        origin: `${kind}/${origin}`,
        numbers,
        mirrored: numbers.map(value => value * 1.001)
      }
    })
  )
}

t.test('what was taught recognises photos of origins it has not seen', async t => {
  const taught = teach(photos({ yes: 60, no: 120, near: 30 }), options)
  t.ok(taught.figures.auc > 0.98, `area ${taught.figures.auc}`)
  t.ok(
    taught.figures.proven.rate > 0.9 && taught.figures.false.rate <= 0.05 && taught.figures.near!.rate <= 0.2,
    JSON.stringify(taught.figures)
  )
  const { weights, ...rest } = taught
  const file = { ...scene(), ...rest, weights }
  const scores = (kind: PhotoClass) =>
    photos({ yes: 30, no: 30, near: 30 }, 2)
      .filter(photo => photo.class === kind)
      .map(({ numbers }) => judgeNumbers(file, numbers!)!)
  t.ok(scores('yes').filter(score => score >= taught.threshold).length > 24, 'other photos of the task')
  t.ok(scores('no').filter(score => score >= taught.threshold).length < 4, 'other photos')
})

t.test('photos that say nothing are worth nothing, whatever is taught', async t => {
  const next = random(3)
  const noise = photos({ yes: 40, no: 60, near: 0 }).map(photo => {
    const numbers = Float32Array.from({ length: 30 }, () => centred(next))
    return { ...photo, numbers, mirrored: null }
  })
  const { figures } = teach(noise, options)
  t.ok(figures.auc > 0.25 && figures.auc < 0.75, `figures are of photos that were left out: area ${figures.auc}`)
  t.equal(figures.near, null)
})

t.test('the only origin of a class is not learned from itself', async t => {
  // The number names the origin: weights that had seen it would know every photo.
  const named = photos({ yes: 36, no: 60, near: 0 }).map(photo => {
    const numbers = new Float32Array(12)
    numbers[Number(photo.origin.split('/')[1]) + (photo.class === 'yes' ? 6 : 0)] = 1
    return { ...photo, numbers, mirrored: null }
  })
  t.ok(teach(named, options).figures.auc < 0.7, 'left out by origin')
  const folds = foldsByOrigin(named)
  for (const [origin, group] of Map.groupBy(
    named.map((photo, i) => ({ ...photo, fold: folds[i] })),
    ({ origin }) => origin
  )) { t.equal(new Set(group.map(({ fold }) => fold)).size, 1, origin) }
})

t.test('a photo without the subject is not proved and teaches nothing', async t => {
  const list = photos({ yes: 60, no: 120, near: 0 })
  list[0] = { ...list[0]!, numbers: null, mirrored: null }
  t.equal(teach(list, options).scores[0], 0)
})

t.test('too few photos or origins are refused with numbers', async t => {
  t.equal(teachingProblem(photos({ yes: leastPhotos.yes, no: leastPhotos.no, near: 0 })), null)
  t.match(
    teachingProblem(photos({ yes: 9, no: 50, near: 0 })),
    /at least 10 photos of the task and 20 others, found 9 and 50/
  )
  t.match(teachingProblem(photos({ yes: 30, no: 10, near: 5 })), /found 30 and 15/)
  t.match(
    teachingProblem(
      photos({ yes: 30, no: 50, near: 0 }).map(photo => (photo.class === 'yes' ? { ...photo, origin: 'one' } : photo))
    ),
    /at least 2 origins of each kind, found 1 of the task and 6 of others/
  )
  t.throws(() => teach(photos({ yes: 1, no: 1, near: 0 }), options), /at least 10/)
})
