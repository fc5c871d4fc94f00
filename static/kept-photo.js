/** Kept photos come with the key, so that they are fetched and shown as objects of this page. */
import { element } from './dom.js'

/** A small picture that fetches its photo once it comes into view, and releases its memory when it is removed. */
export function keptPhoto (api, path, alt) {
  const image = element('img', { class: 'kept-photo', alt, width: 64, height: 64 })
  const seen = new window.IntersectionObserver(async ([entry]) => {
    if (!entry.isIntersecting) return
    seen.disconnect()
    const blob = await api.photo(path).catch(() => null)
    if (blob === null) return (image.closest('button') ?? image).remove()
    const url = URL.createObjectURL(blob)
    image.addEventListener('load', () => URL.revokeObjectURL(url), { once: true })
    image.src = url
  })
  seen.observe(image)
  return image
}
