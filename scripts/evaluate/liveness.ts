/** Attack detection on labelled photos: each model alone, and the fusions of several. */
import { basename } from 'node:path'
import type { Liveness, ModelSet } from '../../workers/types.ts'
import { type Bench, lookAtAll } from './bench.ts'
import { quantile, shareAccepted, shareRejected } from './error-rates.ts'
import type { Table } from './table.ts'

interface Judged {
  file: string
  label: string
  live: boolean
  /** Null without a face: an attack that nobody sees is no danger, a genuine user who is not seen is turned away. */
  liveness: Liveness | null
}

/** One way to a score. */
interface Judge {
  name: string
  score: (liveness: Liveness) => number
}

const steps = [0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 0.97, 0.99]

export async function evaluateLiveness (bench: Bench): Promise<Table[]> {
  const { photos, models, thresholds: { liveness: threshold } } = bench
  if (threshold === null) return []
  const labelled = await judgeAll(bench, 'liveness of spoof', photos.spoof)
  const everyday = {
    people: await judgeAll(bench, 'liveness of people', photos.people.map(({ file }) => ({ file, label: 'people', live: true }))),
    tasks: await judgeAll(bench, 'liveness of tasks', photos.tasks.map(({ file }) => ({ file, label: 'tasks', live: true }))),
    lfw: await judgeAll(bench, 'liveness of lfw', photos.lfw.map(({ file }) => ({ file, label: 'lfw', live: true })))
  }
  const attacks = labelled.filter(({ live }) => !live)
  const genuine = labelled.filter(({ live }) => live)
  const types = [...new Set(attacks.map(({ label }) => label))].sort()

  const rowFor = (judge: Judge, at: number) => {
    const scored = (list: Judged[]) => list.map(({ liveness }) => liveness === null ? 0 : judge.score(liveness))
    const errors = types.map(type => shareAccepted(scored(attacks.filter(({ label }) => label === type)), at) ?? 0)
    return {
      threshold: at,
      'attacks passed': scored(attacks).filter(score => score >= at).length,
      'APCER worst': Math.max(0, ...errors),
      ...Object.fromEntries(types.map((type, i) => [`APCER ${type}`, errors[i]!])),
      'live refused': scored(genuine).filter(score => score < at).length,
      BPCER: shareRejected(scored(genuine), at),
      ...Object.fromEntries(Object.entries(everyday).map(([name, list]) => [`refused ${name}`, shareRejected(scored(list.filter(({ liveness }) => liveness !== null)), at)]))
    }
  }
  const judges = judgesOf(models.liveness)
  return [
    {
      title: 'Spoof photos by score',
      note: `${attacks.length} attacks, ${genuine.length} live. Score of the mean and of each model; wrong: at the threshold in force, ${threshold}.`,
      rows: labelled.toSorted((a, b) => Number(a.live) - Number(b.live) || a.label.localeCompare(b.label)).map(photo => ({
        photo: basename(photo.file),
        truth: photo.live ? `live, ${photo.label}` : photo.label,
        ...Object.fromEntries(judges.map(({ name, score }) => [name, photo.liveness === null ? null : score(photo.liveness)])),
        wrong: (photo.liveness !== null && photo.liveness.score >= threshold) === photo.live ? '' : 'wrong'
      }))
    },
    ...judges.map(judge => ({
      title: `Liveness by ${judge.name}`,
      note: 'APCER: share of attacks passed, by type (ISO/IEC 30107-3); BPCER: share of live photos refused; refused ...: of photos with a face that are taken to be live.',
      rows: [...new Set([...steps, threshold])].sort((a, b) => a - b).map(at => rowFor(judge, at))
    })),
    {
      title: 'Liveness scores of everyday photos',
      rows: Object.entries(everyday).flatMap(([name, list]) => judges.map(judge => {
        const scores = list.flatMap(({ liveness }) => liveness === null ? [] : [judge.score(liveness)])
        return { photos: name, judge: judge.name, faces: scores.length, ...Object.fromEntries([0.01, 0.05, 0.1, 0.25, 0.5, 0.75].map(share => [`${share * 100} %`, quantile(scores, share)])) }
      }))
    }
  ]
}

async function judgeAll (bench: Bench, what: string, items: { file: string, label: string, live: boolean }[]): Promise<Judged[]> {
  const judged: Judged[] = []
  for (const { look, ...item } of await lookAtAll(bench, what, items)) {
    judged.push({ ...item, liveness: look.faces.length === 0 ? null : await look.liveness(0) })
  }
  return judged
}

/**
 * Each model alone, the mean of all, the score that the service goes by when it weights them, and the mean of families when
 * some family has several models.
 */
function judgesOf (models: ModelSet['liveness']): Judge[] {
  const alone = models.map(({ id }): Judge => ({ name: id, score: ({ models }) => models.find(model => model.id === id)!.score }))
  if (alone.length === 1) return alone
  const average = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  const mean: Judge = { name: 'mean of models', score: ({ models }) => average(models.map(({ score }) => score)) }
  const weighted = new Set(models.map(({ weight = 1 }) => weight)).size > 1
  const together = weighted ? [mean, { name: 'weighted, as in force', score: ({ score }: Liveness) => score }] : [mean]
  // One training recipe, one input, one set of classes: such models make the same mistakes.
  const families = [...Map.groupBy(models, ({ input, classes, realClass }) => JSON.stringify([input, classes, realClass])).values()]
  const biggest = Math.max(...families.map(({ length }) => length))
  if (families.length === 1 || biggest === 1) return [...alone, ...together]
  const ofFamily = families.map(family => family.map(({ id }) => id))
  const byFamily = ({ models }: Liveness) => ofFamily.map(ids => average(models.filter(({ id }) => ids.includes(id)).map(({ score }) => score)))
  return [
    ...alone,
    ...ofFamily.flatMap((ids, i) => ids.length === 1 ? [] : [{ name: `mean of ${ids.join(' + ')}`, score: (liveness: Liveness) => byFamily(liveness)[i]! }]),
    ...together,
    { name: 'mean of families', score: liveness => average(byFamily(liveness)) }
  ]
}
