import { UsageError } from '../src/cli/run-command.ts'

/**
 * Posts a form to the service.
 * @throws {UsageError} with the sentence of the service when it refuses
 */
export async function postForm<Answer> (
  url: string,
  texts: Record<string, string>,
  photos: [field: string, bytes: Buffer][]
): Promise<Answer> {
  const form = new FormData()
  for (const [name, text] of Object.entries(texts)) form.append(name, text)
  for (const [name, bytes] of photos) form.append(name, new Blob([new Uint8Array(bytes)]), `${name}.jpg`)
  const response = await fetch(url, { method: 'POST', body: form })
  const answer = await response.json() as Answer & { message?: string }
  if (!response.ok) throw new UsageError(answer.message ?? `${url} answered ${response.status}.`)
  return answer
}
