/** What is stored beside a sketch, sealed: the length of the key's id, the id, the sealed bytes. */
import type { Sealer } from './sealer.ts'

const contextOf = (ref: string): string => `sketch ${ref}`

/** @param ref what the sketch stands for: the sealed bytes can be moved to no other */
export function sealDetail (sealer: Sealer, ref: string, detail: Uint8Array): Buffer {
  const { keyId, bytes } = sealer.seal(detail, contextOf(ref))
  const id = Buffer.from(keyId ?? '')
  return Buffer.concat([Buffer.of(id.length), id, bytes])
}

/** Null for one under a key that is not configured: what was found is then judged by its sketch alone. */
export function openDetail (sealer: Sealer, ref: string, stored: Uint8Array | null): Uint8Array | null {
  if (stored === null) return null
  const keyId = keyIdOf(stored)
  if (!sealer.opens(keyId)) return null
  return new Uint8Array(sealer.open({ keyId, bytes: stored.subarray(1 + stored[0]!) }, contextOf(ref)))
}

/** The detail under the current key; null where it is already, or cannot be opened. */
export function resealDetail (sealer: Sealer, ref: string, stored: Uint8Array): Buffer | null {
  if (keyIdOf(stored) === sealer.keyId) return null
  const detail = openDetail(sealer, ref, stored)
  return detail === null ? null : sealDetail(sealer, ref, detail)
}

function keyIdOf (stored: Uint8Array): string | null {
  return stored[0] === 0 ? null : Buffer.from(stored.subarray(1, 1 + stored[0]!)).toString()
}
