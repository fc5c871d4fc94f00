/** What happened in this process: requests, verdicts, signups, challenges, jobs, webhooks and reviews. */
import { Counter, Histogram, type Registry } from '@prometheus-io/client'
import type { ErrorCode } from '../../errors/errors.ts'
import type { JudgedChallenge } from '../../schemas/challenges.ts'
import type { RejectedPhoto } from '../../schemas/signup.ts'
import type { VerifyAnswer } from '../../schemas/verdict.ts'
import type { ReviewReason } from '../../storage/subjects/reviews.ts'
import type { ShadowVerdict } from '../../verification/shadow.ts'
import type { Stage } from '../stages.ts'

export interface EventCounters {
  /** Counts a request; `route` is the pattern, never the path, since every value of a label is kept in memory. */
  countRequest(request: {
    method: string
    route: string
    status: number
    milliseconds: number
    stages: readonly Stage[]
  }): void
  countVerdict(verdict: VerifyAnswer): void
  /** Counts what the current and a proposed policy say of a verdict. */
  countShadowVerdict(verdicts: { current: ShadowVerdict; proposed: ShadowVerdict }): void
  /** Counts the end of a signup: enrolled, or refused with an error. */
  countSignup(outcome: 'enrolled' | ErrorCode): void
  /** Counts photos that a signup turned down, also of one that was refused. */
  countRejectedPhotos(photos: readonly Pick<RejectedPhoto, 'code'>[]): void
  countChallenge(challenge: JudgedChallenge): void
  /** Counts the end of a job. */
  countJob(status: 'done' | 'failed'): void
  /** Counts an attempt to deliver a webhook. */
  countDelivery(outcome: 'delivered' | 'retried' | 'failed'): void
  /** Counts a review that a person decided. */
  countReview(reason: ReviewReason, decision: 'approve' | 'reject'): void
}

/** Seconds; requests and jobs take from a few milliseconds to REQUEST_TIMEOUT. */
const DURATIONS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

const SIMILARITY = 'eco_similarity_score'
const LIVENESS = 'eco_liveness_score'

/** Histograms whose difference between two scrapes tells the score of one verdict. */
export const SCORE_FAMILIES = [SIMILARITY, LIVENESS]

const SCORES = Array.from({ length: 20 }, (_, i) => (i + 1) / 20)

/** Registers the counters of events, and returns what counts them. */
export function createEventCounters (registry: Registry): EventCounters {
  const registers = [registry]
  return {
    ...requestCounters(registers),
    ...verdictCounters(registers),
    ...shadowCounters(registers),
    ...jobCounters(registers),
    ...signupCounters(registers),
    ...challengeCounters(registers),
    ...reviewCounters(registers)
  }
}

function requestCounters (registers: Registry[]): Pick<EventCounters, 'countRequest'> {
  const requests = new Histogram({
    registers,
    name: 'eco_http_request_duration_seconds',
    help: 'Requests by route and status, until the answer was sent.',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: DURATIONS
  })
  const stages = new Histogram({
    registers,
    name: 'eco_stage_duration_seconds',
    help: 'Stages of requests: upload, waiting in the queue, each job in a worker, and each call of the store.',
    labelNames: ['stage'] as const,
    buckets: DURATIONS
  })
  return {
    countRequest ({ method, route, status, milliseconds, stages: passed }) {
      requests.observe({ method, route, status }, milliseconds / 1000)
      for (const { name, milliseconds } of passed) stages.observe({ stage: name }, milliseconds / 1000)
    }
  }
}

function verdictCounters (registers: Registry[]): Pick<EventCounters, 'countVerdict'> {
  const verdicts = new Counter({
    registers,
    name: 'eco_verdicts_total',
    help: 'Verdicts by task.',
    labelNames: ['task', 'status'] as const
  })
  const reasons = new Counter({
    registers,
    name: 'eco_verdict_reasons_total',
    help: 'Failed checks by reason; a verdict may have several.',
    labelNames: ['reason'] as const
  })
  const similarity = new Histogram({
    registers,
    name: SIMILARITY,
    help: 'Cosine similarity of the subject to the template.',
    labelNames: ['status'] as const,
    buckets: SCORES
  })
  const liveness = new Histogram({
    registers,
    name: LIVENESS,
    help: 'Probability that the subject is live.',
    labelNames: ['status'] as const,
    buckets: SCORES
  })
  return {
    countVerdict ({ task, status, reasons: failed, similarity: match, liveness_score: live }) {
      verdicts.inc({ task, status })
      for (const reason of failed) reasons.inc({ reason })
      if (match !== null) similarity.observe({ status }, match)
      if (live !== null) liveness.observe({ status }, live)
    }
  }
}

function shadowCounters (registers: Registry[]): Pick<EventCounters, 'countShadowVerdict'> {
  const shadowed = new Counter({
    registers,
    name: 'eco_shadow_verdicts_total',
    help: 'Verdicts as the current and as the proposed policy (SHADOW_POLICY) say; only the current one is answered.',
    labelNames: ['current', 'proposed'] as const
  })
  return {
    countShadowVerdict (verdicts) {
      shadowed.inc(verdicts)
    }
  }
}

function jobCounters (registers: Registry[]): Pick<EventCounters, 'countJob' | 'countDelivery'> {
  const jobs = new Counter({
    registers,
    name: 'eco_jobs_total',
    help: 'Jobs that ended here: done with a verdict, or failed with an error.',
    labelNames: ['status'] as const
  })
  const deliveries = new Counter({
    registers,
    name: 'eco_webhook_attempts_total',
    help: 'Attempts to deliver a webhook: delivered, to be retried, or failed for good.',
    labelNames: ['outcome'] as const
  })
  for (const status of ['done', 'failed'] as const) jobs.inc({ status }, 0)
  for (const outcome of ['delivered', 'retried', 'failed'] as const) deliveries.inc({ outcome }, 0)
  return {
    countJob (status) {
      jobs.inc({ status })
    },
    countDelivery (outcome) {
      deliveries.inc({ outcome })
    }
  }
}

function signupCounters (registers: Registry[]): Pick<EventCounters, 'countSignup' | 'countRejectedPhotos'> {
  const signups = new Counter({
    registers,
    name: 'eco_signups_total',
    help: 'Signups that ended here: enrolled, or the code of the error that refused them.',
    labelNames: ['outcome'] as const
  })
  const rejected = new Counter({
    registers,
    name: 'eco_rejected_photos_total',
    help: 'Photos of signups that were turned down, by reason.',
    labelNames: ['reason'] as const
  })
  signups.inc({ outcome: 'enrolled' }, 0)
  return {
    countSignup (outcome) {
      signups.inc({ outcome })
    },
    countRejectedPhotos (photos) {
      for (const { code } of photos) rejected.inc({ reason: code })
    }
  }
}

function challengeCounters (registers: Registry[]): Pick<EventCounters, 'countChallenge'> {
  const challenges = new Counter({
    registers,
    name: 'eco_challenges_total',
    help: 'Challenges whose frames were judged here.',
    labelNames: ['status'] as const
  })
  const reasons = new Counter({
    registers,
    name: 'eco_challenge_reasons_total',
    help: 'Failed checks of challenges by reason; a challenge may have several.',
    labelNames: ['reason'] as const
  })
  for (const status of ['passed', 'failed'] as const) challenges.inc({ status }, 0)
  return {
    countChallenge ({ status, reasons: failed }) {
      challenges.inc({ status })
      for (const reason of failed) reasons.inc({ reason })
    }
  }
}

function reviewCounters (registers: Registry[]): Pick<EventCounters, 'countReview'> {
  const reviews = new Counter({
    registers,
    name: 'eco_reviews_total',
    help: 'Reviews that a person decided here, by what they were about.',
    labelNames: ['reason', 'decision'] as const
  })
  return {
    countReview (reason, decision) {
      reviews.inc({ reason, decision })
    }
  }
}
