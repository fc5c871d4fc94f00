import type { TaskOutcome } from '../../schemas/verdict.ts'
import { applyRule, type SceneScore } from '../../tasks/rules.ts'
import type { Task } from '../../tasks/catalog.ts'
import type { Rule } from '../../tasks/schema.ts'
import type { Evidence } from '../evidence.ts'

/** Does the photo show the task? One of its active rules is proved by the detections, on the subject where bound. */
export function checkTask (evidence: Evidence, task: Task): TaskOutcome {
  const face = evidence.subject === null ? null : evidence.faces[evidence.subject]!.box
  const proofs = task.activeRules.map(rule => ({ rule, ...applyRule(rule, evidence, face) }))
  const best = proofs.find(proof => proof.result === 'proved') ?? proofs.find(proof => proof.result === 'unbound')
  const shown = best ?? proofs.find(({ scene }) => scene !== null) ?? proofs[0]!
  const { rule, scene } = shown
  const detections = evidence.detections.map(detection => ({
    ...detection, matched: best?.matched.includes(detection) ?? false
  }))
  const known = {
    score: shown.result === 'missing' && scene === null ? null : shown.score,
    threshold: scene?.threshold ?? rule.minScore,
    ...(scene !== null && { scene }),
    detections
  }
  const title = task.title.toLowerCase()

  if (best === undefined) {
    return {
      ...known,
      outcome: 'failed',
      reason: 'task_not_shown',
      message: `The photo does not show ${title}: ${missing(shown, evidence)}.`
    }
  }
  if (best.result === 'proved') {
    const measured = scene === null ? '' : `: ${scene.score.toFixed(2)}, needed ${scene.threshold.toFixed(2)}`
    return {
      ...known,
      ...(rule.demonstration && { demonstration: true }),
      outcome: 'passed',
      rule: rule.id,
      message: `The photo shows ${title} (${rule.description})${measured}.`
    }
  }
  return face === null
    ? {
        ...known,
        outcome: 'skipped',
        reason: 'no_face',
        message: 'The task is shown, but there is no face to bind it to.'
      }
    : {
        ...known,
        outcome: 'failed',
        reason: 'task_not_by_subject',
        message: 'The task is shown, but not by the person whose face was compared.'
      }
}

function missing ({ rule, scene }: { rule: Rule, scene: SceneScore | null }, { detections }: Evidence): string {
  if (scene !== null && scene.score < scene.threshold) { return `it looks like the examples by ${scene.score.toFixed(2)}, needed ${scene.threshold.toFixed(2)}` }
  const seen = [...new Set(detections.map(({ label }) => label))]
  return `${needed(rule)} must be seen, found ${seen.length === 0 ? 'nothing' : seen.join(', ')}`
}

function needed (rule: { allOf?: string[], anyOf?: string[] }): string {
  return [...(rule.allOf ?? []), ...(rule.anyOf === undefined ? [] : [`one of ${rule.anyOf.join(', ')}`])].join(' and ')
}
