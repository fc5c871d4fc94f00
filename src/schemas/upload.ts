import { Type } from '@sinclair/typebox'

/** One uploaded photo, held in memory. The name is the client's and is only ever echoed. */
export interface Photo {
  field: string
  filename: string
  bytes: Uint8Array
  /** Of the bytes, in hex. */
  sha256: string
}

/** In validation: an object made by the uploads plugin. In the documentation: a binary part of the form. */
export const PhotoFile = Type.Unsafe<Photo>({ isFile: true, description: 'JPEG, PNG or WebP' })
