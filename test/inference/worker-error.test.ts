import t from 'tap'
import { ModelError, WorkerError, fromWorker } from '../../src/inference/worker-error.ts'
import { ModelError as Thrown } from '../../workers/model-error.ts'
import { toThreadError } from '../../workers/thread-error.ts'

const crossed = (error: unknown) => fromWorker(structuredClone(toThreadError(error)))

t.test('class and code survive the way between two threads', async t => {
  const error = crossed(new Thrown('model_refused', 'It does not fit.'))
  t.ok(error instanceof ModelError)
  t.match(error, { name: 'ModelError', code: 'model_refused', message: 'It does not fit.' })

  const other = crossed(Object.assign(new RangeError('too far'), { code: 'ERR_OUT_OF_RANGE' }))
  t.ok(other instanceof WorkerError)
  t.match(other, { name: 'RangeError', code: 'ERR_OUT_OF_RANGE', message: 'too far', stack: /worker-error\.test/ })
  t.match(crossed('a text'), { name: 'Error', message: 'a text' })
})

t.test('errors of the pool itself pass through', async t => {
  const error = new DOMException('late', 'TimeoutError')
  t.equal(fromWorker(error), error)
  t.equal(fromWorker(null), null)
})
