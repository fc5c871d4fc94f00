/** RESULTS.md: the sections of one run, and at its end the last soak, which is a run of its own. */
import { readFile, writeFile } from 'node:fs/promises'

const file = new URL('RESULTS.md', import.meta.url)
const soakTitle = '\n## Overload and crashes\n'

/** @param text everything but the soak */
export async function writeResults (text: string): Promise<void> {
  const [, soak] = (await readFile(file, 'utf8')).split(soakTitle)
  await writeFile(file, soak === undefined ? text : text + soakTitle + soak)
}

export async function writeSoak (text: string): Promise<void> {
  const [others] = (await readFile(file, 'utf8')).split(soakTitle)
  await writeFile(file, `${others}${soakTitle}\nWritten by \`npm run bench -- --soak\`.\n\n${text}\n`)
}
