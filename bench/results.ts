/**
 * RESULTS.md: a head and sections by title. A full run replaces the head and the sections that it measured; what was
 * measured by a run of its own (the soak, peers, a machine with a GPU) stays as it is.
 */
import { readFile, writeFile } from 'node:fs/promises'

const file = new URL('RESULTS.md', import.meta.url)

export interface Section {
  title: string
  text: string
}

/** @param head what stands above the first section; left out: as it is */
export async function writeResults (sections: readonly Section[], head?: string): Promise<void> {
  await writeFile(file, withSections(await readFile(file, 'utf8'), sections, head))
}

/** The document with these sections, each in its old place or, when it is new, at the end. */
export function withSections (document: string, sections: readonly Section[], head?: string): string {
  const [oldHead = '', ...oldSections] = document.split(/^(?=## )/m)
  const texts = new Map(oldSections.map(text => [/^## (.*)/.exec(text)![1]!, text.trim()]))
  for (const { title, text } of sections) texts.set(title, `## ${title}\n\n${text.trim()}`)
  return `${[(head ?? oldHead).trim(), ...texts.values()].join('\n\n')}\n`
}
