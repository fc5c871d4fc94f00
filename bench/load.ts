/** A closed loop of clients over kept-alive connections: each sends its next request when the answer is there. */
import { Agent, request } from 'node:http'
import { performance } from 'node:perf_hooks'

export interface Form { type: string, body: Buffer, headers?: Record<string, string> }

export interface Load {
  requests: number
  /** Requests answered per second. */
  rate: number
  /** Milliseconds, sorted. */
  latencies: number[]
}

/** A multipart form, encoded once so that the clients cost next to nothing. */
export function form (fields: Record<string, string | Buffer>): Form {
  const boundary = 'eco-connect-bench'
  const parts = Object.entries(fields).flatMap(([name, value]) => [
    Buffer.from(
      `--${boundary}\r\ncontent-disposition: form-data; name="${name}"${typeof value === 'string' ? '' : '; filename="photo.jpg"\r\ncontent-type: image/jpeg'}\r\n\r\n`
    ),
    Buffer.from(value),
    Buffer.from('\r\n')
  ])
  return {
    type: `multipart/form-data; boundary=${boundary}`,
    body: Buffer.concat([...parts, Buffer.from(`--${boundary}--\r\n`)])
  }
}

/** Sends one form and returns the answer's JSON. @throws when the answer is not 200 */
export async function send (url: string, { type, body, headers }: Form, agent?: Agent): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      { method: 'POST', agent, headers: { ...headers, 'content-type': type, 'content-length': body.length } },
      answer => {
        const chunks: Buffer[] = []
        answer
          .on('data', chunk => chunks.push(chunk))
          .on('error', reject)
          .on('end', () => {
            const text = Buffer.concat(chunks).toString()
            if (answer.statusCode === 200) resolve(JSON.parse(text))
            else reject(new Error(`Expected 200 from ${url}, found ${answer.statusCode}: ${text}`))
          })
      }
    )
    sent.on('error', reject).end(body)
  })
}

/** Keeps `concurrency` requests in flight until `seconds` have passed or `requests` were sent. */
export async function load (
  url: string,
  forms: Form[],
  concurrency: number,
  limit: { seconds: number } | { requests: number }
): Promise<Load> {
  const agent = new Agent({ keepAlive: true, maxSockets: concurrency })
  const latencies: number[] = []
  const start = performance.now()
  let sent = 0
  const more = (): boolean =>
    'seconds' in limit ? performance.now() - start < limit.seconds * 1000 : sent < limit.requests
  const client = async (): Promise<void> => {
    while (more()) {
      const begin = performance.now()
      await send(url, forms[sent++ % forms.length]!, agent)
      latencies.push(performance.now() - begin)
    }
  }
  await Promise.all(Array.from({ length: concurrency }, client))
  const seconds = (performance.now() - start) / 1000
  agent.destroy()
  return { requests: latencies.length, rate: latencies.length / seconds, latencies: latencies.sort((a, b) => a - b) }
}

/** The value below which `share` (0..1) of the sorted values lie. */
export function percentile (sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN
}

export function median (values: readonly number[]): number {
  return percentile(values.toSorted((a, b) => a - b), 0.5)
}
