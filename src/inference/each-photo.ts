/**
 * Looks at several photos of one request. When one of them fails the others are dropped; it settles only when none is
 * worked on any more, since with its answer the request gives up its slots.
 * @throws the first error
 */
export async function eachPhoto<Photo, Seen> (
  photos: readonly Photo[],
  signal: AbortSignal | undefined,
  look: (photo: Photo, index: number, signal: AbortSignal) => Promise<Seen>
): Promise<Seen[]> {
  const failed = new AbortController()
  const either = signal === undefined ? failed.signal : AbortSignal.any([signal, failed.signal])
  const settled = await Promise.allSettled(
    photos.map(async (photo, index) => {
      try {
        return await look(photo, index, either)
      } catch (error) {
        failed.abort(error)
        throw error
      }
    })
  )
  return settled.map(result => {
    if (result.status === 'rejected') throw failed.signal.reason
    return result.value
  })
}
