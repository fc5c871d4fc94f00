/**
 * Preloaded into the measured server (`node --import`): reports over the parent's IPC channel what only the process
 * itself can know. Runs in the main thread; the worker threads are started without it.
 */
import { monitorEventLoopDelay, performance } from 'node:perf_hooks'
import { isMainThread } from 'node:worker_threads'

export interface Probe {
  /** 99th percentile of the event-loop delay since the last reset, milliseconds. */
  loopDelayP99: number
  /** Resident set, bytes. */
  rss: number
  /** CPU time of all threads since the last reset, milliseconds. */
  cpu: number
  /** Wall-clock time since the last reset, milliseconds. */
  wall: number
}

/** Interval of the sampling timer, milliseconds; Node records the whole interval, so that it is taken off again. */
const resolution = 2

if (isMainThread && process.send !== undefined) {
  const delay = monitorEventLoopDelay({ resolution })
  delay.enable()
  let cpu = process.cpuUsage()
  let start = performance.now()
  process.on('message', question => {
    if (question === 'reset') {
      delay.reset()
      cpu = process.cpuUsage()
      start = performance.now()
    }
    const { user, system } = process.cpuUsage(cpu)
    const answer: Probe = {
      loopDelayP99: Math.max(0, delay.percentile(99) / 1e6 - resolution),
      rss: process.memoryUsage.rss(),
      cpu: (user + system) / 1000,
      wall: performance.now() - start
    }
    process.send!(answer)
  })
  // The channel alone must not keep a server alive that is closing.
  process.channel!.unref()
}
