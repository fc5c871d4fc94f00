/** `npm run doctor`: prints the findings; the exit code is 1 when something must be mended before the service works. */
import { existsSync } from 'node:fs'
import { styleText } from 'node:util'
import { diagnose, type Finding } from '../src/doctor/doctor.ts'

if (existsSync('.env')) process.loadEnvFile('.env')

const marks: Record<Finding['state'], string> = {
  fine: styleText('green', 'ok     '),
  hint: styleText('yellow', 'hint   '),
  problem: styleText('red', 'PROBLEM'),
  skipped: styleText('dim', 'skipped')
}

const counts = { fine: 0, hint: 0, problem: 0, skipped: 0 }
for await (const { state, subject, text } of diagnose(process.env)) {
  counts[state]++
  console.log(`${marks[state]}  ${subject}: ${text}`)
}
console.log(counts.problem === 0
  ? `\nThe service can start.${counts.hint > 0 ? ` ${counts.hint} hints above.` : ''}`
  : `\n${counts.problem} ${counts.problem === 1 ? 'problem' : 'problems'} to mend; docs/troubleshooting.md helps further.`)
process.exitCode = counts.problem === 0 ? 0 : 1
