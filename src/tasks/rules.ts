/** When detections prove a task. */
import type { Box, Detection } from '../../workers/types.ts'
import type { Rule } from './schema.ts'

/** Share of the face box that must lie inside a detection's box for the two to be one person. */
const FACE_INSIDE = 0.7

export interface Proof {
  /** `unbound`: the labels are there, but not on the subject. */
  result: 'proved' | 'unbound' | 'missing'
  /** The weakest score that the rule needed, 0..1; null when nothing of it was seen. */
  score: number | null
  /** Detections that the rule counted. */
  matched: Detection[]
}

/** Labels that differ only in case or in space, `-` and `_` are the same label. */
export function labelKey (label: string): string {
  return label.trim().toLowerCase().replace(/[\s_-]+/g, '_')
}

/** True when the model can name every label that the rule cannot do without. */
export function isActive (rule: Rule, known: ReadonlySet<string>): boolean {
  const has = (label: string) => known.has(labelKey(label))
  return (rule.allOf ?? []).every(has) && (rule.anyOf?.some(has) ?? rule.allOf !== undefined) &&
    (rule.subject?.some(has) ?? true)
}

/** Applies one rule. `face` is the subject's box; null when there is no subject, which no bound rule can survive. */
export function applyRule (rule: Rule, detections: readonly Detection[], face: Box | null): Proof {
  const strong = detections.filter(detection => detection.score >= rule.minScore)
  const named = (labels: readonly string[]) => {
    const keys = new Set(labels.map(labelKey))
    return strong.filter(detection => keys.has(labelKey(detection.label)))
  }
  const needs = [...(rule.allOf ?? []).map(label => named([label])), ...(rule.anyOf === undefined ? [] : [named(rule.anyOf)])]
  const matched = [...new Set(needs.flat())]
  if (needs.some(seen => seen.length === 0)) return { result: 'missing', score: null, matched }

  const score = Math.min(...needs.map(seen => Math.max(...seen.map(detection => detection.score))))
  const bound = rule.subject === undefined ||
    (face !== null && named(rule.subject).some(detection => shareInside(face, detection.box) >= FACE_INSIDE))
  return { result: bound ? 'proved' : 'unbound', score, matched }
}

/** Share of `inner`'s area that lies inside `outer`, 0..1. */
export function shareInside (inner: Box, outer: Box): number {
  const width = Math.min(inner[2], outer[2]) - Math.max(inner[0], outer[0])
  const height = Math.min(inner[3], outer[3]) - Math.max(inner[1], outer[1])
  const area = (inner[2] - inner[0]) * (inner[3] - inner[1])
  return width <= 0 || height <= 0 || area <= 0 ? 0 : width * height / area
}
