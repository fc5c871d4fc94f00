/** The entry of a worker thread that opens one model and puts it through the start-up self-test. */
import { workerData } from 'node:worker_threads'
import { parseNames, readOnnxFacts } from './onnx-file.ts'
import { openTested } from './open-tested.ts'
import { openSession } from './session.ts'
import type { CheckSetup } from './thread-setup.ts'

const model = workerData as CheckSetup
const labels =
  model.role === 'object-detector'
    ? (model.labels ?? parseNames(readOnnxFacts(model.path).metadata['names'] ?? ''))
    : []
const session = await openTested(() => openSession(model.path, 'cpu', 1), model, labels)
await session.close()
