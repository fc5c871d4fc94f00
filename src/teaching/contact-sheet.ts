/** A page with the photos that a scene gets most wrong. It points to the files and holds no photo itself. */
import { pathToFileURL } from 'node:url'
import type { PhotoClass } from './teach.ts'

export interface JudgedPhoto {
  file: string
  class: PhotoClass
  score: number
  /** False: a photo of the store; the page shows only its review. */
  isFile: boolean
}

const titles: Record<PhotoClass, string> = {
  yes: 'Photos of the task that were not proved',
  no: 'Other photos that were proved',
  near: 'Near misses that were proved'
}
const MOST = 40

/** The photos on the wrong side of the threshold, the worst first. */
export function worstOf<P extends JudgedPhoto> (photos: readonly P[], threshold: number): P[] {
  const wrongBy = ({ class: kind, score }: P) => kind === 'yes' ? threshold - score : score - threshold
  return photos
    .filter(photo => (photo.class === 'yes' ? photo.score < threshold : photo.score >= threshold))
    .sort((a, b) => wrongBy(b) - wrongBy(a))
}

/** The page as HTML. */
export function contactSheet (name: string, photos: readonly JudgedPhoto[], threshold: number): string {
  const worst = worstOf(photos, threshold)
  const sections = (Object.keys(titles) as PhotoClass[]).map(kind => {
    const wrong = worst.filter(photo => photo.class === kind)
    const figures = wrong
      .slice(0, MOST)
      .map(figureOf)
    const all = photos.filter(photo => photo.class === kind).length
    return `<h2>${titles[kind]}: ${wrong.length} of ${all}</h2>\n<div>${figures.join('\n')}</div>`
  })
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>${escape(name)}: photos to look at</title>
<style>
body { font: 14px system-ui, sans-serif; margin: 1.5rem }
div { display: grid; grid-template-columns: repeat(auto-fill, minmax(180px, 1fr)); gap: 1rem }
figure { margin: 0 }
img { width: 100%; height: 140px; object-fit: contain; background: #8882 }
figcaption { overflow-wrap: anywhere }
</style>
<h1>${escape(name)}: photos to look at</h1>
<p>Each photo was judged by weights that were taught without its origin; ${threshold.toFixed(2)} proves the task. A wrong label shows here first.</p>
${sections.join('\n')}
</html>
`
}

function figureOf ({ file, score, isFile }: JudgedPhoto): string {
  const caption = `<figcaption>${score.toFixed(2)} ${escape(file.split(/[\\/]/).at(-1)!)}</figcaption>`
  if (!isFile) return `<figure>${caption}</figure>`
  const href = escape(pathToFileURL(file).href)
  return `<figure><a href="${href}"><img loading="lazy" src="${href}" alt=""></a>${caption}</figure>`
}

function escape (text: string): string {
  return text.replace(/[&<>"]/g, character => `&#${character.charCodeAt(0)};`)
}
