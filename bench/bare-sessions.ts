/** Opens the bare sessions in a number of threads, runs each model, and reports the resident memory to its parent. */
import { openFloor } from './floor.ts'
import type { FloorSetup } from './floor-worker.ts'

const { setup, threads } = JSON.parse(process.argv[2]!) as { setup: FloorSetup, threads: number }
const floor = await openFloor(setup, threads)
await floor.measure(1)
process.send!(process.memoryUsage.rss(), () => process.exit(0))
