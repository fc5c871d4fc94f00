/**
 * Two processes of one service; the second cannot report its metrics. Prints what the first gets, and that the primary
 * lives on.
 */
import cluster from 'node:cluster'
import { createMetrics } from '../../src/observability/metrics.ts'
import { answerForAllProcesses } from '../../src/observability/metrics/all-processes.ts'
import { starter } from './models.ts'

if (cluster.isPrimary) {
  answerForAllProcesses()
  const worker = cluster.fork()
  worker.on('message', ({ outcome }: { outcome?: string }) => {
    if (outcome === undefined) return
    console.log(outcome)
    worker.kill()
  })
} else {
  const state = () => { throw new Error('no numbers') }
  const metrics = createMetrics({
    inference: { state } as never,
    models: starter,
    tenants: {} as never,
    uploading: () => 0
  })
  process.send!({ outcome: await metrics.text().then(() => 'answered', (error: Error) => error.message) })
}
