/**
 * A process that works at the reviews of the store which the environment names until it is killed. `decide COUNT`
 * decides the reviews 0 to COUNT - 1, `deliver` leases webhooks and ends none. Each one is a line on stdout.
 */
import { writeSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { loadConfig } from '../../src/config/config.ts'
import { openStore } from '../../src/storage/index.ts'
import { shortLeases } from './deferred-contract.ts'
import { deferredIdOf, entryOf } from './samples.ts'

const [command, count = '0'] = process.argv.slice(2)
const store = await openStore(loadConfig(process.env), undefined, shortLeases)

if (command === 'decide') {
  for (let i = 0; i < Number(count); i++) {
    const decision = { decision: 'approve' as const, note: null, key: 'killed', at: new Date().toISOString() }
    await store.decideReview(deferredIdOf(i), decision, { approvals: 1, audit: entryOf('review', 'ana') })
    writeSync(1, `${deferredIdOf(i)}\n`)
  }
} else {
  for (;;) {
    for (const { id } of await store.leaseReviewWebhooks(5)) writeSync(1, `${id}\n`)
    await sleep(50)
  }
}
