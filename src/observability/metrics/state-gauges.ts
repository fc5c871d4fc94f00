/** What is so at the moment of a scrape: the pool of workers, the store, the version and the models in use. */
import { Counter, Gauge, type Registry } from '@prometheus-io/client'
import { activeModels } from '../../models/active-models.ts'
import type { Services } from '../../server/services.ts'
import type { Store } from '../../storage/store.ts'
import type { ReviewReason } from '../../storage/subjects/reviews.ts'
import { untilAborted } from '../until-aborted.ts'
import packageJson from '../../../package.json' with { type: 'json' }

/** A scrape of several processes is given up after 5 s, so a store that does not answer must not take so long. */
const COUNT_TIMEOUT_MS = 1000

export function registerPoolGauges (
  registry: Registry,
  inference: Services['inference'],
  uploading: () => number
): void {
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
}

/** Asks every tenant's store; null when one does not answer. */
type AskStores = <T>(ask: (store: Store) => Promise<T>) => Promise<T[] | null>

/** Every process sees the same store, so that the largest number is taken and not the sum. */
export function registerStoreGauges (registry: Registry, tenants: Services['tenants']): void {
  // A store that is away must not take the other metrics with it.
  const ofAll: AskStores = ask =>
    untilAborted(
      Promise.all(tenants.inTurn().map(({ store }) => ask(store))),
      AbortSignal.timeout(COUNT_TIMEOUT_MS)
    ).catch(() => null)
  const gauges = [jobGauge(ofAll), erasureGauge(ofAll), ...reviewGauges(ofAll)]
  for (const gauge of gauges) registry.registerMetric(gauge)
}

function jobGauge (ofAll: AskStores): Gauge<'state'> {
  return new Gauge({
    registers: [],
    name: 'eco_jobs',
    help: 'Jobs in the store by state, whichever process they belong to: waiting, running, and webhooks that are still to be delivered.',
    labelNames: ['state'] as const,
    aggregator: 'max',
    async collect () {
      this.reset()
      const counts = await ofAll(store => store.countDeferred())
      if (counts === null) return
      this.set({ state: 'waiting' }, sum(counts.map(({ waiting }) => waiting)))
      this.set({ state: 'running' }, sum(counts.map(({ running }) => running)))
      this.set({ state: 'webhook' }, sum(counts.map(({ webhooks }) => webhooks)))
    }
  })
}

function erasureGauge (ofAll: AskStores): Gauge {
  return new Gauge({
    registers: [],
    name: 'eco_erasures_pending',
    help: 'Parts of the files in which bytes of erased users may still lie; 0 when every erasure is done.',
    aggregator: 'max',
    async collect () {
      const pending = await ofAll(store => store.pendingErasures())
      if (pending !== null) this.set(pending.flat().length)
    }
  })
}

const REVIEW_REASONS: ReviewReason[] = [
  'liveness_uncertain',
  'recycled_photo',
  'demonstration',
  'possible_duplicate',
  'appeal'
]

/** How many reviews wait for a person, and for how long. */
function reviewGauges (ofAll: AskStores): [Gauge<'reason'>, Gauge] {
  return [
    new Gauge({
      registers: [],
      name: 'eco_reviews_open',
      help: 'Reviews that wait for a person, by reason.',
      labelNames: ['reason'] as const,
      aggregator: 'max',
      async collect () {
        this.reset()
        const counts = await ofAll(store => store.countReviews())
        if (counts === null) return
        for (const reason of REVIEW_REASONS) this.set({ reason }, sum(counts.map(({ open }) => open[reason] ?? 0)))
      }
    }),
    new Gauge({
      registers: [],
      name: 'eco_review_oldest_seconds',
      help: 'Age of the oldest review that waits for a person; 0 when none does.',
      aggregator: 'max',
      async collect () {
        const counts = await ofAll(store => store.countReviews())
        if (counts === null) return
        const [oldest] = counts.flatMap(({ oldest }) => oldest ?? []).sort()
        this.set(oldest === undefined ? 0 : (Date.now() - Date.parse(oldest)) / 1000)
      }
    })
  ]
}

/** The version of the service and the models in use; they do not change while it runs. */
export function registerBuildInfo (registry: Registry, { inference, models }: Pick<Services, 'inference' | 'models'>): void {
  const registers = [registry]
  const build = new Gauge({
    registers,
    name: 'eco_build_info',
    help: 'Version of the service and of Node.js, and the execution provider.',
    labelNames: ['version', 'node', 'provider'] as const,
    aggregator: 'first'
  })
  build.set({ version: packageJson.version, node: process.version, provider: inference.provider }, 1)
  const modelInfo = new Gauge({
    registers,
    name: 'eco_model_info',
    help: 'Models in use.',
    labelNames: ['role', 'id', 'sha256', 'licence'] as const,
    aggregator: 'first'
  })
  for (const { role, id, sha256, licence } of activeModels(models)) {
    modelInfo.set({ role, id, sha256, licence: licence.name }, 1)
  }
}

function sum (numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
