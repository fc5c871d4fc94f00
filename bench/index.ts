/**
 * `npm run bench`: measures the running service and writes RESULTS.md beside this file. With section names as arguments
 * it measures only those and prints them; `--soak` overloads and kills the service instead.
 */
import { runCommand, UsageError } from '../src/cli/run-command.ts'
import { measureChallenge } from './challenge.ts'
import { measureCollector } from './collector.ts'
import { measureFairness } from './fairness.ts'
import { measureGrid } from './grid.ts'
import { measureLatency } from './latency.ts'
import { describeMachine } from './machine.ts'
import { measureMemory } from './memory.ts'
import { checkSamples } from './photos.ts'
import { measurePrecision } from './precision.ts'
import { measureQuantised } from './quantised.ts'
import { measureRecords } from './records.ts'
import { writeResults, writeSoak } from './results.ts'
import { measureScale } from './scale.ts'
import { measureScenes } from './scenes.ts'
import { measureSketches } from './sketches.ts'
import { soak } from './soak.ts'
import { measureStart } from './start.ts'
import { measureThroughput } from './throughput.ts'

const sections: Record<string, { title: string, measure: () => Promise<string> }> = {
  throughput: { title: 'Throughput', measure: measureThroughput },
  latency: { title: 'Latency of an idle service', measure: measureLatency },
  grid: { title: 'Workers and threads', measure: measureGrid },
  memory: { title: 'Memory', measure: measureMemory },
  collector: { title: 'Garbage collection', measure: measureCollector },
  start: { title: 'Start', measure: measureStart },
  quantised: { title: 'Input sizes and int8', measure: measureQuantised },
  precision: { title: 'fp32 and int8', measure: measurePrecision },
  fairness: { title: 'One client floods', measure: measureFairness },
  scale: { title: 'Enrolled users', measure: measureScale },
  sketches: { title: 'Search among a million', measure: measureSketches },
  records: { title: 'Stored records', measure: measureRecords },
  challenge: { title: 'Challenges', measure: measureChallenge },
  scenes: { title: 'Scenes', measure: measureScenes }
}

const usage = `npm run bench -- [--soak] [SECTION...]

Sections: ${Object.keys(sections).join(', ')} (default: all, written to bench/RESULTS.md).`

await runCommand(
  { usage, options: { soak: { type: 'boolean' } }, mostArguments: Infinity },
  async ({ args, values }) => {
    const unknown = args.filter(name => !(name in sections))
    if (unknown.length > 0) { throw new UsageError(`There is no section ${unknown.join(', ')}; known are ${Object.keys(sections).join(', ')}.`) }
    await checkSamples()
    return values.soak === true ? await runSoak() : await runSections(args)
  }
)

async function runSoak (): Promise<number> {
  const { text, met } = await soak()
  console.log(text)
  await writeSoak(text)
  return met ? 0 : 1
}

async function runSections (wanted: string[]): Promise<number> {
  const parts = [
    '# Benchmark',
    '',
    'Written by `npm run bench`; how each idea fared is in NOTES.md.',
    '',
    describeMachine()
  ]
  for (const [name, { title, measure }] of Object.entries(sections)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue
    const text = await measure()
    console.log(`\n## ${title}\n\n${text}`)
    parts.push('', `## ${title}`, '', text)
  }
  if (wanted.length === 0) await writeResults(`${parts.join('\n')}\n`)
  return 0
}
