/** How well scores tell two kinds apart, as pure numbers. */

export interface Pair { names: [string, string], same: boolean }

/**
 * Pairs of a file like LFW's pairsDevTest.txt: a line with a number, so many lines `NAME I J` of one person, and as
 * many lines `NAME I NAME J` of two. Photos are named NAME/NAME_0001.jpg.
 * @param count of pairs, half of them of one person, evenly over the file
 */
export function readPairs (text: string, count: number): Pair[] {
  const lines = text.split('\n').slice(1).map(line => line.trim().split(/\s+/))
  const photo = (name: string, number: string): string => `${name}/${name}_${number.padStart(4, '0')}.jpg`
  const same = lines.filter(({ length }) => length === 3).map(([name, i, j]): Pair =>
    ({ names: [photo(name!, i!), photo(name!, j!)], same: true }))
  const different = lines.filter(({ length }) => length === 4).map(([name, i, other, j]): Pair =>
    ({ names: [photo(name!, i!), photo(other!, j!)], same: false }))
  return [same, different].flatMap(pairs => evenly(pairs, count / 2))
}

function evenly<T> (list: readonly T[], count: number): T[] {
  const taken = Math.min(count, list.length)
  return Array.from({ length: taken }, (_, i) => list[Math.floor(i * list.length / taken)]!)
}

/** The share of pairs that one threshold tells right, at the threshold where it is largest. */
export function bestAccuracy (pairs: readonly { likeness: number, same: boolean }[]): number {
  // From a threshold above all of them, where every pair counts as different, downwards.
  let right = pairs.filter(({ same }) => !same).length
  let best = right
  const downwards = pairs.toSorted((a, b) => b.likeness - a.likeness)
  for (const group of Map.groupBy(downwards, ({ likeness }) => likeness).values()) {
    for (const { same } of group) right += same ? 1 : -1
    best = Math.max(best, right)
  }
  return best / pairs.length
}

/** Area under the ROC curve, 0..1: how often a genuine one scores higher than another; ties count half. */
export function rankingOf (scores: readonly { score: number, genuine: boolean }[]): number {
  const genuine = scores.filter(one => one.genuine)
  const others = scores.filter(one => !one.genuine)
  let won = 0
  for (const { score } of genuine) {
    for (const other of others) won += score > other.score ? 1 : score === other.score ? 0.5 : 0
  }
  return won / (genuine.length * others.length)
}
