/** A proposed policy beside the current one: what it would have said of each verdict, without ever saying it. */
import { parseEnv } from 'node:util'
import { type Config, ConfigError, loadConfig } from '../config/config.ts'
import { readTextFile } from '../config/text-file.ts'
import type { ModelSet } from '../../workers/types.ts'
import type { VerifyAnswer } from '../schemas/verdict.ts'
import { withChallenge } from './checks/challenge.ts'
import { checkLiveness } from './checks/liveness.ts'
import { activeThresholds } from './thresholds.ts'

/** `uncertain`: rejected for nothing but an uncertain liveness, so that a challenge or a person may turn it. */
export type ShadowVerdict = 'approved' | 'uncertain' | 'rejected'

type Judged = Pick<VerifyAnswer, 'status' | 'reasons' | 'checks'>

export interface Shadow {
  /**
   * What the current and the proposed policy say.
   * @param challenged whether the proof came with a passed challenge
   */
  compare (answer: Judged, challenged: boolean): { current: ShadowVerdict, proposed: ShadowVerdict }
}

/** What a policy may change, as `npm run calibrate` writes it. */
const proposable = ['LIVENESS_UNCERTAIN', 'LIVENESS_THRESHOLD'] as const

/**
 * Reads SHADOW_POLICY; null: there is none.
 * @throws {ConfigError} for a file that cannot be read, or that changes anything but liveness thresholds
 */
export async function openShadow (config: Config, models: ModelSet): Promise<Shadow | null> {
  const path = config.SHADOW_POLICY
  if (path === '') return null
  const thresholds = activeThresholds(proposedConfig(config, path, await readPolicy(path)), models)
  return {
    compare: (answer, challenged) => ({
      current: verdictOf(answer.reasons),
      proposed: verdictOf(proposedReasons(answer, { thresholds, challenged, mode: config.LIVENESS_MODE }))
    })
  }
}

async function readPolicy (path: string): Promise<string> {
  return readTextFile(path).catch(error => {
    throw error instanceof ConfigError
      ? error
      : new ConfigError(`SHADOW_POLICY ${path} cannot be read: ${error.message}; write it with npm run calibrate`)
  })
}

/** A policy that names one of the two settings leaves the other at its default, as it would in `.env` alone. */
function proposedConfig (config: Config, path: string, text: string): Config {
  const found = parseEnv(text)
  const names = Object.keys(found)
  const others = names.filter(name => !(proposable as readonly string[]).includes(name))
  if (names.length === 0 || others.length > 0) {
    throw new ConfigError(
      `SHADOW_POLICY ${path} is expected to set ${proposable.join(' or ')}, found ${others.join(', ') || 'no setting'}`
    )
  }
  const { LIVENESS_UNCERTAIN, LIVENESS_THRESHOLD } = loadConfig(found)
  const { LIVENESS_THRESHOLD: _, ...current } = config
  return { ...current, LIVENESS_UNCERTAIN, ...LIVENESS_THRESHOLD !== undefined && { LIVENESS_THRESHOLD } }
}

const ofLiveness: readonly string[] = ['not_live', 'liveness_uncertain', 'challenge_required']

function proposedReasons (
  { reasons, checks: { liveness: current } }: Judged,
  { thresholds, challenged, mode }: {
    thresholds: Parameters<typeof checkLiveness>[1], challenged: boolean, mode: Config['LIVENESS_MODE']
  }
): VerifyAnswer['reasons'] {
  if (current.outcome === 'skipped' || current.score === null) return reasons
  const { score, models } = current
  const passive = checkLiveness({ liveness: { score, models } }, thresholds)
  const { reason } = withChallenge(passive, challenged ? 'passed' : null, mode)
  const others = reasons.filter(reason => !ofLiveness.includes(reason))
  return reason === undefined ? others : [...others, reason as VerifyAnswer['reasons'][number]]
}

function verdictOf (reasons: VerifyAnswer['reasons']): ShadowVerdict {
  if (reasons.length === 0) return 'approved'
  return reasons.every(reason => reason === 'liveness_uncertain') ? 'uncertain' : 'rejected'
}
