/** What the task rules and the whole verdict make of photos of tasks. */
import { basename } from 'node:path'
import type { Evidence } from '../../src/verification/evidence.ts'
import { collectEvidence } from '../../src/verification/evidence.ts'
import { failures, runChecks } from '../../src/verification/checks/index.ts'
import { checkTask } from '../../src/verification/checks/task.ts'
import { templateMatcher } from '../../src/verification/match.ts'
import type { PhotoFacts } from '../../workers/types.ts'
import type { Run } from '../../src/inference/run.ts'
import type { Shot } from '../../src/storage/store.ts'
import type { Task } from '../../src/tasks/catalog.ts'
import { type Bench, lookAtAll } from './bench.ts'
import { confident, type Look } from './observe.ts'
import type { TaskPhoto } from './photo-set.ts'
import { evaluateScenes } from './scenes.ts'
import type { Table } from './table.ts'
import { enrolPeople } from './templates.ts'
import { embeddingContract } from '../../src/models/active-models.ts'

interface SeenPhoto extends TaskPhoto { look: Look }

export async function evaluateTasks (bench: Bench, confidence: number): Promise<Table[]> {
  const tasks = bench.tasks.tasks.filter(({ activeRules }) => activeRules.length > 0)
  const photos = await lookAtAll(bench, 'tasks', bench.photos.tasks)
  const people = await lookAtAll(bench, 'people', bench.photos.people)

  const proved = []
  for (const photo of photos) {
    const outcomes = await Promise.all(tasks.map(task => bestOutcome(photo.look, task, confidence)))
    proved.push({ ...photo, outcomes })
  }
  return [
    {
      title: 'Tasks proved, by photo',
      note: 'proved: by the rules in use, on some person whose face was found; unbound: shown, but on nobody whose face was found.',
      rows: proved.map(({ file, label, look, outcomes }) => ({
        photo: basename(file),
        truth: label,
        faces: look.faces.length,
        ...Object.fromEntries(tasks.map(({ name }, i) => [name, outcomes[i]!]))
      }))
    },
    {
      title: 'Tasks: truth against what is proved',
      rows: [...Map.groupBy(proved, ({ label }) => label)].map(([label, group]) => ({
        truth: label,
        photos: group.length,
        ...Object.fromEntries(
          tasks.map(({ name }, i) => [name, group.filter(({ outcomes }) => outcomes[i] === 'proved').length])
        ),
        nothing: group.filter(({ outcomes }) => !outcomes.includes('proved')).length
      }))
    },
    ...(await evaluateScenes(bench, tasks, photos, confidence)),
    ...(await verdicts(bench, tasks, photos, people, confidence))
  ]
}

/** Evaluated photos are judged by their pixels alone. */
const facts: PhotoFacts = { orientation: 1, takenAt: null }

/** The best outcome over all faces as subject. */
async function bestOutcome (look: Look, task: Task, confidence: number): Promise<'proved' | 'unbound' | ''> {
  const objects = await confident(look, confidence)
  const evidence = (subject: number | null): Evidence => ({
    width: look.width,
    height: look.height,
    facts,
    turned: 0,
    faces: look.faces,
    similarities: look.faces.map(() => 1),
    subject,
    liveness: null,
    ...objects
  })
  const subjects = look.faces.length === 0 ? [null] : look.faces.map((_, i) => i)
  const outcomes = subjects.map(subject => checkTask(evidence(subject), task))
  if (outcomes.some(({ outcome }) => outcome === 'passed')) return 'proved'
  return outcomes.some(({ reason }) => reason === 'task_not_by_subject' || reason === 'no_face') ? 'unbound' : ''
}

/**
 * Whole verdicts: a right proof needs an enrolled person who does the task, so each face of a task photo is enrolled
 * from that very photo.
 */
async function verdicts (
  bench: Bench,
  tasks: Task[],
  photos: SeenPhoto[],
  people: { person: string, look: Look }[],
  confidence: number
): Promise<Table[]> {
  const contract = embeddingContract(bench.models)
  const { enrolled } = enrolPeople(people, 3, contract, bench.thresholds)
  const strangers: Proof[] = enrolled.flatMap(({ shots }) => photos.map(({ look, label }) => ({ shots, look, label })))
  const own: Proof[] = enrolled.flatMap(({ shots, rest }) => rest.map(look => ({ shots, look, label: 'none' })))
  const selves: Proof[] = photos.flatMap(({ look, label }) => look.faces.flatMap(({ embedding }) =>
    embedding === null ? [] : [{ shots: [{ sha256: '', embedding, createdAt: '' }], look, label }]))

  const rows = []
  for (const [who, proofs] of [
    ['enrolled, on a portrait without a task', own],
    ['enrolled, on strangers doing the task', strangers],
    ['a face of the photo itself', selves]
  ] as const) {
    for (const claim of ['the task shown', 'another task']) {
      const counts = { approved: 0, 'Face mismatch': 0, 'Liveness failed': 0, 'Task not verified': 0 }
      let total = 0
      for (const proof of proofs) {
        for (const task of tasks) {
          if ((task.name === proof.label) !== (claim === 'the task shown')) continue
          total++
          for (const reason of new Set(await judge(bench, proof, task, confidence))) counts[reason]++
        }
      }
      if (total > 0) rows.push({ proof: who, claim, verdicts: total, ...counts })
    }
  }
  return [
    {
      title: 'Verdicts',
      note: 'A rejected proof may fail several checks. Enrolled: people with 3 photos. The third kind matches by construction; it shows what liveness and the task rules leave.',
      rows
    }
  ]
}

interface Proof { shots: Shot[], look: Look, label: string }

async function judge (
  bench: Bench,
  { shots, look }: Proof,
  task: Task,
  confidence: number
): Promise<('approved' | 'Face mismatch' | 'Liveness failed' | 'Task not verified')[]> {
  const frame = { width: look.width, height: look.height, pixels: new SharedArrayBuffer(0) }
  const evidence = await collectEvidence(
    { run: replay(look, confidence), frame, facts },
    {
      match: templateMatcher(shots),
      maxFaces: look.faces.length,
      quality: bench.thresholds.quality,
      liveness: bench.thresholds.liveness !== null
    }
  )
  const checks = runChecks(evidence, task, bench.thresholds)
  const { face, liveness, task: shown } = checks
  if (failures(checks).length === 0) return ['approved']
  return [
    ...(face.outcome === 'failed' ? ['Face mismatch' as const] : []),
    ...(liveness.outcome === 'failed' || liveness.outcome === 'uncertain' ? ['Liveness failed' as const] : []),
    ...(shown.outcome === 'failed' ? ['Task not verified' as const] : [])
  ]
}

/** Answers the service's jobs with what was seen before. */
function replay (look: Look, confidence: number): Run {
  const jobs = {
    faces: async () => look.faces,
    upright: async () => null,
    liveness: async ({ box }: { box: readonly number[] }) => look.liveness(
      look.faces.findIndex(face => face.box.join() === box.join())
    ),
    objects: async () => confident(look, confidence)
  }
  return (async (job: keyof typeof jobs, input: never) => jobs[job](input)) as Run
}
