import { type Static, Type } from '@sinclair/typebox'
import { ErrorBodySchema } from './error.ts'
import { VerifyAnswerSchema } from './verdict.ts'

const id = Type.String({ description: 'also the id of the verification, once it is done' })

export const PendingJobSchema = Type.Object({ id, status: Type.Literal('pending') }, {
  description: 'The proof is stored and will be judged; ask at the address in the header `location`.',
  headers: {
    location: { type: 'string', description: 'address of the job' },
    'preference-applied': { type: 'string', description: '`respond-async`' }
  },
  examples: [{ id: '7f0c2c3e-58a5-4d65-9a50-3f4f3f0b6a11', status: 'pending' }]
})

export const JobParamsSchema = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) })

export const JobSchema = Type.Object({
  id,
  status: Type.Union(['pending', 'running', 'done', 'failed'].map(status => Type.Literal(status))),
  verdict: Type.Optional(VerifyAnswerSchema),
  error: Type.Optional(ErrorBodySchema),
  webhook: Type.Optional(Type.Object({
    status: Type.Union(['pending', 'delivered', 'failed'].map(status => Type.Literal(status))),
    attempts: Type.Integer()
  }, { description: 'how the delivery of the outcome stands, for a job that was sent with a webhook' }))
}, { examples: [{ id: '7f0c2c3e-58a5-4d65-9a50-3f4f3f0b6a11', status: 'running' }] })

export type JobAnswer = Static<typeof JobSchema>
