/**
 * A process that works at the jobs of the store which the environment names. `hold` leases one job and does nothing
 * more until it is killed; `work` records each job that it leases. Each job is one line on stdout.
 */
import { writeSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { loadConfig } from '../../src/config/config.ts'
import { openStore } from '../../src/storage/index.ts'
import { quickPolicies } from './deferred-contract.ts'
import { entryOf, verificationOf } from './samples.ts'

const store = await openStore(loadConfig(process.env), undefined, quickPolicies)
for (;;) {
  for (const { id, attempt } of await store.leaseDeferred(1)) {
    writeSync(1, `${id}\n`)
    if (process.argv[2] === 'hold') await sleep(60_000)
    await store.recordVerification(verificationOf(id, 'ana'), {
      audit: entryOf('verify', 'ana'),
      deferred: { id, attempt, status: 'done', outcome: '{}' }
    })
  }
  await sleep(50)
}
