/** Node.js, API keys, template key and webhooks: what the settings alone tell. */
import { openAccess } from '../access/access.ts'
import { isLoopbackHost } from '../access/local.ts'
import type { Config } from '../config/config.ts'
import { openSealer } from '../storage/sealing.ts'
import { openWebhooks } from '../webhooks/webhooks.ts'
import { attempt, type Finding, fine, hint, problem, skipped } from './finding.ts'

export function checkNode (version: string): Finding {
  const [major = 0] = version.split('.').map(Number)
  return major >= 24
    ? fine('Node.js', version)
    : problem(
      'Node.js',
        `${version} is too old, 24 is needed. Use \`npm start\` and \`npm run\`: after \`npm ci\` they use the right one.`
    )
}

export function checkAccess (config: Config): Finding {
  const warnings: string[] = []
  const log = {
    warn: (message: string) => { warnings.push(message) },
    error: (_: object, message: string) => { warnings.push(message) }
  }
  const opened = attempt(() => openAccess(config, log))
  if (opened instanceof Error) return problem('access', `${opened.message}.`)
  if (warnings.length > 0) return hint('access', `${warnings.join('; ')}.`)
  return fine(
    'access',
    isLoopbackHost(config.HOST) ? 'open to this machine only, or to API keys' : 'API keys are demanded'
  )
}

export function checkTemplateKey (config: Config): Finding {
  const sealer = attempt(() => openSealer(config))
  if (sealer instanceof Error) return problem('template key', `${sealer.message}.`)
  return sealer.keyId === null
    ? hint('template key', 'none: templates are stored unencrypted. `npm run keys -- template-key` makes a key.')
    : fine('template key', 'templates are encrypted')
}

export function checkWebhooks (config: Config): Finding {
  const webhooks = attempt(() => openWebhooks(config))
  if (webhooks instanceof Error) return problem('webhooks', `${webhooks.message}.`)
  if (!webhooks.enabled) return skipped('webhooks', 'switched off: no WEBHOOK_SECRET')
  return config.WEBHOOK_ORIGINS === ''
    ? hint(
      'webhooks',
      'WEBHOOK_SECRET is set and WEBHOOK_ORIGINS is not: every webhook is refused. List the origins of the receivers.'
    )
    : fine('webhooks', `posted to ${config.WEBHOOK_ORIGINS}`)
}
