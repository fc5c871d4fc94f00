/** The same work; calls while it is under way wait for it and share its result. */
export function shared<T> (work: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | null = null
  return () => {
    running ??= work().finally(() => { running = null })
    return running
  }
}
