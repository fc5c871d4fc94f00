/** One side of the comparison in a process of its own: looks at the photos that it is sent, and says what it saw. */
import { readFile } from 'node:fs/promises'

export interface Question {
  file: string
  /** Whether objects are looked for and liveness is judged, too. */
  everything: boolean
}

export interface Seen {
  /** CPU milliseconds of the process, decoding included. */
  cpu: number
  /** Of the largest face; null without one. */
  embedding: number[] | null
  /** How live that face looks by each score that there is, higher for people. */
  live: Record<string, number>
}

export type Look = (bytes: Buffer, everything: boolean) => Promise<Omit<Seen, 'cpu'>>

/** Answers questions of the parent, one after the other, until it leaves. */
export function answerWith (look: Look): void {
  let last = Promise.resolve()
  process.on('message', ({ file, everything }: Question) => {
    last = last.then(async () => {
      const bytes = await readFile(file)
      const before = process.cpuUsage()
      const seen = await look(bytes, everything)
      const { user, system } = process.cpuUsage(before)
      process.send!({ ...seen, cpu: (user + system) / 1000 } satisfies Seen)
    })
  })
  process.send!('ready')
}
