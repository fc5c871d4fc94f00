/** What a check of the doctor has found. */
import { ConfigError } from '../config/config.ts'

export interface Finding {
  /** `problem`: the service will not start or not work. `hint`: it works, but maybe not as wanted. */
  state: 'fine' | 'hint' | 'problem' | 'skipped'
  subject: string
  /** What was found and, unless fine, what to do. */
  text: string
}

/** What went wrong, without a stack. */
export function sentence (error: unknown): string {
  const { message } = error as Error
  return /[.!?)]$/.test(message) ? message : `${message}.`
}

/** The settings' error as a value. Anything else is a fault of ours and thrown. */
export function attempt<T> (work: () => T): T | ConfigError {
  try {
    return work()
  } catch (error) {
    if (error instanceof ConfigError) return error
    throw error
  }
}

export function fine (subject: string, text: string): Finding {
  return { state: 'fine', subject, text }
}

export function hint (subject: string, text: string): Finding {
  return { state: 'hint', subject, text }
}

export function problem (subject: string, text: string): Finding {
  return { state: 'problem', subject, text }
}

export function skipped (subject: string, text: string): Finding {
  return { state: 'skipped', subject, text }
}
