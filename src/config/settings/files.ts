/** Where data, models and tasks are. */
import { Type } from '@sinclair/typebox'
import { path } from './path.ts'

export const fileSettings = {
  DATA_DIR: Type.String({ ...path, default: 'data', minLength: 1, description: 'folder of the database' }),
  DATABASE_URL: Type.Optional(
    Type.String({
      description: 'postgres://user:password@host:port/database, for several hosts (default: SQLite in DATA_DIR)'
    })
  ),
  DATABASE_POOL_MAX: Type.Integer({
    default: 10,
    minimum: 1,
    maximum: 1000,
    description: 'most PostgreSQL connections of one process'
  }),
  MODELS_DIR: Type.String({ ...path, default: 'models', minLength: 1, description: 'folder of the model files' }),
  MODEL_MIRROR: Type.String({
    ...path,
    default: '',
    description: 'folder or http(s) address that is asked for model files before npm and their publishers'
  }),
  ACCEPT_MODEL_LICENSES: Type.String({
    default: '',
    description:
      'comma-separated packs or model ids whose non-commercial licence terms you accept; the acceptance is recorded in MODELS_DIR'
  }),
  TASKS_FILE: Type.String({
    ...path,
    default: 'config/tasks.json',
    minLength: 1,
    description: 'tasks, aliases and rules'
  })
}
