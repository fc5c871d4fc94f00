import { join } from 'node:path'
import { stat } from 'node:fs/promises'
import { fitsContract } from '../../tasks/scenes/scene-file.ts'
import { judgeNumbers } from '../../tasks/scenes/judge-scene.ts'
import { hashPhotos, photosInFolders } from '../list-photos.ts'
import { lookAtPhotos } from '../look-at-photos.ts'
import { TeachingError } from '../teaching-error.ts'
import { UsageError } from '../../cli/run-command.ts'
import { countSteps } from '../../cli/count-steps.ts'
import { type Command, sceneNamed, withPool } from './command.ts'

const usage = 'test NAME PHOTO_OR_DIR...'

export const test: Command = {
  usage: `${usage}\n\n  --subject LABEL    detection that stands for the person (default: person; "" for the whole picture)`,
  summary: 'the score of photos in a scene',
  options: { subject: { type: 'string' } },
  async run (args, values, config) {
    const scene = await sceneNamed(args, usage, config)
    const paths = args.slice(1)
    if (paths.length === 0) throw new UsageError(`Usage: npm run tasks -- ${usage}`)
    if (typeof scene === 'string') throw new TeachingError('unusable_scene', scene)
    const files = (await Promise.all(paths.map(filesOf))).flat()
    const { photos, refused } = await hashPhotos(files.map(file => ({ file, class: 'no', origin: file })))
    const subject = ((values.subject as string | undefined) ?? 'person').split(',').filter(label => label !== '')
    const seen = await withPool(config, async pool => {
      if (!fitsContract(scene, pool.features)) {
        throw new TeachingError(
          'other_detector',
          `Expected the detector ${scene.detector.id} (${scene.contract}), found one that gives ${pool.features}. Teach the scene again, or set YOLO_MODEL_PATH.`
        )
      }
      return lookAtPhotos(pool, photos, {
        maxPixels: config.MAX_PHOTO_MEGAPIXELS * 1e6,
        subject,
        cacheDir: join(config.MODELS_DIR, 'cache', 'teaching'),
        onStep: countSteps('Looking at photos', photos.length)
      })
    })
    const scores = photos.map(({ file }, i) => {
      const answer = seen[i]!
      if ('refused' in answer) return { file, score: null, proved: false, note: answer.refused }
      const score = answer.numbers === null ? 0 : judgeNumbers(scene, answer.numbers)!
      return {
        file,
        score,
        proved: score >= scene.threshold,
        note: answer.numbers === null ? `no ${subject.join(' or ')} was found` : ''
      }
    })
    const lines = scores.map(
      ({ file, score, proved, note }) =>
        `${score === null ? ' -  ' : score.toFixed(2)}  ${proved ? 'proved' : '      '}  ${file}${note === '' ? '' : `: ${note}`}`
    )
    return {
      data: { scene: scene.name, threshold: scene.threshold, photos: scores, refused },
      text: [
        ...refused.map(({ file, reason }) => `not used: ${file}: ${reason}`),
        `${scene.name}: ${scene.threshold.toFixed(2)} proves the task`,
        ...lines
      ].join('\n')
    }
  }
}

async function filesOf (path: string): Promise<string[]> {
  const found = await stat(path).catch(() => null)
  if (found === null) { throw new TeachingError('unreadable_photo', `Expected a photo or a folder at ${path}, found none.`) }
  return found.isDirectory()
    ? (await photosInFolders({ yes: [], no: [path], near: [] })).map(({ file }) => file)
    : [path]
}
