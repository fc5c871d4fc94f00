/** When a photo proves a task: by its detections, by a scene that was taught, or by both. */
import type { Box, Detection, ImageFeatures } from '../../workers/types.ts'
import { judgeScene } from './scenes/judge-scene.ts'
import { fitsContract, type Scene, type Scenes } from './scenes/scene-file.ts'
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
  /** What the scene of the rule says; null for a rule without one. */
  scene: SceneScore | null
}

/** A rule with the scene that it names. */
export interface ActiveRule extends Rule {
  taught?: Scene
}

export interface SceneScore {
  name: string
  /** Probability, 0..1. */
  score: number
  threshold: number
}

/** What one photo shows of a rule's needs. */
export interface Seen {
  detections: readonly Detection[]
  features: ImageFeatures | null
}

/** Labels that differ only in case or in space, `-` and `_` are the same label. */
export function labelKey (label: string): string {
  return label.trim().toLowerCase().replace(/[\s_-]+/g, '_')
}

/**
 * True when the model can name every label that the rule cannot do without. A rule that asks for nothing proves
 * nothing.
 */
export function isActive (rule: Rule, known: ReadonlySet<string>): boolean {
  const has = (label: string) => known.has(labelKey(label))
  return (rule.allOf ?? []).every(has) && (rule.anyOf?.some(has) ??
    (rule.allOf !== undefined || rule.scene !== undefined)) &&
    (rule.subject?.some(has) ?? true)
}

/** What the current detector offers to scenes: the contract of its features, and the scenes that were read. */
export interface SceneSupply {
  scenes: Scenes
  contract: string | null
}

/** The scene that a rule names; a sentence when it cannot be used with the current detector. */
export function sceneOf (name: string, { scenes, contract }: SceneSupply): Scene | string {
  const scene = scenes.get(name)
  const again = `teach it again with \`npm run tasks -- teach ${name}\``
  if (scene === undefined) { return `There is no scene ${name}: expected the file scenes/${name}.json beside the tasks file. Teach it with \`npm run tasks -- teach ${name}\`, or correct the rule.` }
  if (typeof scene === 'string' || fitsContract(scene, contract)) return scene
  return contract === null
    ? `The scene ${name} needs the object detector ${scene.detector.id}, and there is none. Set YOLO_MODEL_PATH, or remove the rule.`
    : `The scene ${name} was taught with the detector ${scene.detector.id} (${scene.contract}), and the current one gives other features (${contract}): ${again}.`
}

/** Applies one rule. `face` is the subject's box; null when there is no subject, which no bound rule can survive. */
export function applyRule (rule: ActiveRule, { detections, features }: Seen, face: Box | null): Proof {
  const strong = detections.filter(detection => detection.score >= rule.minScore)
  const named = (labels: readonly string[]) => {
    const keys = new Set(labels.map(labelKey))
    return strong.filter(detection => keys.has(labelKey(detection.label)))
  }
  const needs = [
    ...(rule.allOf ?? []).map(label => named([label])),
    ...(rule.anyOf === undefined ? [] : [named(rule.anyOf)])
  ]
  const matched = [...new Set(needs.flat())]
  const subjects = rule.subject === undefined ? [] : named(rule.subject)
  const own = face === null ? undefined : subjects.find(({ box }) => shareInside(face, box) >= FACE_INSIDE)
  const scene = sceneScore(rule, features, (own ?? subjects[0])?.box ?? null)
  if (needs.some(seen => seen.length === 0)) return { result: 'missing', score: scene?.score ?? null, matched, scene }

  const score = scene?.score ?? Math.min(...needs.map(seen => Math.max(...seen.map(detection => detection.score))))
  if (scene !== null && scene.score < scene.threshold) return { result: 'missing', score, matched, scene }
  return { result: rule.subject === undefined || own !== undefined ? 'proved' : 'unbound', score, matched, scene }
}

function sceneScore (
  { taught, minSceneScore }: ActiveRule,
  features: ImageFeatures | null,
  box: Box | null
): SceneScore | null {
  if (taught === undefined) return null
  return {
    name: taught.name,
    score: judgeScene(taught, features, box) ?? 0,
    threshold: minSceneScore ?? taught.threshold
  }
}

/** Share of `inner`'s area that lies inside `outer`, 0..1. */
export function shareInside (inner: Box, outer: Box): number {
  const width = Math.min(inner[2], outer[2]) - Math.max(inner[0], outer[0])
  const height = Math.min(inner[3], outer[3]) - Math.max(inner[1], outer[1])
  const area = (inner[2] - inner[0]) * (inner[3] - inner[1])
  return width <= 0 || height <= 0 || area <= 0 ? 0 : width * height / area
}
