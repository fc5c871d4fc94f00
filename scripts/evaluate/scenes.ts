/**
 * What scenes that were taught by example photos make of photos with labels: area under the curve, rates, each origin,
 * near misses apart.
 */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Task } from '../../src/tasks/catalog.ts'
import { type ActiveRule, applyRule } from '../../src/tasks/rules.ts'
import { areaUnderCurve, rateAt } from '../../src/teaching/rates.ts'
import type { Bench } from './bench.ts'
import { confident, type Look } from './observe.ts'
import type { TaskPhoto } from './photo-set.ts'
import { rocCurve } from './roc.ts'
import type { Table } from './table.ts'

interface ScoredPhoto extends TaskPhoto { score: number }

const note =
  'A photo counts as proved when the scene is, with any face of it as the subject, and without a face by its largest person. A scene that was taught with these very photos looks better here than it is: `npm run tasks -- show NAME` tells its cross-validated figures.'

export async function evaluateScenes (
  bench: Bench,
  tasks: readonly Task[],
  photos: readonly (TaskPhoto & { look: Look })[],
  confidence: number
): Promise<Table[]> {
  const tables: Table[] = []
  for (const task of tasks) {
    const rule = task.activeRules.find(({ taught }) => taught !== undefined)
    if (rule === undefined) continue
    const scored: ScoredPhoto[] = []
    for (const { look, ...photo } of photos) scored.push({ ...photo, score: await bestScore(rule, look, confidence) })
    tables.push(...tablesOf(task.name, rule, scored))
    await drawCurve(bench, task.name, scored)
  }
  return tables
}

/** The score of the scene for the subject that it suits best; 0 where a detection that the rule needs is missing. */
async function bestScore (rule: ActiveRule, look: Look, confidence: number): Promise<number> {
  const seen = await confident(look, confidence)
  const subjects = look.faces.length === 0 ? [null] : look.faces.map(({ box }) => box)
  const needs = { ...rule, minSceneScore: 0 }
  return Math.max(
    0,
    ...subjects
      .map(face => applyRule(needs, seen, face))
      .filter(({ result }) => result !== 'missing')
      .map(({ scene }) => scene!.score)
  )
}

function tablesOf (name: string, rule: ActiveRule, photos: readonly ScoredPhoto[]): Table[] {
  const threshold = rule.minSceneScore ?? rule.taught!.threshold
  const rates = (kind: string, group: readonly ScoredPhoto[]) => {
    const { rate, low, high } = rateAt(group.map(({ score }) => score), threshold)
    return { photos: kind, count: group.length, proved: rate, from: low, to: high }
  }
  const { yes, near, no } = split(name, photos)
  const area = yes.length > 0 && no.length > 0
    ? areaUnderCurve(yes.map(({ score }) => score), no.map(({ score }) => score))
    : null
  const origins = [...Map.groupBy(photos, ({ origin }) => origin)].sort(([a], [b]) => a < b ? -1 : 1)
  return [
    {
      title: `Scene ${name}: proved at ${threshold.toFixed(3)}${area === null ? '' : `, area under the curve ${area.toFixed(3)}`}`,
      note,
      rows: [rates('of the task', yes), rates('others', no), rates('near misses', near)]
    },
    {
      title: `Scene ${name}, by origin`,
      rows: origins.map(([origin, group]) => {
        const parts = split(name, group)
        const proved = (list: readonly ScoredPhoto[]) =>
          list.length === 0 ? null : list.filter(({ score }) => score >= threshold).length
        return {
          origin,
          'of the task': parts.yes.length,
          proved: proved(parts.yes),
          others: parts.no.length,
          'proved ': proved(parts.no),
          'near misses': parts.near.length,
          'proved  ': proved(parts.near)
        }
      })
    }
  ]
}

function split (name: string, photos: readonly ScoredPhoto[]) {
  return {
    yes: photos.filter(({ label }) => label === name),
    near: photos.filter(({ label, near }) => label !== name && near === name),
    no: photos.filter(({ label, near }) => label !== name && near !== name)
  }
}

async function drawCurve ({ curvesDir }: Bench, name: string, photos: readonly ScoredPhoto[]): Promise<void> {
  const { yes, near, no } = split(name, photos)
  if (curvesDir === undefined || yes.length === 0) return
  const scores = (list: readonly ScoredPhoto[]) => list.map(({ score }) => score)
  await writeFile(
    join(curvesDir, `roc-${name}.svg`),
    rocCurve(`Scene ${name}`, scores(yes), { others: scores(no), 'near misses': scores(near) })
  )
}
