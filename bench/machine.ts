/** What the numbers were measured on. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os'

export function describeMachine (): string {
  const version = (name: string): string =>
    (
      JSON.parse(readFileSync(createRequire(import.meta.url).resolve(`${name}/package.json`), 'utf8')) as {
        version: string
      }
    ).version
  return [
    `${availableParallelism()} cores, ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB`,
    `${process.platform} ${process.arch}, Node ${process.versions.node}, onnxruntime-node ${version('onnxruntime-node')} (CPU)`,
    `load average before the run ${loadavg()[0]!.toFixed(2)}`
  ]
    .map(line => `- ${line}`)
    .join('\n')
}
