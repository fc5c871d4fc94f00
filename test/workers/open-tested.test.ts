import t from 'tap'
import { openObjectDetector } from '../../workers/open-object-detector.ts'
import { openTested } from '../../workers/open-tested.ts'
import { openSession, type Session } from '../../workers/session.ts'
import { starter, withoutStarter } from '../helpers/models.ts'

/** Opens real files and counts the sessions that are open. */
function counted () {
  const sessions = {
    open: 0,
    async openFile (path: string): Promise<Session> {
      const session = await openSession(path, 'cpu', 1)
      sessions.open++
      return {
        ...session,
        async close () {
          sessions.open--
          await session.close()
        }
      }
    }
  }
  return sessions
}

t.test('a session that the self-test refuses is closed', { skip: withoutStarter }, async t => {
  const sessions = counted()
  const [model] = starter.liveness
  const wrong = { ...model!, input: { ...model!.input, std: 255 } }
  await t.rejects(openTested(() => sessions.openFile(wrong.path), wrong), { code: 'model_refused' })
  t.equal(sessions.open, 0)
  await openTested(() => sessions.openFile(model!.path), model!)
  t.equal(sessions.open, 1)
})

t.test(
  'of an object detector whose size cannot be changed only the published one stays open',
  { skip: withoutStarter },
  async t => {
    const sessions = counted()
    const published = starter.objectDetector!
    const changed = { ...published, input: { ...published.input, width: 96, height: 96 }, published }
    const opened = await openObjectDetector(changed, (model, labels) =>
      openTested(() => sessions.openFile(model.path), model, labels)
    )
    t.match(opened.warnings, [/cannot be opened with an input of any size/])
    t.equal(sessions.open, 1)
  }
)

t.test('an object detector that does not fit its entry leaves no session open', { skip: withoutStarter }, async t => {
  const sessions = counted()
  const model = { ...starter.objectDetector!, input: { ...starter.objectDetector!.input, width: 96, height: 96 } }
  await t.rejects(
    openObjectDetector(model, (model, labels) => openTested(() => sessions.openFile(model.path), model, labels)),
    { name: 'ModelError' }
  )
  t.equal(sessions.open, 0)
})
