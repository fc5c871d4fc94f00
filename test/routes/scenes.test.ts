import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { build, send, signup, verify } from '../helpers/app.ts'
import { withoutStarter } from '../helpers/models.ts'
import { portrait, samplePhoto } from '../helpers/photos.ts'
import { temporaryFolder } from '../helpers/temporary-folder.ts'

t.setTimeout(240_000)

t.test('the shipped scenes decide, and the answer says by how much', { skip: withoutStarter }, async t => {
  const { app } = await build(t, { TASKS_FILE: 'config/tasks.json', DEBUG_ROUTES: 'true' })
  const { tasks } = (await app.inject('/api/tasks')).json()
  for (const { name, rules } of tasks) {
    t.match(
      rules.filter(({ active }: { active: boolean }) => active),
      [
        {
          id: `${name}-scene`,
          demonstration: false,
          scene: { name, proven: { photos: Number }, false: { photos: Number } }
        }
      ],
      name
    )
  }

  await signup(app, 'anna', await portrait('anna1'))
  const answer = (await verify(app, 'anna', 'waste', await samplePhoto(3))).json()
  t.match(
    answer,
    {
      status: 'rejected',
      reasons: ['task_not_shown'],
      checks: {
        task: {
          outcome: 'failed',
          scene: { name: 'waste', score: Number, threshold: Number },
          message: /does not show.*needed 0\.\d\d/
        }
      }
    },
    'a cup of coffee is no waste collection'
  )
  t.equal(answer.checks.task.score, answer.checks.task.scene.score)
  t.equal(answer.checks.task.demonstration, undefined)

  const evidence = (await send(app, '/api/debug/evidence', [['file', { bytes: await samplePhoto(3) }]])).json()
  t.same(evidence.scenes.map(({ name }: { name: string }) => name), ['planting', 'waste', 'feeding'])
  for (const { scores } of evidence.scenes) { t.equal(scores.length, evidence.faces.length, 'a score for each face as the subject') }
})

t.test(
  'a scene of another detector, or a damaged one, is left out, and a demonstration stands in',
  { skip: withoutStarter },
  async t => {
    const dir = temporaryFolder(t)
    mkdirSync(join(dir, 'scenes'))
    copyFileSync('config/tasks.json', join(dir, 'tasks.json'))
    copyFileSync('config/scenes/waste.json', join(dir, 'scenes', 'waste.json'))
    writeFileSync(join(dir, 'scenes', 'planting.json'), '{"format"')
    const { app } = await build(t, { TASKS_FILE: join(dir, 'tasks.json'), YOLO_IMGSZ: '320' })
    const { tasks } = (await app.inject('/api/tasks')).json()
    const problems = tasks
      .flatMap(({ rules }: { rules: { id: string; problem?: string }[] }) => rules)
      .filter(({ problem }: { problem?: string }) => problem !== undefined)
    t.match(problems, [
      { id: 'planting-scene', active: false, problem: /planting\.json cannot be used.*cut short/ },
      { id: 'waste-scene', active: false, problem: /taught with the detector yolov8n.*\/640.*\/320.*teach waste/ },
      { id: 'feeding-scene', active: false, problem: /no scene feeding/ }
    ])
    await signup(app, 'anna', await portrait('anna1'))
    t.match((await verify(app, 'anna', 'waste', await samplePhoto(3))).json(), {
      checks: { task: { outcome: 'passed', rule: 'person-with-waste', demonstration: true, scene: undefined } }
    })
  }
)
