import { UsageError } from '../../cli/run-command.ts'
import type { Command } from './command.ts'
import { listedPhotos, sceneNameOf, teachingOptions, teachingUsage, teachPhotos } from './teach-photos.ts'

const usage = `teach NAME --yes DIR --no DIR [--near DIR]

  --yes DIR          photos of the task; a folder in it is one origin (a camera, an occasion), may be given more than once
  --no DIR           other photos of people
  --near DIR         near misses: photos that nearly show the task
${teachingUsage}`

export const teach: Command = {
  usage,
  summary: 'teaches a task by example photos, and writes it as scenes/NAME.json beside the tasks file',
  options: teachingOptions,
  async run (args, values, config) {
    const name = sceneNameOf(args, usage)
    if (values.labels === undefined && (values.yes === undefined || values.no === undefined)) {
      throw new UsageError(
        `Expected photos of the task (--yes) and others (--no), or a table (--labels).\nUsage: npm run tasks -- ${usage}`
      )
    }
    return teachPhotos(name, await listedPhotos(name, values), values, config)
  }
}
