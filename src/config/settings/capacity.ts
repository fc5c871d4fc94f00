/** Processes, threads, queues, time limits and memory. */
import { availableParallelism } from 'node:os'
import { Type } from '@sinclair/typebox'

export const capacitySettings = {
  WEB_CONCURRENCY: Type.Integer({
    default: 1,
    minimum: 1,
    maximum: 64,
    description: 'processes that share the port; each has its own workers and queue'
  }),
  WORKER_THREADS: Type.Integer({
    default: availableParallelism(),
    minimum: 1,
    maximum: 256,
    description:
      'worker threads of one process, each with its own model sessions (default: available cores, divided among the processes)'
  }),
  IDLE_THREADS: Type.Integer({
    default: Math.min(4, availableParallelism()),
    minimum: 1,
    maximum: 256,
    description:
      'threads with which objects are looked for while a photo is alone in the service, on a CPU; they cost the memory of one more object detector, and 1 does without (default: as many as there are workers, at most 4)'
  }),
  INTRA_OP_THREADS: Type.Integer({
    default: 1,
    minimum: 1,
    maximum: 256,
    description: 'onnxruntime threads inside one worker'
  }),
  QUEUE_MAX: Type.Integer({
    default: 64,
    minimum: 1,
    description:
      'photos that may wait or be worked on; beyond that requests get 503. One key, or without keys one address, takes at most three quarters of them'
  }),
  REQUEST_TIMEOUT: Type.Number({
    default: 30,
    exclusiveMinimum: 0,
    maximum: 3600,
    description: 'seconds after which a request that still waits or works is dropped with 503'
  }),
  UPLOAD_TIMEOUT: Type.Number({
    default: 20,
    exclusiveMinimum: 0,
    maximum: 3600,
    description: 'seconds in which a whole request must arrive; slower senders are cut off'
  }),
  JOB_TIMEOUT: Type.Number({
    default: 30,
    exclusiveMinimum: 0,
    maximum: 3600,
    description: 'seconds one model run may take before its worker is replaced'
  }),
  WORKER_HEAP_MB: Type.Integer({
    default: 512,
    minimum: 32,
    description: 'JavaScript heap of one worker, MiB; one that grows beyond is replaced'
  }),
  MEMORY_LIMIT_MB: Type.Integer({
    default: 0,
    minimum: 0,
    description:
      "resident memory of one process, MiB; beyond it the workers are replaced, one after another and between jobs (default: 85 % of the container's limit, divided among the processes; 0: none)"
  }),
  SHUTDOWN_TIMEOUT: Type.Number({
    default: 30,
    exclusiveMinimum: 0,
    maximum: 3600,
    description: 'seconds in which running requests may finish after SIGTERM'
  })
}
