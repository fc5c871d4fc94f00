/**
 * This project beside what a Node developer would take otherwise, on the same photos. The peer is installed into a
 * temporary folder for this measurement alone; nothing listens beyond 127.0.0.1.
 */
import { type ChildProcess, execFile, fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { parseCsv } from '../src/teaching/csv.ts'
import { median } from './load.ts'
import { describeMachine } from './machine.ts'
import type { Question, Seen } from './peer.ts'
import { megapixels, photoOf } from './photos.ts'
import { bestAccuracy, type Pair, rankingOf, readPairs } from './ranking.ts'
import { temporaryFolder } from './server.ts'
import { fixed, table } from './table.ts'

const packages = ['@vladmandic/human@3.3.6', '@tensorflow/tfjs@4.22.0', '@tensorflow/tfjs-backend-wasm@4.22.0']
const shared = fileURLToPath(new URL('../../shared/images/', import.meta.url))

interface Peer {
  name: string
  /** How alike two embeddings are; only the order counts. */
  likeness: (a: readonly number[], b: readonly number[]) => number
  /** One question after the other. */
  look: (question: Question) => Promise<Seen>
  stop: () => void
}

/** @param pairs of LFW, half of them of the same person */
export async function measurePeers ({ pairs = 300, repeats = 3 } = {}): Promise<string> {
  const folder = await temporaryFolder()
  const peers: Peer[] = []
  try {
    const refused = await install(folder)
    if (refused !== null) return `Not measured: npm could not install ${packages[0]} (${refused}).`
    peers.push(
      await startPeer('this project', 'peer-own.ts', [], cosine),
      await startPeer('human 3.3.6, wasm', 'peer-human.ts', [folder], (a, b) => -distance(a, b))
    )
    const parts = [await cpuTable(peers, folder, repeats)]
    if (existsSync(shared)) parts.push(await sharedTable(peers, pairs))
    else parts.push('Accuracy was not measured: the shared photos are not beside the repository.')
    return [describeMachine(), ...parts].join('\n\n')
  } finally {
    for (const { stop } of peers) stop()
    await rm(folder, { recursive: true, force: true })
  }
}

/** @returns why it cannot be had; null when it is there */
async function install (folder: string): Promise<string | null> {
  await writeFile(join(folder, 'package.json'), '{"private":true}')
  const npm = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--fetch-retries=0', ...packages]
  return await promisify(execFile)('npm', npm, { cwd: folder, timeout: 300_000 })
    .then(() => null, ({ stderr, message }: { stderr?: string, message: string }) =>
      /npm error (?!code )(.*)/.exec(stderr ?? '')?.[1] ?? message.split('\n')[0]!)
}

async function startPeer (name: string, entry: string, args: string[], likeness: Peer['likeness']): Promise<Peer> {
  const child: ChildProcess = fork(new URL(entry, import.meta.url), args, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  const ended = once(child, 'exit').then(([code]) => { throw new Error(`${name} ended with ${code}.`) })
  ended.catch(() => {})
  const answer = async (): Promise<unknown> => (await Promise.race([once(child, 'message'), ended]))[0]
  await answer()
  return {
    name,
    likeness,
    async look (question) {
      child.send(question)
      return await answer() as Seen
    },
    stop: () => child.kill()
  }
}

/** Everything that both can do, on a photo of each size; the first look warms up. */
async function cpuTable (peers: Peer[], folder: string, repeats: number): Promise<string> {
  const rows = []
  for (const mp of megapixels) {
    const file = join(folder, `${mp}.jpg`)
    await writeFile(file, await photoOf('person', mp))
    const cpu = peers.map((): number[] => [])
    for (let round = 0; round <= repeats; round++) {
      for (const [i, peer] of peers.entries()) {
        const seen = await peer.look({ file, everything: true })
        if (round > 0) cpu[i]!.push(seen.cpu)
      }
    }
    const [own, other] = cpu.map(median)
    rows.push([mp, fixed(own!), fixed(other!), fixed(other! / own!, 1)])
  }
  return table(['photo, MP', ...peers.map(({ name }) => `${name}, CPU ms`), 'times'], rows) +
    '\n\nDecoding, faces with landmarks and embeddings, liveness of the largest face, objects; without HTTP and store.'
}

async function sharedTable (peers: Peer[], count: number): Promise<string> {
  const pairs = readPairs(await readFile(join(shared, 'lfw', 'pairsDevTest.txt'), 'utf8'), count)
  const spoofs = parseCsv(await readFile(join(shared, 'spoof', 'labels.csv'), 'utf8'))
  const rows = []
  for (const peer of peers) {
    const { accuracy, faceless } = await accuracyOn(pairs, peer)
    const scores: { live: Seen['live'], genuine: boolean }[] = []
    for (const { file, label } of spoofs) {
      const { live } = await peer.look({ file: join(shared, 'spoof', file!), everything: true })
      scores.push({ live, genuine: label !== 'fake' })
    }
    const names = Object.keys(scores.find(({ live }) => Object.keys(live).length > 0)?.live ?? {})
    rows.push([peer.name, percent1(accuracy), faceless, names.map(name =>
      `${name} ${fixed(rankingOf(scores.map(({ live, genuine }) => ({ score: live[name] ?? 0, genuine }))), 2)}`
    ).join(', ')])
  }
  const genuine = spoofs.filter(({ label }) => label !== 'fake').length
  return table(['', `accuracy on ${pairs.length} LFW pairs`, 'photos without a face', 'spoof ranking'], rows) +
    `\n\nAccuracy at each one's own best threshold, pairs with a photo without a face counted as different. Ranking: how often one of ${genuine} genuine photos scores above one of ${spoofs.length - genuine} attacks (area under the ROC curve; 0.5 is chance).`
}

const percent1 = (share: number): string => `${fixed(share * 100, 1)} %`

async function accuracyOn (pairs: readonly Pair[], peer: Peer) {
  const embeddings = new Map<string, number[] | null>()
  for (const name of new Set(pairs.flatMap(({ names }) => names))) {
    const file = join(shared, 'lfw', name)
    embeddings.set(name, (await peer.look({ file, everything: false })).embedding)
  }
  const judged = pairs.map(({ names, same }) => {
    const [a, b] = names.map(name => embeddings.get(name) ?? null)
    return { likeness: a == null || b == null ? -Infinity : peer.likeness(a, b), same }
  })
  return { accuracy: bestAccuracy(judged), faceless: embeddings.values().filter(e => e === null).toArray().length }
}

function cosine (a: readonly number[], b: readonly number[]): number {
  const dot = (x: readonly number[], y: readonly number[]) => x.reduce((sum, value, i) => sum + value * y[i]!, 0)
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b))
}

function distance (a: readonly number[], b: readonly number[]): number {
  return Math.hypot(...a.map((value, i) => value - b[i]!))
}
