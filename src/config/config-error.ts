/**
 * Raised when the environment cannot be used; the message names every bad setting, what was found and what is expected.
 */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}
