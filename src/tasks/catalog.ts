/** The tasks of config/tasks.json, joined with what the object detector in use can see. */
import { Value } from '@sinclair/typebox/value'
import { ConfigError } from '../config/config.ts'
import { readTextFile } from '../config/text-file.ts'
import { ServiceError } from '../errors/errors.ts'
import { type ActiveRule, isActive, labelKey, sceneOf, type SceneSupply } from './rules.ts'
import { type TaskDefinition, TasksFileSchema } from './schema.ts'

export interface Task extends TaskDefinition {
  /** Rules whose labels and scene the model has; a task without one is not available. */
  activeRules: ActiveRule[]
  /** Why rules with a scene cannot be used, in a sentence each. */
  sceneProblems: { rule: string, problem: string }[]
}

export interface Catalog {
  readonly tasks: readonly Task[]
  /**
   * The task with this name or alias.
   * @throws {ServiceError} `unknown_task` with the known ones; `task_unavailable` when the model has no such label
   */
  find (text: string): Task
}

/**
 * Reads tasks.json.
 * @throws {ConfigError} naming the file and the position in it
 */
export async function readTasks (path: string): Promise<TaskDefinition[]> {
  const text = await readTextFile(path).catch(error => {
    throw error instanceof ConfigError ? error : new ConfigError(`TASKS_FILE ${path} cannot be read: ${error.message}`)
  })
  let content: unknown
  try {
    content = Value.Default(TasksFileSchema, JSON.parse(text))
  } catch (error) {
    throw new ConfigError(`TASKS_FILE ${path} is not JSON: ${(error as Error).message}`)
  }
  const problem = Value.Errors(TasksFileSchema, content).First()
  if (problem !== undefined) {
    throw new ConfigError(
      `TASKS_FILE ${path} at ${problem.path || '/'}: ${problem.message}, found ${JSON.stringify(problem.value)}`
    )
  }
  return (content as { tasks: TaskDefinition[] }).tasks
}

const withoutScenes: SceneSupply = { scenes: new Map(), contract: null }

/**
 * Joins tasks with the labels of the model and with the scenes that were taught for it.
 * @throws {ConfigError} when two tasks claim the same name or alias
 */
export function buildCatalog (
  definitions: readonly TaskDefinition[],
  labels: readonly string[],
  supply = withoutScenes
): Catalog {
  const known = new Set(labels.map(labelKey))
  const tasks = definitions.map(task => joined(task, known, supply))
  const lookup = new Map<string, Task>()
  for (const task of tasks) {
    for (const key of new Set([task.name, ...task.aliases].map(labelKey))) {
      const other = lookup.get(key)
      if (other !== undefined) throw new ConfigError(`Tasks ${other.name} and ${task.name} both claim the alias ${key}`)
      lookup.set(key, task)
    }
  }
  return {
    tasks,
    find (text) {
      const task = lookup.get(labelKey(text))
      if (task === undefined) {
        const names = tasks.map(({ name }) => name)
        throw new ServiceError(
          'unknown_task',
          `The field task must be one of ${names.join(', ')} or one of their aliases.`,
          {
            details: { tasks: tasks.map(({ name, aliases }) => ({ name, aliases })) }
          }
        )
      }
      if (task.activeRules.length === 0) throw new ServiceError('task_unavailable', unavailableReason(task))
      return task
    }
  }
}

function joined (task: TaskDefinition, known: ReadonlySet<string>, supply: SceneSupply): Task {
  const activeRules: ActiveRule[] = []
  const sceneProblems: Task['sceneProblems'] = []
  for (const rule of task.rules) {
    const taught = rule.scene === undefined ? undefined : sceneOf(rule.scene, supply)
    if (typeof taught === 'string') sceneProblems.push({ rule: rule.id, problem: taught })
    else if (isActive(rule, known)) activeRules.push(taught === undefined ? rule : { ...rule, taught })
  }
  const ids = new Set(activeRules.map(({ id }) => id))
  return {
    ...task,
    activeRules: activeRules.filter(({ insteadOf }) => insteadOf === undefined || !ids.has(insteadOf)),
    sceneProblems
  }
}

/** Why a task cannot be proved, in words. */
export function unavailableReason (task: Pick<Task, 'name' | 'rules' | 'sceneProblems'>): string {
  const labels = new Set(task.rules.flatMap(rule => [...(rule.allOf ?? []), ...(rule.anyOf ?? [])]))
  return `The task ${task.name} needs an object detector that can name ${[...labels].join(', ')}; the one in use cannot. Ask the operator to configure one (YOLO_MODEL_PATH).${task.sceneProblems.map(({ problem }) => ` ${problem}`).join('')}`
}
