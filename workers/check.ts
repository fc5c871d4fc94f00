/** The entry of a worker thread that opens one model and puts it through the start-up self-test. */
import { workerData } from 'node:worker_threads'
import { parseNames, readOnnxFacts } from './onnx-file.ts'
import { selfTest } from './self-test.ts'
import { openSession } from './session.ts'
import type { CheckSetup } from './types.ts'

const model = workerData as CheckSetup
const session = await openSession(model.path, 'cpu', 1)
const labels = model.role === 'object-detector' ? model.labels ?? parseNames(readOnnxFacts(model.path).metadata['names'] ?? '') : []
await selfTest(model, session, labels)
await session.close()
