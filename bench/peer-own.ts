/** This project's models in the threads of one process, without HTTP, queue and store; see peer.ts. */
import pino from 'pino'
import { loadConfig } from '../src/config/config.ts'
import { prepareDetector } from '../src/models/input-size.ts'
import { readManifest } from '../src/models/manifest-file.ts'
import { resolveModels } from '../src/models/resolve.ts'
import { openModels } from '../workers/open-models.ts'
import { answerWith } from './peer.ts'

const config = loadConfig(process.env)
const models = await resolveModels(config, await readManifest(config))
if (models.objectDetector !== null) {
  models.objectDetector = await prepareDetector(models.objectDetector, config, message => pino().warn(message))
}
const opened = await openModels({ models, provider: 'cpu', intraOpThreads: 1 })

answerWith(async (bytes, everything) => {
  const { frame } = await opened.decode({ bytes, maxPixels: 50e6 })
  if (frame === undefined) throw new Error('The photo cannot be decoded.')
  const [face] = await opened.faces({ frame, embedLimit: 1 })
  if (everything) await opened.objects({ frame })
  const live = everything && face !== undefined ? await opened.liveness({ frame, box: face.box }) : null
  return {
    embedding: face?.embedding == null ? null : [...face.embedding],
    live: live === null ? {} : { liveness: live.score }
  }
})
