/** Teaching takes a processor for up to a minute: in a thread of its own it keeps nobody waiting. */
import { parentPort, workerData } from 'node:worker_threads'
import { teach, type TaughtPhoto, type TeachOptions } from '../teach.ts'

const { photos, options } = workerData as { photos: TaughtPhoto[], options: TeachOptions }
const taught = teach(photos, { ...options, onStep: (done, of) => parentPort!.postMessage({ done, of }) })
parentPort!.postMessage({ taught })
