/**
 * Metrics for Prometheus, the only importer of the client library. Names and labels are a contract: deploy/ uses them.
 */
import cluster, { type Worker } from 'node:cluster'
import { randomUUID } from 'node:crypto'
import { AggregatorRegistry, collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from '@prometheus-io/client'
import type { JudgedChallenge } from '../schemas/challenges.ts'
import type { VerifyAnswer } from '../schemas/verdict.ts'
import type { Services } from '../server/services.ts'
import type { Store } from '../storage/store.ts'
import type { ReviewCounts, ReviewReason } from '../storage/subjects/reviews.ts'
import type { Stage } from './stages.ts'
import { untilAborted } from './until-aborted.ts'
import packageJson from '../../package.json' with { type: 'json' }
import { activeModels } from '../models/active-models.ts'

export interface Metrics {
  readonly contentType: string
  /**
   * The text format of Prometheus; of several processes, their sum.
   * @param scores false leaves out the distributions of scores: the difference of two scrapes tells the score between
   *   them
   */
  text(options?: { scores: boolean }): Promise<string>
  /** Counts a request; `route` is the pattern, never the path, since every value of a label is kept in memory. */
  countRequest(request: {
    method: string
    route: string
    status: number
    milliseconds: number
    stages: readonly Stage[]
  }): void
  countVerdict(verdict: VerifyAnswer): void
  countChallenge(challenge: JudgedChallenge): void
  /** Counts the end of a job. */
  countJob(status: 'done' | 'failed'): void
  /** Counts an attempt to deliver a webhook. */
  countDelivery(outcome: 'delivered' | 'retried' | 'failed'): void
  /** Counts a review that a person decided. */
  countReview(reason: ReviewReason, decision: 'approve' | 'reject'): void
}

/** Seconds; requests and jobs take from a few milliseconds to REQUEST_TIMEOUT. */
const durations = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]
/**
 * A scrape of several processes is given up after 5 s, so a store that does not answer must not take so long.
 * Milliseconds.
 */
const COUNT_TIMEOUT = 1000

const SIMILARITY = 'eco_similarity_score'
const LIVENESS = 'eco_liveness_score'
const SCORE_FAMILIES = [SIMILARITY, LIVENESS]

const scores = Array.from({ length: 20 }, (_, i) => (i + 1) / 20)

export function createMetrics ({
  inference,
  models,
  tenants,
  uploading
}: Pick<Services, 'inference' | 'models' | 'tenants'> & { uploading: () => number }): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })

  const requests = new Histogram({
    registers,
    name: 'eco_http_request_duration_seconds',
    help: 'Requests by route and status, until the answer was sent.',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: durations
  })
  const stages = new Histogram({
    registers,
    name: 'eco_stage_duration_seconds',
    help: 'Stages of requests: upload, waiting in the queue, each job in a worker, and each call of the store.',
    labelNames: ['stage'] as const,
    buckets: durations
  })
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
    buckets: scores
  })
  const liveness = new Histogram({
    registers,
    name: LIVENESS,
    help: 'Probability that the subject is live.',
    labelNames: ['status'] as const,
    buckets: scores
  })

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
  const challenges = new Counter({
    registers,
    name: 'eco_challenges_total',
    help: 'Challenges whose frames were judged here.',
    labelNames: ['status'] as const
  })
  const challengeReasons = new Counter({
    registers,
    name: 'eco_challenge_reasons_total',
    help: 'Failed checks of challenges by reason; a challenge may have several.',
    labelNames: ['reason'] as const
  })
  const reviews = new Counter({
    registers,
    name: 'eco_reviews_total',
    help: 'Reviews that a person decided here, by what they were about.',
    labelNames: ['reason', 'decision'] as const
  })
  for (const status of ['passed', 'failed'] as const) challenges.inc({ status }, 0)
  for (const status of ['done', 'failed'] as const) jobs.inc({ status }, 0)
  for (const outcome of ['delivered', 'retried', 'failed'] as const) deliveries.inc({ outcome }, 0)

  /** Of every tenant's store; null when one does not answer. */
  const ofAll = <T>(ask: (store: Store) => Promise<T>): Promise<T[] | null> =>
    untilAborted(
      Promise.all(tenants.inTurn().map(({ store }) => ask(store))),
      AbortSignal.timeout(COUNT_TIMEOUT)
    ).catch(() => null)
  const gauge = (name: string, help: string, value: () => number, aggregator: 'sum' | 'min' = 'sum'): void => {
    registry.registerMetric(
      new Gauge({
        registers: [],
        name,
        help,
        aggregator,
        collect () {
          this.set(value())
        }
      })
    )
  }
  gauge('eco_queue_waiting', 'Photos admitted and not being worked on yet.', () => inference.state().waiting)
  gauge('eco_queue_active', 'Photos being worked on.', () => inference.state().active)
  gauge('eco_uploads', 'Uploads that are not complete yet.', uploading)
  gauge('eco_queue_max', 'Photos admitted at most (QUEUE_MAX).', () => inference.state().max)
  gauge('eco_workers', 'Worker threads.', () => inference.state().workers)
  gauge(
    'eco_workers_healthy',
    '1 while photos can be relied on to be judged, else 0.',
    () => (inference.problem() === null ? 1 : 0),
    'min'
  )
  registry.registerMetric(
    new Counter({
      registers: [],
      name: 'eco_worker_failures_total',
      help: 'Jobs that failed and workers that died.',
      collect () {
        this.reset()
        this.inc(inference.state().failed)
      }
    })
  )

  registry.registerMetric(
    new Gauge({
      registers: [],
      name: 'eco_jobs',
      help: 'Jobs in the store by state, whichever process they belong to: waiting, running, and webhooks that are still to be delivered.',
      labelNames: ['state'] as const,
      // Every process sees the same store.
      aggregator: 'max',
      async collect () {
        this.reset()
        // A store that is away must not take the other metrics with it.
        const counts = await ofAll(store => store.countDeferred())
        if (counts === null) return
        this.set({ state: 'waiting' }, sum(counts.map(({ waiting }) => waiting)))
        this.set({ state: 'running' }, sum(counts.map(({ running }) => running)))
        this.set({ state: 'webhook' }, sum(counts.map(({ webhooks }) => webhooks)))
      }
    })
  )

  registry.registerMetric(
    new Gauge({
      registers: [],
      name: 'eco_erasures_pending',
      help: 'Parts of the files in which bytes of erased users may still lie; 0 when every erasure is done.',
      aggregator: 'max',
      async collect () {
        const pending = await ofAll(store => store.pendingErasures())
        if (pending !== null) this.set(pending.flat().length)
      }
    })
  )

  for (const gauge of reviewGauges(() => ofAll(store => store.countReviews()))) registry.registerMetric(gauge)

  const build = new Gauge({
    registers,
    name: 'eco_build_info',
    help: 'Version of the service and of Node.js, and the execution provider.',
    labelNames: ['version', 'node', 'provider'] as const,
    aggregator: 'first'
  })
  build.set({ version: packageJson.version, node: process.version, provider: inference.provider }, 1)
  const inForce = new Gauge({
    registers,
    name: 'eco_model_info',
    help: 'Models in use.',
    labelNames: ['role', 'id', 'sha256', 'licence'] as const,
    aggregator: 'first'
  })
  for (const { role, id, sha256, licence } of activeModels(models)) {
    inForce.set({ role, id, sha256, licence: licence.name }, 1)
  }

  AggregatorRegistry.setRegistries([registry])
  // The constructor of the aggregator makes this process answer when the primary collects.
  const { contentType } = cluster.isWorker ? new AggregatorRegistry() : registry

  return {
    contentType,
    async text ({ scores } = { scores: true }) {
      const all = await (cluster.isWorker ? askPrimary() : registry.metrics())
      return scores ? all : withoutFamilies(all, SCORE_FAMILIES)
    },

    countRequest ({ method, route, status, milliseconds, stages: passed }) {
      requests.observe({ method, route, status }, milliseconds / 1000)
      for (const { name, milliseconds } of passed) stages.observe({ stage: name }, milliseconds / 1000)
    },

    countVerdict ({ task, status, reasons: failed, similarity: match, liveness_score: live }) {
      verdicts.inc({ task, status })
      for (const reason of failed) reasons.inc({ reason })
      if (match !== null) similarity.observe({ status }, match)
      if (live !== null) liveness.observe({ status }, live)
    },

    countChallenge ({ status, reasons }) {
      challenges.inc({ status })
      for (const reason of reasons) challengeReasons.inc({ reason })
    },

    countJob (status) {
      jobs.inc({ status })
    },

    countDelivery (outcome) {
      deliveries.inc({ outcome })
    },

    countReview (reason, decision) {
      reviews.inc({ reason, decision })
    }
  }
}

function sum (numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}

const reasonsToReview: ReviewReason[] = [
  'liveness_uncertain',
  'recycled_photo',
  'demonstration',
  'possible_duplicate',
  'appeal'
]

/** How many reviews wait for a person, and for how long; every process sees the same store. */
function reviewGauges (count: () => Promise<ReviewCounts[] | null>) {
  return [
    new Gauge({
      registers: [],
      name: 'eco_reviews_open',
      help: 'Reviews that wait for a person, by reason.',
      labelNames: ['reason'] as const,
      aggregator: 'max',
      async collect () {
        this.reset()
        const counts = await count()
        if (counts === null) return
        for (const reason of reasonsToReview) this.set({ reason }, sum(counts.map(({ open }) => open[reason] ?? 0)))
      }
    }),
    new Gauge({
      registers: [],
      name: 'eco_review_oldest_seconds',
      help: 'Age of the oldest review that waits for a person; 0 when none does.',
      aggregator: 'max',
      async collect () {
        const counts = await count()
        if (counts === null) return
        const [oldest] = counts.flatMap(({ oldest }) => oldest ?? []).sort()
        this.set(oldest === undefined ? 0 : (Date.now() - Date.parse(oldest)) / 1000)
      }
    })
  ]
}

/** Drops every line of the named families from the text format: `# HELP name`, `# TYPE name` and the samples. */
function withoutFamilies (text: string, families: readonly string[]): string {
  const dropped = new RegExp(`^(?:# (?:HELP|TYPE) )?(?:${families.join('|')})(?:_bucket|_sum|_count)?[ {]`)
  return text.split('\n').filter(line => !dropped.test(line)).join('\n')
}

interface Question { metricsFor: string }
type Answer = Question & ({ text: string } | { error: string })

/**
 * In the primary of several processes: collects from all of them when one of them is asked. One that dies meanwhile
 * fails that scrape, and nothing else.
 */
export function answerForAllProcesses (): void {
  const all = new AggregatorRegistry()
  AggregatorRegistry.setRegistries([])
  cluster.on('message', async (worker: Worker, { metricsFor }: Partial<Question>) => {
    if (metricsFor === undefined) return
    const collected = await all.clusterMetrics().then(text => ({ text }), (error: Error) => ({ error: error.message }))
    if (worker.isConnected()) worker.send({ metricsFor, ...collected } satisfies Answer)
  })
}

/** A scrape reaches any of the processes, and must not show only that one. */
function askPrimary (): Promise<string> {
  const metricsFor = randomUUID()
  return new Promise((resolve, reject) => {
    const listen = (answer: Answer) => {
      if (answer.metricsFor !== metricsFor) return
      process.off('message', listen)
      if ('text' in answer) resolve(answer.text)
      else reject(new Error(`the metrics of all processes could not be collected: ${answer.error}`))
    }
    process.on('message', listen)
    process.send!({ metricsFor } satisfies Question)
  })
}
