/** When and how long to wait before a request is sent again. */

/** Seconds that the service asks to wait, from a 409, 429 or 503 with `Retry-After`; null: sending it again would not help. */
export function retryDelay ({ status, headers }: Response, now = Date.now()): number | null {
  const text = headers.get('retry-after')
  if (![409, 429, 503].includes(status) || text === null) return null
  const seconds = Number(text)
  if (Number.isFinite(seconds)) return Math.max(0, seconds)
  const date = Date.parse(text)
  return Number.isNaN(date) ? null : Math.max(0, (date - now) / 1000)
}

/** Resolves after the time, or rejects with the signal's reason as soon as it is aborted. */
export function wait (seconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) return reject(signal.reason)
    const stop = () => {
      clearTimeout(timer)
      reject(signal?.reason)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop)
      resolve()
    }, seconds * 1000)
    signal?.addEventListener('abort', stop, { once: true })
  })
}
