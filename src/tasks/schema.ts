/** What config/tasks.json may say. */
import { type Static, Type } from '@sinclair/typebox'

const Labels = Type.Array(Type.String({ minLength: 1 }), { minItems: 1 })

export const RuleSchema = Type.Object({
  id: Type.String({ minLength: 1 }),
  description: Type.String({ minLength: 1 }),
  allOf: Type.Optional(Labels),
  anyOf: Type.Optional(Labels),
  minScore: Type.Number({ minimum: 0, maximum: 1, default: 0.25 }),
  /** A task taught by example photos (scenes/NAME.json beside the tasks file), which the photo must show, too. */
  scene: Type.Optional(Type.String({ minLength: 1 })),
  /** Least score of the scene; without it the threshold that the scene was taught. */
  minSceneScore: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
  /** Labels of this rule: one box with such a label must contain the subject's face. */
  subject: Type.Optional(Labels),
  /** True for a rule that only shows the idea with a general-purpose model and proves little. */
  demonstration: Type.Boolean({ default: false }),
  /** The id of another rule of the task: this one is active only while that one is not. */
  insteadOf: Type.Optional(Type.String({ minLength: 1 }))
}, { additionalProperties: false })

export const TaskSchema = Type.Object({
  name: Type.String({ minLength: 1 }),
  title: Type.String({ minLength: 1 }),
  aliases: Type.Array(Type.String({ minLength: 1 })),
  rules: Type.Array(RuleSchema, { minItems: 1 })
}, { additionalProperties: false })

export const TasksFileSchema = Type.Object(
  { tasks: Type.Array(TaskSchema, { minItems: 1 }) },
  { additionalProperties: false }
)

export type Rule = Static<typeof RuleSchema>
export type TaskDefinition = Static<typeof TaskSchema>
