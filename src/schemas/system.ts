import { type Static, Type } from '@sinclair/typebox'
import { Timestamp } from './common.ts'
import { LivenessZoneSchema } from '../models/manifest.ts'

export const HealthSchema = Type.Object(
  { ok: Type.Literal(true), version: Type.String(), uptime: Type.Number({ description: 'seconds' }) },
  {
    examples: [{ ok: true, version: '0.1.0', uptime: 3600 }]
  }
)

const ReadyDetail = Type.Object({
  ready: Type.Boolean(),
  models: Type.Array(
    Type.Object({
      id: Type.String(),
      role: Type.String(),
      title: Type.String(),
      sha256: Type.String(),
      licence: Type.String(),
      commercial: Type.Boolean(),
      accepted: Type.Optional(
        Type.String({ description: "when the operator accepted the licence's terms, where they need acceptance" })
      )
    })
  ),
  thresholds: Type.Object({
    similarity: Type.Number(),
    agreement: Type.Number(),
    quality: Type.Number(),
    liveness: Type.Union([Type.Number(), Type.Null()], { description: 'where the photo alone decides' }),
    uncertain: Type.Union([LivenessZoneSchema, Type.Null()], {
      description: 'liveness scores that the photo alone does not decide'
    })
  }),
  thresholdSettings: Type.Partial(
    Type.Object({
      similarity: Type.String(), quality: Type.String(), liveness: Type.String(), uncertain: Type.String()
    }),
    { description: 'settings that say a threshold, by its name; the others were measured for the models' }
  ),
  provider: Type.String(),
  providerReason: Type.Optional(
    Type.String({ description: 'why `EXECUTION_PROVIDER=auto` did not take a faster one' })
  ),
  precision: Type.Optional(
    Type.Object(
      { type: Type.Union([Type.Literal('fp32'), Type.Literal('int8')]), reason: Type.String() },
      { description: 'numbers that the object detector computes with, and why' }
    )
  ),
  store: Type.Object({ kind: Type.String(), ok: Type.Boolean() }),
  queue: Type.Object({
    workers: Type.Integer(),
    active: Type.Integer(),
    waiting: Type.Integer(),
    max: Type.Integer(),
    failed: Type.Integer(),
    uploading: Type.Integer({ description: 'uploads that are not complete yet' })
  }),
  tasks: Type.Array(Type.Object({ name: Type.String(), available: Type.Boolean() })),
  problems: Type.Array(Type.String(), { description: 'why the service is not ready, in sentences' })
})

/** What a probe without a key learns. */
const ReadySummary = Type.Pick(ReadyDetail, ['ready', 'problems'])

export const ReadySchema = Type.Union([ReadyDetail, ReadySummary], {
  examples: [
    {
      ready: true,
      models: [
        {
          id: 'fr_feature',
          role: 'face-embedder',
          title: 'faceplugin face embedding',
          sha256: '0'.repeat(64),
          licence: 'MIT',
          commercial: true
        }
      ],
      thresholds: {
        similarity: 0.41,
        agreement: 0.34,
        quality: 0.3,
        liveness: 0.05,
        uncertain: { low: 0.003, high: 0.7 }
      },
      thresholdSettings: { liveness: 'LIVENESS_THRESHOLD' },
      provider: 'cpu',
      precision: { type: 'int8', reason: '1.9 times faster than fp32 on this processor' },
      store: { kind: 'sqlite', ok: true },
      queue: { workers: 2, active: 1, waiting: 0, max: 64, failed: 0, uploading: 0 },
      tasks: [{ name: 'waste', available: true }],
      problems: []
    },
    {
      ready: false,
      problems: ['The store cannot be read and written; see the log.']
    }
  ]
})

const Rate = Type.Object(
  { rate: Type.Number(), low: Type.Number(), high: Type.Number(), photos: Type.Integer() },
  { description: 'a share with its 95 % confidence interval' }
)

export const TaskListSchema = Type.Object(
  {
    tasks: Type.Array(
      Type.Object({
        name: Type.String(),
        title: Type.String(),
        aliases: Type.Array(Type.String()),
        available: Type.Boolean(),
        reason: Type.Optional(Type.String({ description: 'why the task is not available' })),
        rules: Type.Array(
          Type.Object({
            id: Type.String(),
            active: Type.Boolean(),
            demonstration: Type.Boolean(),
            description: Type.String(),
            problem: Type.Optional(
              Type.String({ description: 'why a rule with a scene is not active, and what to do' })
            ),
            scene: Type.Optional(
              Type.Object(
                {
                  name: Type.String(),
                  taught: Timestamp,
                  threshold: Type.Number(),
                  auc: Type.Number({ description: 'area under the ROC curve' }),
                  proven: Rate,
                  false: Rate,
                  near: Type.Union([Rate, Type.Null()]),
                  photos: Type.Object(
                    {
                      yes: Type.Integer(),
                      no: Type.Integer(),
                      near: Type.Integer(),
                      refused: Type.Integer(),
                      origins: Type.Integer()
                    },
                    { description: 'what it was taught with' }
                  )
                },
                {
                  description:
                    'what a taught scene is worth, cross-validated by the origin of the photos: which share of photos of the task, of others and of near misses it proves'
                }
              )
            )
          })
        )
      })
    )
  },
  {
    examples: [
      {
        tasks: [
          {
            name: 'waste',
            title: 'Waste collection',
            aliases: ['waste-collection', 'cleanup'],
            available: true,
            rules: [
              {
                id: 'waste-scene',
                active: true,
                demonstration: false,
                description: 'a person who collects waste, by example photos',
                scene: {
                  name: 'waste',
                  taught: '2026-05-04T09:32:40.000Z',
                  threshold: 0.7,
                  auc: 0.93,
                  proven: { rate: 0.6, low: 0.44, high: 0.74, photos: 40 },
                  false: { rate: 0.04, low: 0.03, high: 0.06, photos: 600 },
                  near: null,
                  photos: { yes: 40, no: 600, near: 0, refused: 2, origins: 16 }
                }
              }
            ]
          }
        ]
      }
    ]
  }
)

export type Ready = Static<typeof ReadyDetail>
export type TaskList = Static<typeof TaskListSchema>
