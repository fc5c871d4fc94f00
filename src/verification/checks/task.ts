import type { TaskOutcome } from '../../schemas/verdict.ts'
import { applyRule } from '../../tasks/rules.ts'
import type { Task } from '../../tasks/catalog.ts'
import type { Evidence } from '../evidence.ts'

/** Does the photo show the task? One of its active rules is proved by the detections, on the subject where bound. */
export function checkTask (evidence: Evidence, task: Task): TaskOutcome {
  const face = evidence.subject === null ? null : evidence.faces[evidence.subject]!.box
  const proofs = task.activeRules.map(rule => ({ rule, ...applyRule(rule, evidence.detections, face) }))
  const best = proofs.find(proof => proof.result === 'proved') ?? proofs.find(proof => proof.result === 'unbound')
  const rule = best?.rule ?? task.activeRules[0]!
  const detections = evidence.detections.map(detection => ({
    ...detection, matched: best?.matched.includes(detection) ?? false
  }))
  const known = { score: best?.score ?? null, threshold: rule.minScore, detections }

  if (best === undefined) {
    const seen = [...new Set(evidence.detections.map(({ label }) => label))]
    return {
      ...known,
      outcome: 'failed',
      reason: 'task_not_shown',
      message: `The photo does not show ${task.title.toLowerCase()}: ${needed(rule)} must be seen, found ${seen.length === 0 ? 'nothing' : seen.join(', ')}.`
    }
  }
  if (best.result === 'proved') {
    return { ...known, outcome: 'passed', rule: rule.id, message: `The photo shows ${task.title.toLowerCase()} (${rule.description}).` }
  }
  return face === null
    ? { ...known, outcome: 'skipped', reason: 'no_face', message: 'The task is shown, but there is no face to bind it to.' }
    : { ...known, outcome: 'failed', reason: 'task_not_by_subject', message: 'The task is shown, but not by the person whose face was compared.' }
}

function needed (rule: { allOf?: string[], anyOf?: string[] }): string {
  return [...(rule.allOf ?? []), ...(rule.anyOf === undefined ? [] : [`one of ${rule.anyOf.join(', ')}`])].join(' and ')
}
