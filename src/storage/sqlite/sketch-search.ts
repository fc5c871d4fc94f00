/** The search among all sketches, in a thread of its own, which starts with the first search. */
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { Sketch, SketchKind } from '../subjects/sketches.ts'
import { explain } from './faults.ts'

export interface SearchRequest {
  kind: SketchKind
  queries: readonly Sketch[]
  limit: number
}

export interface SearchResult {
  /** Numbers of the sketches, the nearest first. */
  found: { id: number, distance: number }[]
  upTo: number
}

export interface SketchSearcher {
  find (kind: SketchKind, queries: readonly Sketch[], limit: number): Promise<SearchResult>
  close (): Promise<void>
}

/** @param file the database, which the thread opens for itself, to read */
export function openSketchSearch (file: string): SketchSearcher {
  let thread: Worker | null = null
  const open = (): Worker => {
    const worker = new Worker(new URL('./sketch-thread.ts', import.meta.url), { workerData: { file }, execArgv: [] })
    worker.unref()
    // A thread that failed is replaced by the next search, which loads the sketches anew.
    worker.once('exit', () => { if (thread === worker) thread = null })
    worker.on('error', () => {})
    return worker
  }
  // One search after the other: the answers need no numbers.
  let last: Promise<unknown> = Promise.resolve()
  const ask = async (request: SearchRequest): Promise<SearchResult> => {
    thread ??= open()
    const failed = new AbortController()
    const { signal } = failed
    try {
      const answered = once(thread, 'message', { signal })
      const ended = once(thread, 'exit', { signal }).then(() => {
        throw new Error('the thread that searches sketches ended')
      })
      ended.catch(() => {})
      thread.postMessage(request)
      const [answer] = await Promise.race([answered, ended]) as [{ result: SearchResult } | { error: Error }]
      if ('error' in answer) throw explain(file, answer.error)
      return answer.result
    } finally {
      failed.abort()
    }
  }
  return {
    find (kind, queries, limit) {
      const found = last.then(() => ask({ kind, queries, limit }))
      last = found.catch(() => {})
      return found
    },
    async close () {
      await thread?.terminate()
    }
  }
}
