/** Prints the findings; the exit code is 1 when something has to be fixed before the service works. */
import { styleText } from 'node:util'
import { runCommand } from '../src/cli/run-command.ts'
import { readEnvironment } from '../src/config/environment.ts'
import { diagnose } from '../src/doctor/doctor.ts'
import type { Finding } from '../src/doctor/finding.ts'

const usage = 'npm run doctor   check the installation and the settings; exit code 1 when the service cannot start'

const marks: Record<Finding['state'], string> = {
  fine: styleText('green', 'ok     '),
  hint: styleText('yellow', 'hint   '),
  problem: styleText('red', 'PROBLEM'),
  skipped: styleText('dim', 'skipped')
}

await runCommand({ usage }, async () => {
  const counts = { fine: 0, hint: 0, problem: 0, skipped: 0 }
  for await (const { state, subject, text } of diagnose(readEnvironment())) {
    counts[state]++
    console.log(`${marks[state]}  ${subject}: ${text}`)
  }
  console.log(
    counts.problem === 0
      ? `\nThe service can start.${counts.hint > 0 ? ` ${counts.hint} hints above.` : ''}`
      : `\n${counts.problem} ${counts.problem === 1 ? 'problem' : 'problems'} to fix; docs/troubleshooting.md helps further.`
  )
  return counts.problem === 0 ? 0 : 1
})
