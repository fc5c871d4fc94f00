import { learnEntry } from '../../audit/entry.ts'
import { openExistingStore } from '../../storage/existing.ts'
import { openPhotoArchive } from '../../storage/photo-archive.ts'
import { openSealer } from '../../storage/sealing.ts'
import { settingsOf } from '../../storage/tenants.ts'
import { reviewedPhotos } from '../reviewed-photos.ts'
import type { Command } from './command.ts'
import { listedPhotos, sceneNameOf, teachingOptions, teachingUsage, teachPhotos } from './teach-photos.ts'

const usage = `learn-from-reviews NAME [--task TASK] [--yes DIR] [--no DIR] [--near DIR]

  --task TASK        the task whose reviews teach (default: NAME)
  --tenant NAME      the namespace whose reviews teach (default: that without a name)
  --yes, --no, --near DIR
                     more photos, as for teach; proofs that a person approved for other tasks are --no
${teachingUsage}`

export const learnFromReviews: Command = {
  usage,
  summary: 'teaches a task by photos that reviewers decided (KEEP_REVIEWED_DAYS), as teach does',
  options: { ...teachingOptions, task: { type: 'string' }, tenant: { type: 'string' } },
  async run (args, values, config) {
    const name = sceneNameOf(args, usage)
    const more = await listedPhotos(name, values)
    const tenant = (values.tenant as string | undefined) ?? null
    const sealer = openSealer(config)
    const store = await openExistingStore(config, sealer, tenant)
    try {
      const archive = openPhotoArchive(await settingsOf(config, tenant), store, sealer, error => { throw error })
      const task = (values.task as string | undefined) ?? name
      const { photos, notKept, withoutConsent } = await reviewedPhotos(store, archive, config, task)
      process.stderr.write(
        `${photos.length} photos of reviews. Left out: ${notKept} without a kept photo, ${withoutConsent} without consent.\n`
      )
      await store.appendAudit(learnEntry({ photos: photos.length, scene: name, task }))
      return await teachPhotos(name, [...photos, ...more], values, config)
    } finally {
      await store.close()
    }
  }
}
