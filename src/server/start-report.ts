/** What the log says once the service listens: fields of one line in JSON, a line each on a terminal. */
import type { Services } from './services.ts'
import { activeModels } from '../models/active-models.ts'
import { activeThresholds } from '../verification/thresholds.ts'

/** @param address where the service listens, like http://127.0.0.1:5000 */
export function startReport ({ config, access, models, inference, store }: Services, address: string) {
  const { similarity, quality, liveness, uncertain } = activeThresholds(config, models)
  const precision = models.objectDetector?.precision
  return {
    ...(config.TEST_PAGE && { page: `${address}/` }),
    access: access.openTo,
    models: activeModels(models)
      .map(({ id }) => id)
      .join(', '),
    provider:
      inference.providerReason === null ? inference.provider : `${inference.provider} (${inference.providerReason})`,
    ...(precision !== undefined && { precision: `object detector ${precision.type}: ${precision.reason}` }),
    workers: `${config.WORKER_THREADS} with ${config.INTRA_OP_THREADS} ${config.INTRA_OP_THREADS === 1 ? 'thread' : 'threads'} each`,
    thresholds: `similarity >= ${similarity}, face quality >= ${quality}, ${liveness === null ? 'liveness off' : `liveness >= ${uncertain?.high ?? liveness}${uncertain === null ? '' : `, uncertain from ${uncertain.low}`}`}`,
    store: `${store.kind}, templates ${config.TEMPLATE_KEY === '' && config.TEMPLATE_KEY_FILE === '' ? 'not encrypted' : 'encrypted'}`
  }
}
