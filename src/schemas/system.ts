import { type Static, Type } from '@sinclair/typebox'

export const HealthSchema = Type.Object({ ok: Type.Literal(true), version: Type.String(), uptime: Type.Number({ description: 'seconds' }) })

const ReadyDetail = Type.Object({
  ready: Type.Boolean(),
  models: Type.Array(Type.Object({
    id: Type.String(),
    role: Type.String(),
    title: Type.String(),
    sha256: Type.String(),
    licence: Type.String(),
    commercial: Type.Boolean(),
    accepted: Type.Optional(Type.String({ description: 'when the operator accepted the licence\'s terms, where they need acceptance' }))
  })),
  thresholds: Type.Object({ similarity: Type.Number(), liveness: Type.Union([Type.Number(), Type.Null()]) }),
  provider: Type.String(),
  store: Type.Object({ kind: Type.String(), ok: Type.Boolean() }),
  queue: Type.Object({ workers: Type.Integer(), active: Type.Integer(), waiting: Type.Integer(), max: Type.Integer() }),
  tasks: Type.Array(Type.Object({ name: Type.String(), available: Type.Boolean() })),
  problems: Type.Array(Type.String(), { description: 'why the service is not ready, in sentences' })
})

/** What a probe without a key learns. */
const ReadySummary = Type.Pick(ReadyDetail, ['ready', 'problems'])

export const ReadySchema = Type.Union([ReadyDetail, ReadySummary])

export const TaskListSchema = Type.Object({
  tasks: Type.Array(Type.Object({
    name: Type.String(),
    title: Type.String(),
    aliases: Type.Array(Type.String()),
    available: Type.Boolean(),
    reason: Type.Optional(Type.String({ description: 'why the task is not available' })),
    rules: Type.Array(Type.Object({
      id: Type.String(), active: Type.Boolean(), demonstration: Type.Boolean(), description: Type.String()
    }))
  }))
})

export type Ready = Static<typeof ReadyDetail>
export type TaskList = Static<typeof TaskListSchema>
