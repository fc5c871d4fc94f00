/** What people decided: `npm run reviews -- agreement`, `npm run reviews -- export DIR`. */
import { learnEntry } from '../src/audit/entry.ts'
import { runCommand, UsageError } from '../src/cli/run-command.ts'
import { loadConfig } from '../src/config/config.ts'
import { readEnvironment } from '../src/config/environment.ts'
import { agreementOf, agreementTable } from '../src/reviews/agreement.ts'
import { exportLabels } from '../src/reviews/export-labels.ts'
import { reviewLabels } from '../src/reviews/labels.ts'
import { openExistingStore } from '../src/storage/existing.ts'
import { openPhotoArchive } from '../src/storage/photo-archive.ts'
import { openSealer } from '../src/storage/sealing.ts'

const usage = `npm run reviews -- agreement
  npm run reviews -- export DIR

agreement prints how often the machine and a person said the same, by what was in question.
export writes labels and photos for npm run evaluate and npm run tasks -- teach; only photos that
KEEP_REVIEWED_DAYS or KEEP_PHOTOS kept, and with REQUIRE_CONSENT=true only of users with a reference to their consent.`

await runCommand({ usage, mostArguments: 2 }, async ({ args: [command, folder] }) => {
  if (command !== 'agreement' && command !== 'export') { throw new UsageError('Expected agreement or export DIR; --help shows how to call it.') }
  if ((command === 'export') !== (folder !== undefined)) { throw new UsageError('Expected a folder after export, and nothing after agreement; --help shows how to call it.') }
  const config = loadConfig(readEnvironment())
  const store = await openExistingStore(config)
  try {
    if (folder === undefined) {
      console.log(agreementTable(agreementOf(await Array.fromAsync(reviewLabels(store)))))
      return
    }
    const archive = openPhotoArchive(config, store, openSealer(config), error => { throw error })
    const { photos, notKept, withoutConsent, withoutLabel } = await exportLabels(store, archive, folder, config)
    await store.appendAudit(learnEntry({ photos, use: 'export' }))
    console.log(
      `${photos} photos with their labels are in ${folder}. Left out: ${notKept} without a kept photo, ${withoutConsent} without consent, ${withoutLabel} whose decision says nothing about task or liveness.`
    )
  } finally {
    await store.close()
  }
})
