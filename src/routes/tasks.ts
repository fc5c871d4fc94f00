import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { TaskListSchema } from '../schemas/system.ts'
import type { Services } from '../server/services.ts'
import { unavailableReason } from '../tasks/catalog.ts'

export const taskRoutes: FastifyPluginAsyncTypebox<Services> = async (app, { tasks }) => {
  const list = {
    tasks: tasks.tasks.map(task => ({
      name: task.name,
      title: task.title,
      aliases: task.aliases,
      available: task.activeRules.length > 0,
      ...(task.activeRules.length === 0 && { reason: unavailableReason(task) }),
      rules: task.rules.map(rule => ({
        id: rule.id, active: task.activeRules.includes(rule), demonstration: rule.demonstration, description: rule.description
      }))
    }))
  }
  app.get('/tasks', {
    config: { scope: 'any' },
    schema: { operationId: 'listTasks', summary: 'The tasks that can be claimed', tags: ['tasks'], response: { 200: TaskListSchema } }
  }, async () => list)
}
