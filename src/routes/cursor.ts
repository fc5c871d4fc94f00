/** Cursors of lists that are ordered by time. They are opaque to clients, so that the order may change. */
import { ServiceError } from '../errors/errors.ts'
import type { Cursor } from '../storage/store.ts'

export function encodeCursor ({ createdAt, id }: Cursor): string {
  return Buffer.from(`${createdAt} ${id}`).toString('base64url')
}

/** @throws {ServiceError} `invalid_request` */
export function decodeCursor (cursor: string): Cursor {
  const [, createdAt, id] =
    /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) ([\w-]+)$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? []
  if (createdAt !== undefined && id !== undefined && !Number.isNaN(Date.parse(createdAt))) return { createdAt, id }
  throw new ServiceError(
    'invalid_request',
    'The field cursor is not one that a list has returned; leave it out to start from the beginning.'
  )
}
