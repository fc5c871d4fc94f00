/**
 * `npm run doctor`: looks at everything that a start needs, in the order in which it is needed, and says what to do
 * about what is wrong. It downloads nothing and leaves nothing behind.
 */
import type { ModelSet } from '../../workers/types.ts'
import { loadConfig } from '../config/config.ts'
import { unknownNames } from '../config/environment.ts'
import { checkPage, checkPort, checkStore } from './check-installation.ts'
import { checkModels, checkSessions, checkShadow, checkTasks, Unusable } from './check-models.ts'
import { checkAccess, checkNode, checkTemplateKey, checkWebhooks } from './check-settings.ts'
import { attempt, type Finding, fine, hint, problem, sentence } from './finding.ts'

/**
 * Yields findings as they are made. Never throws for what it diagnoses.
 * @param unknown names in `.env` that are no settings; given only in tests
 */
export async function * diagnose (
  env: Record<string, string | undefined>,
  nodeVersion = process.versions.node,
  unknown = unknownNames()
): AsyncGenerator<Finding> {
  yield checkNode(nodeVersion)

  const config = attempt(() => loadConfig(env))
  if (config instanceof Error) {
    yield problem(
      'settings',
      `${config.message}. Correct the environment or .env; docs/configuration.md explains every setting.`
    )
    return
  }
  yield fine('settings', 'every value can be used')
  if (unknown.length > 0) {
    yield hint(
      '.env',
      `${unknown.join(', ')}: no setting of the service has such a name, and it is ignored. Compare it with docs/configuration.md, or leave it if another program reads it.`
    )
  }
  yield checkAccess(config)
  yield checkTemplateKey(config)
  yield checkWebhooks(config)

  let models: ModelSet | null = null
  try {
    models = yield * checkModels(config)
  } catch (error) {
    if (!(error instanceof Unusable)) yield problem('models', sentence(error))
  }
  const seen = models === null ? null : yield * checkSessions(models, config)
  yield * checkTasks(config, seen)
  if (models !== null && config.SHADOW_POLICY !== '') yield await checkShadow(config, models)
  yield await checkStore(config)
  yield await checkPort(config)
  yield checkPage(config)
}
