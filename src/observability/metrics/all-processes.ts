/** Metrics of several processes that share a port: a scrape reaches any of them, and must not show only that one. */
import cluster, { type Worker } from 'node:cluster'
import { randomUUID } from 'node:crypto'
import { AggregatorRegistry } from '@prometheus-io/client'

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

/**
 * In one of several processes: the sum of all, in the text format of Prometheus.
 * @throws {Error} when one of them dies meanwhile
 */
export function askPrimary (): Promise<string> {
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
