/**
 * `npm run bench -- --soak`: is the service bounded? Four times the load it can take, for a minute; then kill -9 in the
 * middle of enrolments, again and again. Ends with a failure when a goal is missed.
 */
import { Agent, request } from 'node:http'
import { rm } from 'node:fs/promises'
import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { form, type Form, load, percentile } from './load.ts'
import { photoOf } from './photos.ts'
import { startServer, temporaryFolder } from './server.ts'
import { fixed, mebibytes, table } from './table.ts'
import { enrol, proof } from './throughput.ts'

const QUEUE_MAX = 16
const OVERLOAD = 4

interface Goal { what: string, found: string, goal: string, met: boolean }

/** Milliseconds until the answer, and its status; 0 when the connection broke. */
function answer (
  url: string,
  { type, body }: Form,
  agent?: Agent
): Promise<{ status: number; milliseconds: number; text: string }> {
  const start = performance.now()
  return new Promise(resolve => {
    const done = (status: number, text = '') => resolve({ status, milliseconds: performance.now() - start, text })
    request(
      url,
      { method: 'POST', agent, headers: { 'content-type': type, 'content-length': body.length } },
      message => {
        let text = ''
        message
          .setEncoding('utf8')
          .on('data', (part: string) => {
            text += part
          })
          .on('end', () => done(message.statusCode!, text))
          .on('error', () => done(0))
      }
    )
      .on('error', () => done(0))
      .end(body)
  })
}

async function overload (seconds: number): Promise<Goal[]> {
  const server = await startServer({ env: { QUEUE_MAX: String(QUEUE_MAX) } })
  try {
    await enrol(server)
    const photo = await proof(1)
    const url = `${server.url}/api/verify`
    const idle = await load(url, [photo], 1, { seconds: 5 })
    const idleP99 = percentile(idle.latencies, 0.99)
    const { rate } = await load(url, [photo], 4, { seconds: 8 })

    await server.probe('reset')
    const agent = new Agent({ keepAlive: true })
    const answers: { status: number, milliseconds: number }[] = []
    const memory: number[] = []
    const pending: Promise<unknown>[] = []
    const start = performance.now()
    let nextMemory = seconds / 10
    for (let sent = 0; performance.now() - start < seconds * 1000; sent++) {
      // An open loop: arrivals do not wait for answers.
      const due = start + sent / (rate * OVERLOAD) * 1000
      if (due > performance.now()) await sleep(due - performance.now())
      pending.push(answer(url, photo, agent).then(got => { answers.push(got) }))
      if ((performance.now() - start) / 1000 > nextMemory) {
        memory.push((await server.probe('report')).rss)
        nextMemory += seconds / 10
      }
    }
    await Promise.all(pending)
    agent.destroy()
    const { loopDelayP99 } = await server.probe('report')

    const statuses = Object.entries(Object.groupBy(answers, ({ status }) => String(status)))
      .map(([status, list]) => `${status}: ${list!.length}`)
      .join(', ')
    const accepted = answers
      .filter(({ status }) => status === 200)
      .map(({ milliseconds }) => milliseconds)
      .sort((a, b) => a - b)
    const refused = answers
      .filter(({ status }) => status === 503)
      .map(({ milliseconds }) => milliseconds)
      .sort((a, b) => a - b)
    const bound = 2 * idleP99 + QUEUE_MAX / rate * 1000
    const growth = memory.at(-1)! / memory[Math.floor(memory.length / 3)]! - 1
    return [
      {
        what: `answers at ${OVERLOAD} x ${fixed(rate, 1)} requests/s for ${seconds} s`,
        found: statuses,
        goal: '200, 429 or 503',
        met: answers.every(({ status }) => [200, 429, 503].includes(status))
      },
      {
        what: 'p99 of accepted requests',
        found: `${fixed(percentile(accepted, 0.99))} ms`,
        goal: `${fixed(bound)} ms (2 x unloaded p99 of ${fixed(idleP99)} ms + a full queue)`,
        met: percentile(accepted, 0.99) <= bound
      },
      {
        what: 'refusals, median and p99',
        found: `${fixed(percentile(refused, 0.5))} and ${fixed(percentile(refused, 0.99))} ms`,
        goal: 'reported, not judged',
        met: true
      },
      {
        what: 'memory after a third of the time and at the end',
        found: `${mebibytes(memory[Math.floor(memory.length / 3)]!)} and ${mebibytes(memory.at(-1)!)} MiB`,
        goal: 'grows by less than 10 %',
        met: growth < 0.1
      },
      {
        what: 'event loop delay, p99',
        found: `${fixed(loopDelayP99, 1)} ms`,
        goal: 'less than 20 ms',
        met: loopDelayP99 < 20
      }
    ]
  } finally {
    await server.stop()
  }
}

/** Enrols until the kill, then counts what the restarted service knows of what it acknowledged. */
async function crashes (times: number): Promise<Goal> {
  const dataDir = await temporaryFolder()
  const photo = await photoOf('person', 0.3)
  const acknowledged: string[] = []
  const lost = new Set<string>()
  const check = async (url: string, names: readonly string[]) => {
    for (const name of names) {
      const { status } = await fetch(`${url}/api/users/${name}`)
      if (status !== 200) lost.add(`${name} (${status})`)
    }
  }
  try {
    for (let time = 0; time < times; time++) {
      const server = await startServer({ dataDir, env: { WORKER_THREADS: '1' } })
      // What an earlier restart found can only be lost by a later crash: the last ones now, all of them at the end.
      await check(server.url, acknowledged.slice(-50))
      let more = true
      const clients = Array.from({ length: 3 }, async (_, client) => {
        for (let i = 0; more; i++) {
          const username = `u${time}-${client}-${i}`
          const { status } = await answer(`${server.url}/api/signup`, form({ username, images: photo }))
          if (status === 200) acknowledged.push(username)
          else more = false
        }
      })
      await sleep(200 + Math.random() * 400)
      await server.stop('SIGKILL')
      more = false
      await Promise.all(clients)
    }
    const server = await startServer({ dataDir, env: { WORKER_THREADS: '1' } })
    await check(server.url, acknowledged)
    const { total } = await (await fetch(`${server.url}/api/users`)).json() as { total: number }
    await server.stop()
    return {
      what: `acknowledged enrolments lost by ${times} x kill -9 under load`,
      found: `${lost.size} of ${acknowledged.length}${[...lost]
        .slice(0, 5)
        .map(name => `, ${name}`)
        .join('')}; ${total} stored`,
      goal: '0',
      met: lost.size === 0 && acknowledged.length > times
    }
  } finally {
    await rm(dataDir, { recursive: true, force: true })
  }
}

/** `met`: false when a goal was missed. */
export async function soak ({ seconds = 60, kills = 50 } = {}): Promise<{ text: string, met: boolean }> {
  const goals = [...await overload(seconds), await crashes(kills)]
  return {
    text: table(
      ['', 'found', 'goal', ''],
      goals.map(({ what, found, goal, met }) => [what, found, goal, met ? 'met' : 'missed'])
    ),
    met: goals.every(({ met }) => met)
  }
}
