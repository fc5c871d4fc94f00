import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { TaskListSchema } from '../schemas/system.ts'
import type { Services } from '../server/services.ts'
import { type Task, unavailableReason } from '../tasks/catalog.ts'

export const taskRoutes: FastifyPluginAsyncTypebox<Services> = async (app, { tasks }) => {
  const list = {
    tasks: tasks.tasks.map(task => ({
      name: task.name,
      title: task.title,
      aliases: task.aliases,
      available: task.activeRules.length > 0,
      ...(task.activeRules.length === 0 && { reason: unavailableReason(task) }),
      rules: task.rules.map(rule => ({
        id: rule.id,
        active: task.activeRules.some(({ id }) => id === rule.id),
        demonstration: rule.demonstration,
        description: rule.description,
        ...sceneDetail(task, rule.id)
      }))
    }))
  }
  app.get(
    '/tasks',
    {
      config: { scope: 'any' },
      schema: {
        operationId: 'listTasks',
        summary: 'The tasks that can be claimed',
        tags: ['tasks'],
        response: { 200: TaskListSchema }
      }
    },
    async () => list
  )
}

function sceneDetail ({ activeRules, sceneProblems }: Task, id: string) {
  const taught = activeRules.find(rule => rule.id === id)?.taught
  const problem = sceneProblems.find(({ rule }) => rule === id)?.problem
  return {
    ...(problem !== undefined && { problem }),
    ...(taught !== undefined && {
      scene: {
        name: taught.name,
        taught: taught.taught,
        threshold: taught.threshold,
        ...taught.figures,
        photos: taught.photos
      }
    })
  }
}
