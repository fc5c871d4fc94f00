/** A table of sketches in memory that is searched from end to end: one million in some 40 ms, 68 MB. */
import { bitCount, SKETCH_WORDS, wordsOf } from './sketch.ts'

export class SketchTable {
  readonly #width: number
  #words: Uint32Array
  #ids = new Uint32Array(1024)
  #count = 0

  /**
   * @param width words of a sketch that are kept; those after them are the same in all, as the empty half of a photo's
   * hash
   */
  constructor (width = SKETCH_WORDS) {
    this.#width = width
    this.#words = new Uint32Array(1024 * width)
  }

  get size (): number {
    return this.#count
  }

  /** @param id a whole number below 2^32, larger than all before it */
  add (id: number, sketch: Uint8Array): void {
    if (this.#count === this.#ids.length) this.#grow()
    this.#ids[this.#count] = id
    this.#words.set(wordsOf(sketch).subarray(0, this.#width), this.#count * this.#width)
    this.#count++
  }

  /** Removes what is there, bits included; the order of the others stays. */
  remove (ids: ReadonlySet<number>): void {
    let kept = 0
    for (let row = 0; row < this.#count; row++) {
      if (ids.has(this.#ids[row]!)) continue
      if (kept !== row) {
        this.#ids[kept] = this.#ids[row]!
        this.#words.copyWithin(kept * this.#width, row * this.#width, (row + 1) * this.#width)
      }
      kept++
    }
    this.#words.fill(0, kept * this.#width, this.#count * this.#width)
    this.#count = kept
  }

  /** Ids of all within `limit` bits of the query, with their distances, the nearest first. */
  search (query: Uint8Array, limit: number): { id: number, distance: number }[] {
    const wanted = wordsOf(query)
    const words = this.#words
    const width = this.#width
    const found: { id: number, distance: number }[] = []
    for (let row = 0, at = 0; row < this.#count; row++, at += width) {
      let distance = 0
      for (let i = 0; i < width; i++) distance += bitCount(words[at + i]! ^ wanted[i]!)
      if (distance <= limit) found.push({ id: this.#ids[row]!, distance })
    }
    return found.sort((a, b) => a.distance - b.distance)
  }

  #grow (): void {
    const [words, ids] = [this.#words, this.#ids]
    // By half: a table of a million never takes twice what it holds.
    const rows = Math.ceil(ids.length * 1.5)
    this.#words = new Uint32Array(rows * this.#width)
    this.#words.set(words)
    this.#ids = new Uint32Array(rows)
    this.#ids.set(ids)
  }
}
