import { AUDIT_OPTIONS, AUDIT_USAGE, runAudit } from '../src/audit/audit-cli.ts'
import { runCommand } from '../src/cli/run-command.ts'
import { loadConfig } from '../src/config/config.ts'
import { readEnvironment } from '../src/config/environment.ts'
import { openExistingStore } from '../src/storage/existing.ts'

await runCommand({
  usage: AUDIT_USAGE,
  options: AUDIT_OPTIONS,
  mostArguments: 2
}, async ({ args, values: { tenant } }) => {
  const store = await openExistingStore(loadConfig(readEnvironment()), undefined, tenant as string | undefined ?? null)
  try {
    const { output, ok } = await runAudit(args, store)
    console.log(output)
    return ok ? 0 : 1
  } finally {
    await store.close()
  }
})
