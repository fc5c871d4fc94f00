import { execFile } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { sceneFile } from '../helpers/scenes.ts'
import { withoutStarter } from '../helpers/models.ts'
import { personBefore } from '../helpers/grounds.ts'
import { random } from '../helpers/random.ts'
import { temporaryFolder } from '../helpers/temporary-folder.ts'

// Every command is a process that loads the settings, and the last test looks at photos with real models.
t.setTimeout(300_000)

const cli = fileURLToPath(new URL('../../src/teaching/cli.ts', import.meta.url))

interface Ran { code: number, out: string, err: string }

/** In a folder with a tasks file of its own. */
function world (t: Test) {
  const dir = temporaryFolder(t)
  copyFileSync('config/tasks.json', join(dir, 'tasks.json'))
  mkdirSync(join(dir, 'scenes'))
  const run = (...args: string[]) => new Promise<Ran>(resolve => {
    execFile(
      process.execPath,
      [cli, ...args],
      { env: { ...process.env, NODE_OPTIONS: '', TASKS_FILE: join(dir, 'tasks.json'), WORKER_THREADS: '2' } },
      (error, out, err) => {
        resolve({ code: error === null ? 0 : Number(error.code), out, err })
      }
    )
  })
  return { dir, run }
}

t.test('help, and what is no command', async t => {
  const { run } = world(t)
  t.match(await run('--help'), { code: 0, out: /teach NAME/ })
  t.match(await run(), { code: 2, out: /teach NAME/ })
  t.match(await run('teach', '--help'), { code: 0, out: /--near DIR/ })
  t.match(await run('learn'), { code: 2, err: /no command learn/ })
  t.match(await run('teach', 'planting'), { code: 2, err: /Expected photos of the task \(--yes\)/ })
  t.match(await run('teach', 'Planting!', '--yes', 'a', '--no', 'b'), { code: 2, err: /small letters/ })
  t.match(await run('teach', 'planting', '--yes', 'a', '--no', 'b', '--false-rate', '2', '--json'), {
    code: 1,
    out: /unreadable_folder/
  })
})

t.test('scenes are listed, shown and removed; a damaged one says what to do', async t => {
  const { dir, run } = world(t)
  t.match(await run('list'), { code: 0, out: /There are no scenes/ })
  writeFileSync(join(dir, 'scenes', 'planting.json'), JSON.stringify(sceneFile()))
  writeFileSync(join(dir, 'scenes', 'waste.json'), '{"format": "scene-1"')
  t.match(await run('list'), {
    code: 0,
    out: /planting: proves 80 % \(70 to 90 %, 50 photos\).*used by planting\/planting-scene\nwaste: .*cut short/
  })
  t.match(JSON.parse((await run('list', '--json')).out), [
    { name: 'planting', threshold: 0.7 },
    { name: 'waste', problem: /cut short/ }
  ])
  t.match(await run('show', 'planting'), {
    code: 0,
    out: /20 photos of the task, 40 others.*5 origins[^]*area under the curve {3}0\.900/
  })
  t.match(await run('show', 'waste'), { code: 1, out: /cannot be used/ })
  t.match(await run('show', 'none'), { code: 2, err: /no scene none; there are planting, waste/ })
  t.match(await run('remove', 'planting'), { code: 0, out: /The rule planting-scene.*not active any more/ })
  t.notOk(existsSync(join(dir, 'scenes', 'planting.json')))
})

t.test('a task is taught, tested and distinguished from others', { skip: withoutStarter }, async t => {
  const { dir, run } = world(t)
  const next = random(7)
  for (const [kind, background, count] of [['yes', '#2e6b34', 12], ['no', '#b9a07a', 24]] as const) {
    for (let i = 0; i < count; i++) {
      const folder = join(dir, kind, `origin${i % 4}`)
      mkdirSync(folder, { recursive: true })
      writeFileSync(join(folder, `${i}.jpg`), await personBefore(background, i, next))
    }
  }
  writeFileSync(join(dir, 'yes', 'origin0', 'damaged.jpg'), 'no picture')
  writeFileSync(join(dir, 'no', 'origin1', 'copy.jpg'), readFileSync(join(dir, 'no', 'origin1', '1.jpg')))
  const sheet = join(dir, 'sheet.html')
  const ran = await run(
    'teach',
    'garden',
    '--yes',
    join(dir, 'yes'),
    '--no',
    join(dir, 'no'),
    '--subject',
    '',
    '--sheet',
    sheet,
    '--licence',
    'drawn',
    '--json'
  )
  t.equal(ran.code, 0, ran.err)
  const learned = JSON.parse(ran.out)
  t.match(learned, {
    name: 'garden',
    photos: { yes: 12, no: 24, near: 0, refused: 2, origins: 8 },
    licence: 'drawn',
    detector: { id: 'yolov8n' },
    refused: [{ reason: /same photo/ }, { file: /damaged/ }]
  })
  t.ok(learned.figures.auc > 0.8, `area ${learned.figures.auc}`)
  t.match(readFileSync(sheet, 'utf8'), /garden: photos to look at/)
  t.match(ran.err, /Looking at photos[^]*Teaching: 9 of 9/)

  t.match(await run('list'), { out: /garden: proves.*no rule uses it/ })
  const tested = JSON.parse(
    (
      await run(
        'test',
        'garden',
        join(dir, 'yes', 'origin2'),
        join(dir, 'yes', 'origin0', 'damaged.jpg'),
        '--subject',
        '',
        '--json'
      )
    ).out
  )
  t.match(tested.photos.at(-1), { score: null, note: /damaged|expected/ })
  t.ok(
    tested.photos.slice(0, -1).every(({ score }: { score: number }) => score > 0.5),
    'photos that it was taught with score high'
  )
  t.match(await run('teach', 'garden', '--yes', join(dir, 'yes', 'origin0'), '--no', join(dir, 'no')), {
    code: 1,
    err: /at least 10 photos of the task/
  })
})
