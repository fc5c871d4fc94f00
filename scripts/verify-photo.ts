/**
 * `npm run verify -- PHOTO --task NAME`: judges a photo on this machine, prints the checks, and draws what they rest on
 * into a PNG. Uses the settings of the service and a store of its own, which it deletes.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { pino } from 'pino'
import { exitCodes, runCommand, UsageError } from '../src/cli/run-command.ts'
import { loadConfig } from '../src/config/config.ts'
import type { SignupAnswer } from '../src/schemas/signup.ts'
import type { VerifyAnswer } from '../src/schemas/verdict.ts'
import { buildApp } from '../src/server/app.ts'
import { openServices } from '../src/server/open-services.ts'
import { drawVerdict } from './draw-verdict.ts'
import { postForm } from './post-form.ts'

const usage = `npm run verify -- PHOTO --task NAME [--person PHOTO] [--out FILE.png]

  --task     name or alias of the task
  --person   enrolment photo of the person, up to five times; without one the person in PHOTO is enrolled
  --out      where the picture goes (default: PHOTO's name with -verdict.png, in the current folder)

The exit code is 0 for an approved photo and 1 for a rejected one.`

await runCommand(
  {
    usage,
    mostArguments: 1,
    options: { task: { type: 'string' }, person: { type: 'string', multiple: true }, out: { type: 'string' } }
  },
  async ({ values, args: [path] }) => {
    const { task, out } = values as { task?: string; out?: string }
    if (path === undefined || task === undefined) { throw new UsageError('Expected a photo and --task NAME; --help shows how to call it.') }
    const photo = await read(path)
    const portraits = await Promise.all(((values.person as string[] | undefined) ?? [path]).map(read))
    const answer = await judge(photo, portraits, task)
    for (const [name, { outcome, message }] of Object.entries(answer.checks)) { console.log(`${name.padEnd(12)}${outcome.padEnd(9)}${message}`) }
    const picture = out ?? `${basename(path).replace(/\.\w+$/, '')}-verdict.png`
    await writeFile(picture, await drawVerdict(photo, answer))
    console.log(
      `\n${answer.status === 'approved' ? 'Approved' : `Rejected: ${answer.reason}`}. The picture is in ${picture}`
    )
    return answer.status === 'approved' ? exitCodes.done : exitCodes.notDone
  }
)

async function read (path: string): Promise<Buffer> {
  return readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`${path} cannot be read (${error.code}); expected a JPEG, PNG or WebP photo.`)
  })
}

async function judge (photo: Buffer, portraits: Buffer[], task: string): Promise<VerifyAnswer> {
  const dataDir = await mkdtemp(join(tmpdir(), 'eco-connect-verify-'))
  const config = loadConfig({
    ...process.env,
    DATA_DIR: dataDir,
    DATABASE_URL: '',
    API_KEYS: '',
    LOG_LEVEL: 'silent',
    HOST: '127.0.0.1',
    WORKER_THREADS: '1',
    IDLE_THREADS: '1'
  })
  const app = await buildApp(await openServices(config, pino({ level: 'silent' })))
  try {
    const address = await app.listen({ host: '127.0.0.1', port: 0 })
    await postForm<SignupAnswer>(
      `${address}/api/signup`,
      { username: 'person' },
      portraits.map((bytes): [string, Buffer] => ['images', bytes])
    )
    return await postForm<VerifyAnswer>(`${address}/api/verify`, { username: 'person', task }, [['file', photo]])
  } finally {
    await app.close()
    await rm(dataDir, { recursive: true })
  }
}
