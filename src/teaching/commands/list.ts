import { readTasks } from '../../tasks/catalog.ts'
import { readScenes, scenesDir } from '../../tasks/scenes/scene-file.ts'
import { type Command, rateText } from './command.ts'

export const list: Command = {
  usage: 'list',
  summary: 'the scenes that were taught, and the rules that use them',
  async run (_, __, config) {
    const scenes = await readScenes(scenesDir(config.TASKS_FILE))
    const tasks = await readTasks(config.TASKS_FILE)
    const usedBy = (name: string) =>
      tasks.flatMap(task => task.rules.filter(({ scene }) => scene === name).map(({ id }) => `${task.name}/${id}`))
    const data = [...scenes].map(([name, scene]) => typeof scene === 'string'
      ? { name, problem: scene, usedBy: usedBy(name) }
      : {
          name,
          taught: scene.taught,
          detector: scene.detector.id,
          threshold: scene.threshold,
          figures: scene.figures,
          photos: scene.photos,
          usedBy: usedBy(name)
        })
    const lines = data.map(scene =>
      'problem' in scene
        ? `${scene.name}: ${scene.problem}`
        : `${scene.name}: proves ${rateText(scene.figures.proven)} of the task and ${rateText(scene.figures.false)} of others; detector ${scene.detector}; ${scene.usedBy.length === 0 ? 'no rule uses it' : `used by ${scene.usedBy.join(', ')}`}`
    )
    return { data, text: lines.join('\n') || `There are no scenes in ${scenesDir(config.TASKS_FILE)}.` }
  }
}
