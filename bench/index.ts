/**
 * `npm run bench`: measures the running service and writes RESULTS.md beside this file. With section names as arguments
 * it measures only those and prints them.
 */
import { writeFile } from 'node:fs/promises'
import { describeMachine } from './machine.ts'
import { checkSamples } from './photos.ts'
import { measureThroughput } from './throughput.ts'

const sections: Record<string, { title: string, measure: () => Promise<string> }> = {
  throughput: { title: 'Throughput and latency', measure: measureThroughput }
}

const wanted = process.argv.slice(2)
const unknown = wanted.filter(name => !(name in sections))
if (unknown.length > 0) throw new Error(`There is no section ${unknown.join(', ')}; known are ${Object.keys(sections).join(', ')}.`)

await checkSamples()
const parts = ['# Benchmark', '', 'Written by `npm run bench`; how each idea fared is in NOTES.md.', '', describeMachine()]
for (const [name, { title, measure }] of Object.entries(sections)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  const text = await measure()
  console.log(`\n## ${title}\n\n${text}`)
  parts.push('', `## ${title}`, '', text)
}
if (wanted.length === 0) await writeFile(new URL('RESULTS.md', import.meta.url), `${parts.join('\n')}\n`)
