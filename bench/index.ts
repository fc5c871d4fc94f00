/**
 * `npm run bench`: measures the running service and writes RESULTS.md beside this file. With section names as arguments
 * it measures only those and prints them; `--soak` overloads and kills the service instead, and `--peers` measures
 * another library on the same photos.
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
import { measurePeers } from './peers.ts'
import { measurePrecision } from './precision.ts'
import { measureQuantised } from './quantised.ts'
import { measureRecords } from './records.ts'
import { writeResults } from './results.ts'
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

const usage = `npm run bench -- [--soak | --peers] [--write] [SECTION...]

Sections: ${Object.keys(sections).join(', ')} (default: all, written to bench/RESULTS.md;
those that are named are written with --write, and say on which machine). --soak and --peers are runs of their own, which
write their section.`

await runCommand(
  {
    usage,
    options: { soak: { type: 'boolean' }, peers: { type: 'boolean' }, write: { type: 'boolean' } },
    mostArguments: Infinity
  },
  async ({ args, values }) => {
    const unknown = args.filter(name => !(name in sections))
    if (unknown.length > 0) { throw new UsageError(`There is no section ${unknown.join(', ')}; known are ${Object.keys(sections).join(', ')}.`) }
    await checkSamples()
    if (values.soak === true) return await runSoak()
    return values.peers === true ? await runPeers() : await runSections(args, values.write === true)
  }
)

async function runSoak (): Promise<number> {
  const { text, met } = await soak()
  console.log(text)
  await writeResults([{ title: 'Overload and crashes', text: `Written by \`npm run bench -- --soak\`.\n\n${text}` }])
  return met ? 0 : 1
}

async function runPeers (): Promise<number> {
  const text = await measurePeers()
  console.log(text)
  await writeResults([{ title: 'Beside another library', text: `Written by \`npm run bench -- --peers\`.\n\n${text}` }])
  return 0
}

async function runSections (wanted: string[], write: boolean): Promise<number> {
  const machine = describeMachine()
  const measured = []
  for (const [name, { title, measure }] of Object.entries(sections)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue
    const text = await measure()
    console.log(`\n## ${title}\n\n${text}`)
    measured.push({ title, text: wanted.length === 0 ? text : `By a run of its own:\n\n${machine}\n\n${text}` })
  }
  const head = `# Benchmark\n\nWritten by \`npm run bench\`; how each idea fared is in NOTES.md.\n\n${machine}`
  if (wanted.length === 0) await writeResults(measured, head)
  else if (write) await writeResults(measured)
  return 0
}
