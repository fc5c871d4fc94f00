import { exitCodes } from '../../cli/run-command.ts'
import { type Command, figuresText, sceneNamed } from './command.ts'

const usage = 'show NAME'

export const show: Command = {
  usage,
  summary: 'what a scene was taught with, and what it is worth',
  async run (args, _, config) {
    const scene = await sceneNamed(args, usage, config)
    if (typeof scene === 'string') { return { data: { name: args[0], problem: scene }, text: scene, code: exitCodes.notDone } }
    const { weights, ...data } = scene
    const { yes, no, near, refused, origins } = scene.photos
    return {
      data,
      text: [
        `${scene.name}, taught ${scene.taught} with the detector ${scene.detector.id} (${scene.contract})`,
        `with ${yes} photos of the task, ${no} others and ${near} near misses, of ${origins} origins; ${refused} were refused`,
        `photos: ${scene.licence}`,
        `list of photos: sha256 ${scene.list}`,
        '',
        figuresText(scene)
      ].join('\n')
    }
  }
}
