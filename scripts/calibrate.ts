/** Proposes limits from what people decided: `npm run calibrate -- --from reviews`. */
import { writeFile } from 'node:fs/promises'
import { exitCodes, runCommand, UsageError } from '../src/cli/run-command.ts'
import { loadConfig } from '../src/config/config.ts'
import { readEnvironment } from '../src/config/environment.ts'
import { readManifest } from '../src/models/manifest-file.ts'
import { resolveModels } from '../src/models/resolve.ts'
import { policyFile, proposeZone } from '../src/reviews/calibrate.ts'
import { reviewLabels } from '../src/reviews/labels.ts'
import { openExistingStore } from '../src/storage/existing.ts'
import { activeThresholds } from '../src/verification/thresholds.ts'

const usage = `npm run calibrate -- --from reviews [--out FILE]

Prints, or writes to FILE, settings that reviews of an uncertain liveness support, with the figures. A limit moves only where
at most 5 % of its decisions would differ from a person's, with 95 % confidence: 73 reviews without an error. Nothing is
changed. The exit code is 1 where no score is uncertain, so that there is nothing to propose.`

await runCommand(
  { usage, options: { from: { type: 'string' }, out: { type: 'string' } } },
  async ({ values: { from, out } }) => {
    if (from !== 'reviews') throw new UsageError('Expected --from reviews; --help shows how to call it.')
    const config = loadConfig(readEnvironment())
    const { uncertain } = activeThresholds(config, await resolveModels(config, await readManifest(config)))
    if (uncertain === null) {
      console.error(
        'No liveness score is uncertain with these settings (LIVENESS_UNCERTAIN): there is nothing to propose.'
      )
      return exitCodes.notDone
    }
    const store = await openExistingStore(config)
    try {
      const policy = policyFile(proposeZone(await Array.fromAsync(reviewLabels(store)), uncertain), uncertain)
      if (out === undefined) console.log(policy.trimEnd())
      else await writeFile(String(out), policy)
    } finally {
      await store.close()
    }
  }
)
