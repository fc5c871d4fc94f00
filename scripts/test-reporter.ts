/** What a tap run prints: each failed file as it ends; at the end every failure, the slowest files and a summary. */
import { Transform } from 'node:stream'
import { Parser, type Result } from 'tap-parser'

/** Where to look when a run takes too long. */
const SLOWEST_FILES = 10

/** The reporter that `.taprc` names: TAP of the whole run in, text for a person out. */
export default class TestReporter extends Transform {
  readonly #parser = new Parser()
  readonly #failures: Result[] = []
  readonly #seconds: { name: string, seconds: number }[] = []
  readonly #counts = { files: 0, failedFiles: 0, passed: 0, skipped: 0 }

  constructor () {
    super()
    this.#parser.on('assert', file => this.#countFile(file))
    this.#parser.on('pass', () => { this.#counts.passed++ })
    this.#parser.on('skip', () => { this.#counts.skipped++ })
    this.#parser.on('fail', failure => { this.#failures.push(failure) })
  }

  #countFile (file: Result) {
    this.#counts.files++
    this.#seconds.push({ name: file.name, seconds: (file.time ?? 0) / 1000 })
    if (file.ok) return
    this.#counts.failedFiles++
    this.push(`FAILED ${file.name}\n`)
  }

  #slowest (): string {
    if (this.#seconds.length <= SLOWEST_FILES) return ''
    const rows = this.#seconds.toSorted((a, b) => b.seconds - a.seconds).slice(0, SLOWEST_FILES)
    return `\nSlowest files:\n${rows.map(({ name, seconds }) => `${seconds.toFixed(0).padStart(6)} s  ${name}\n`).join('')}`
  }

  override _transform (chunk: Buffer, _encoding: string, done: () => void) {
    this.#parser.write(chunk.toString())
    done()
  }

  override _flush (done: () => void) {
    this.#parser.end()
    for (const failure of this.#failures) this.push(described(failure))
    this.push(this.#slowest())
    const { files, failedFiles, passed, skipped } = this.#counts
    this.push(
      `\n${files} files, ${failedFiles} failed. ${passed} assertions passed, ${this.#failures.length} failed, ${skipped} skipped.\n`
    )
    done()
  }
}

function described ({ fullname, diag }: Result): string {
  const details = Object.entries(diag ?? {}).map(
    ([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}\n`
  )
  return `\nFAILED ${fullname}\n${details.join('')}`
}
