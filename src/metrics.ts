/** Metrics for Prometheus, the only importer of the client library. Names and labels are a contract: deploy/ uses them. */
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from '@prometheus-io/client'
import type { VerifyAnswer } from './schemas/verify.ts'
import { modelsInForce, type Services } from './services.ts'
import type { Stage } from './stages.ts'
import packageJson from '../package.json' with { type: 'json' }

export interface Metrics {
  readonly contentType: string
  /** The text format of Prometheus. */
  text (): Promise<string>
  /** Counts a request; `route` is the pattern, never the path, since every value of a label is kept in memory. */
  countRequest (request: { method: string, route: string, status: number, milliseconds: number, stages: readonly Stage[] }): void
  countVerdict (verdict: VerifyAnswer): void
}

/** Seconds; requests and jobs take from a few milliseconds to REQUEST_TIMEOUT. */
const durations = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]
const scores = Array.from({ length: 20 }, (_, i) => (i + 1) / 20)

export function createMetrics ({ inference, models }: Pick<Services, 'inference' | 'models'>): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })

  const requests = new Histogram({ registers, name: 'eco_http_request_duration_seconds', help: 'Requests by route and status, until the answer was sent.', labelNames: ['method', 'route', 'status'] as const, buckets: durations })
  const stages = new Histogram({ registers, name: 'eco_stage_duration_seconds', help: 'Stages of requests: upload, waiting in the queue, and each job in a worker.', labelNames: ['stage'] as const, buckets: durations })
  const verdicts = new Counter({ registers, name: 'eco_verdicts_total', help: 'Verdicts by task.', labelNames: ['task', 'status'] as const })
  const reasons = new Counter({ registers, name: 'eco_verdict_reasons_total', help: 'Failed checks by reason; a verdict may have several.', labelNames: ['reason'] as const })
  const similarity = new Histogram({ registers, name: 'eco_similarity_score', help: 'Cosine similarity of the subject to the template.', labelNames: ['status'] as const, buckets: scores })
  const liveness = new Histogram({ registers, name: 'eco_liveness_score', help: 'Probability that the subject is live.', labelNames: ['status'] as const, buckets: scores })

  const gauge = (name: string, help: string, value: () => number): void => {
    registry.registerMetric(new Gauge({ registers: [], name, help, collect () { this.set(value()) } }))
  }
  gauge('eco_queue_waiting', 'Requests admitted and not being worked on yet.', () => inference.state().waiting)
  gauge('eco_queue_active', 'Photos being worked on.', () => inference.state().active)
  gauge('eco_queue_max', 'Requests admitted at most (QUEUE_MAX).', () => inference.state().max)
  gauge('eco_workers', 'Worker threads.', () => inference.state().workers)
  gauge('eco_workers_healthy', '1 while photos can be relied on to be judged, else 0.', () => inference.problem() === null ? 1 : 0)
  registry.registerMetric(new Counter({
    registers: [],
    name: 'eco_worker_failures_total',
    help: 'Jobs that failed and workers that died.',
    collect () {
      this.reset()
      this.inc(inference.state().failed)
    }
  }))

  const build = new Gauge({ registers, name: 'eco_build_info', help: 'Version of the service and of Node.js, and the execution provider.', labelNames: ['version', 'node', 'provider'] as const })
  build.set({ version: packageJson.version, node: process.version, provider: inference.provider }, 1)
  const inForce = new Gauge({ registers, name: 'eco_model_info', help: 'Models in force.', labelNames: ['role', 'id', 'sha256', 'licence'] as const })
  for (const { role, id, sha256, licence } of modelsInForce(models)) inForce.set({ role, id, sha256, licence: licence.name }, 1)

  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),

    countRequest ({ method, route, status, milliseconds, stages: passed }) {
      requests.observe({ method, route, status }, milliseconds / 1000)
      for (const { name, milliseconds } of passed) stages.observe({ stage: name }, milliseconds / 1000)
    },

    countVerdict ({ task, status, reasons: failed, similarity: match, liveness_score: live }) {
      verdicts.inc({ task, status })
      for (const reason of failed) reasons.inc({ reason })
      if (match !== null) similarity.observe({ status }, match)
      if (live !== null) liveness.observe({ status }, live)
    }
  }
}
