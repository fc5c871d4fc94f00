/** An error on its way to another thread, which keeps only the message of the errors it receives. */

export interface ThreadError {
  threadError: { name: string, code: string | undefined, message: string, stack: string | undefined }
}

/** To be thrown instead of the error: a plain object crosses whole. */
export function toThreadError (error: unknown): ThreadError {
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error))
  return { threadError: { name, code: codeOf(error), message, stack } }
}

function codeOf (error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null)?.code
  return typeof code === 'string' ? code : undefined
}
