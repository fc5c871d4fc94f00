/** Metrics for Prometheus. Names and labels are a contract: deploy/ uses them. */
import cluster from 'node:cluster'
import { AggregatorRegistry, collectDefaultMetrics, Registry } from '@prometheus-io/client'
import type { Services } from '../server/services.ts'
import { askPrimary } from './metrics/all-processes.ts'
import { createEventCounters, type EventCounters, SCORE_FAMILIES } from './metrics/event-counters.ts'
import { registerBuildInfo, registerPoolGauges, registerStoreGauges } from './metrics/state-gauges.ts'

export interface Metrics extends EventCounters {
  readonly contentType: string
  /**
   * The text format of Prometheus; of several processes, their sum.
   * @param scores false leaves out the distributions of scores: the difference of two scrapes tells the score between
   *   them
   */
  text(options?: { scores: boolean }): Promise<string>
}

export function createMetrics (
  { inference, models, tenants, uploading }:
    Pick<Services, 'inference' | 'models' | 'tenants'> & { uploading: () => number }
): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const counters = createEventCounters(registry)
  registerPoolGauges(registry, inference, uploading)
  registerStoreGauges(registry, tenants)
  registerBuildInfo(registry, { inference, models })

  AggregatorRegistry.setRegistries([registry])
  // The constructor of the aggregator makes this process answer when the primary collects.
  const { contentType } = cluster.isWorker ? new AggregatorRegistry() : registry

  return {
    ...counters,
    contentType,
    async text ({ scores } = { scores: true }) {
      const all = await (cluster.isWorker ? askPrimary() : registry.metrics())
      return scores ? all : withoutFamilies(all, SCORE_FAMILIES)
    }
  }
}

/** Drops every line of the named families from the text format: `# HELP name`, `# TYPE name` and the samples. */
function withoutFamilies (text: string, families: readonly string[]): string {
  const dropped = new RegExp(`^(?:# (?:HELP|TYPE) )?(?:${families.join('|')})(?:_bucket|_sum|_count)?[ {]`)
  return text.split('\n').filter(line => !dropped.test(line)).join('\n')
}
