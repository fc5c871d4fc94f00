/**
 * `npm run demo`: the main job on the sample photos, over HTTP against the real service, with the rules of
 * config/demonstration.json, by which a cup stands for waste: enrols a person, then judges a
 * genuine proof, a stranger's photo, a wrong task and a photo without the person. Leaves nothing behind.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import sharp from 'sharp'
import { runCommand } from '../src/cli/run-command.ts'
import { buildApp } from '../src/server/app.ts'
import { loadConfig } from '../src/config/config.ts'
import { fromProject } from '../src/config/project-folder.ts'
import { installWithProgress } from '../src/models/install-models.ts'
import { readManifest } from '../src/models/manifest-file.ts'
import { openServices } from '../src/server/open-services.ts'
import type { SignupAnswer } from '../src/schemas/signup.ts'
import type { VerifyAnswer } from '../src/schemas/verdict.ts'
import { postForm } from './post-form.ts'

const cache = fromProject('.cache/photos')
/** The woman on the right of sample 1, who is also in the middle of sample 3: left, top, width, height in pixels. */
const portrait = { left: 1360, top: 110, width: 420, height: 430 }

const claims = [
  { claim: 'herself, with a cup, as "waste"', sample: 3, task: 'waste' },
  { claim: 'four strangers, as "waste"', sample: 6, task: 'waste' },
  { claim: 'herself, with a cup, as "planting"', sample: 3, task: 'planting' }
]

const usage = 'npm run demo   enrol a person and judge four claims on the sample photos; leaves nothing behind'

await runCommand({ usage }, demo)

async function demo (): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'eco-connect-demo-'))
  const config = loadConfig({
    MODELS_DIR: process.env.MODELS_DIR,
    DATA_DIR: dataDir,
    LOG_LEVEL: 'silent',
    TASKS_FILE: 'config/demonstration.json'
  })
  await installWithProgress(Object.values((await readManifest(config)).photos), cache)
  const app = await buildApp(await openServices(config, pino({ level: 'silent' })))
  try {
    const address = await app.listen({ host: '127.0.0.1', port: 0 })

    const enrolment = await postForm<SignupAnswer>(`${address}/api/signup`, { username: 'anna' }, [
      ['images', await sharp(await sample(1)).extract(portrait).jpeg().toBuffer()]
    ])
    console.log(`\nEnrolment of anna, from a portrait cut out of sample 1: ${enrolment.message}\n`)

    const rows = []
    for (const { claim, sample: number, task } of claims) {
      const verdict = await postForm<VerifyAnswer>(`${address}/api/verify`, { username: 'anna', task }, [
        ['file', await sample(number)]
      ])
      const { face, liveness, task: shown } = verdict.checks
      rows.push([
        `sample ${number}: ${claim}`,
        verdict.status === 'approved' ? 'APPROVED' : `REJECTED: ${verdict.reason}`,
        ...[face, liveness, shown].map(
          ({ outcome, score, threshold }) =>
            `${outcome} ${score === null ? '-' : score.toFixed(2)} (${threshold?.toFixed(2) ?? '-'})`
        )
      ])
    }
    printTable(['Proof', 'Verdict', 'Face', 'Liveness', 'Task'], rows)
    console.log(
      '\nEach check shows its score and, in brackets, the least score that passes. Start the service with: npm start'
    )
  } finally {
    await app.close()
    await rm(dataDir, { recursive: true })
  }
}

async function sample (number: number): Promise<Buffer> {
  return readFile(join(cache, `sample${number}.jpg`))
}

function printTable (head: string[], rows: string[][]): void {
  const widths = head.map((title, column) => Math.max(...[
    title,
    ...rows.map(row => row[column]!)
  ].map(text => text.length)))
  const line = (cells: string[]) => cells.map((cell, column) => cell.padEnd(widths[column]!)).join('  ').trimEnd()
  console.log([line(head), line(widths.map(width => '-'.repeat(width))), ...rows.map(line)].join('\n'))
}
