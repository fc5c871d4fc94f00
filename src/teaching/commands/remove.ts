import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { readTasks } from '../../tasks/catalog.ts'
import { scenesDir } from '../../tasks/scenes/scene-file.ts'
import { type Command, sceneNamed } from './command.ts'

const usage = 'remove NAME'

export const remove: Command = {
  usage,
  summary: 'removes a scene file',
  async run (args, _, config) {
    await sceneNamed(args, usage, config)
    const name = args[0]!
    const file = join(scenesDir(config.TASKS_FILE), `${name}.json`)
    await rm(file)
    const rules = (await readTasks(config.TASKS_FILE)).flatMap(
      task => task.rules.filter(({ scene }) => scene === name).map(({ id }) => id)
    )
    const left =
      rules.length === 0
        ? ''
        : ` The rule ${rules.join(', ')} in ${config.TASKS_FILE} still names it and is not active any more.`
    return { data: { removed: file, rules }, text: `Removed ${file}.${left}` }
  }
}
