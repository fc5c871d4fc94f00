/** Faults of the store itself, as opposed to a client's mistake; `code` is stable. */
export type StoreErrorCode =
  | 'store_corrupt'
  | 'store_sealed'
  | 'store_read_only'
  | 'store_newer'
  | 'store_unsupported'
  | 'store_busy'
  | 'store_full'
  | 'store_unreachable'

export class StoreError extends Error {
  override readonly name = 'StoreError'
  readonly code: StoreErrorCode

  constructor (code: StoreErrorCode, message: string, cause?: unknown) {
    super(message, { cause })
    this.code = code
  }
}

/** Refuses a schema that this version does not know, since writing to it could lose what a newer version relies on. */
export function refuseNewer (where: string, found: number, known: number): void {
  if (found > known) {
    throw new StoreError(
      'store_newer',
      `${where} has schema version ${found}, this version of the service knows up to ${known}: start the newer service, or restore a backup made before the upgrade`
    )
  }
}
