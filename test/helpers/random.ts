/** Repeatable random numbers (mulberry32), so that a failing case can be run again. */
export function random (seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Evenly spread around 0 with deviation 1. */
export function centred (next: () => number): number {
  return (next() - 0.5) * Math.sqrt(12)
}

/** `bytes` with one to four random changes: a byte, a cut, a repeated or a removed piece. */
export function mutate (bytes: Buffer, next: () => number): Buffer {
  let out = Buffer.from(bytes)
  const at = () => Math.floor(next() * out.length)
  for (let count = 1 + Math.floor(next() * 4); count > 0 && out.length > 0; count--) {
    const kind = next()
    const start = at()
    if (kind < 0.7) out[start] = Math.floor(next() * 256)
    else if (kind < 0.8) out = out.subarray(0, start)
    else if (kind < 0.9) {
      out = Buffer.concat([out.subarray(0, at()), out.subarray(start, start + 16), out.subarray(start)])
    } else out = Buffer.concat([out.subarray(0, start), out.subarray(start + 1 + Math.floor(next() * 8))])
  }
  return out
}
