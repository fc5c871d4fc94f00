/**
 * Sketches: a few hundred bits that stand for an embedding or a photo in a search; similar things differ in few bits.
 */

/** Bits of a sketch. */
export const SKETCH_BITS = 512
/** Bytes of a sketch. */
export const SKETCH_BYTES = SKETCH_BITS / 8
/** 32-bit words of a sketch. */
export const SKETCH_WORDS = SKETCH_BITS / 32

/** The signs of `SKETCH_BITS` numbers as bits, the first number in the lowest bit of the first byte. */
export function signsOf (values: ArrayLike<number>): Uint8Array {
  if (values.length !== SKETCH_BITS) throw new RangeError(`expected ${SKETCH_BITS} numbers, found ${values.length}`)
  const bits = new Uint8Array(SKETCH_BYTES)
  for (let i = 0; i < SKETCH_BITS; i++) if (values[i]! > 0) bits[i >> 3]! |= 1 << (i & 7)
  return bits
}

/** A sketch as words of its bytes in little-endian order, whatever the host's. */
export function wordsOf (sketch: Uint8Array): Uint32Array {
  if (sketch.length !== SKETCH_BYTES) { throw new RangeError(`expected a sketch of ${SKETCH_BYTES} bytes, found ${sketch.length}`) }
  const view = new DataView(sketch.buffer, sketch.byteOffset, sketch.byteLength)
  return Uint32Array.from({ length: SKETCH_WORDS }, (_, i) => view.getUint32(i * 4, true))
}

/** Number of set bits (the parallel sum of Hacker's Delight, figure 5-2). */
export function bitCount (word: number): number {
  word -= (word >>> 1) & 0x55555555
  word = (word & 0x33333333) + ((word >>> 2) & 0x33333333)
  return (((word + (word >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24
}

/** Hamming distance of two sketches, 0..512. */
export function distanceOf (one: Uint8Array, other: Uint8Array): number {
  const [a, b] = [wordsOf(one), wordsOf(other)]
  return a.reduce((sum, word, i) => sum + bitCount(word ^ b[i]!), 0)
}
