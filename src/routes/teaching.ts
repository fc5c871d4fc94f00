import { join } from 'node:path'
import { rm } from 'node:fs/promises'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { keptLessonEntry } from '../audit/entry.ts'
import { ServiceError } from '../errors/errors.ts'
import { activeModels } from '../models/active-models.ts'
import { actorOf } from '../plugins/audit.ts'
import {
  BeginSchema, KeptLessonSchema, LessonPhotoParamsSchema, LessonPhotosSchema, LessonSchema
} from '../schemas/teaching.ts'
import type { Services } from '../server/services.ts'
import { Lesson } from '../teaching/lesson/lesson.ts'

const PHOTOS_AT_ONCE = 20
const MAX_JSON_BYTES = 4096
const tags = ['teaching']

type App = Parameters<FastifyPluginAsyncTypebox<Services>>[0]

/** Only with TEACHING, never in production. What is taught serves every tenant, so that none of them teaches. */
export const teachingRoutes: FastifyPluginAsyncTypebox<Services> = async (app, services) => {
  const { config, models, inference, tasks, store } = services
  const folder = join(config.DATA_DIR, 'teaching')
  // What a service that was killed has left behind.
  await rm(folder, { recursive: true, force: true })
  const detector = activeModels(models).find(({ role }) => role === 'object-detector')
  const lesson = new Lesson({
    inference,
    detector: detector === undefined ? null : { id: detector.id, sha256: detector.sha256 },
    tasks: tasks.tasks,
    tasksFile: config.TASKS_FILE,
    folder,
    maxPixels: config.MAX_PHOTO_MEGAPIXELS * 1e6
  })
  app.addHook('onClose', () => lesson.discard())
  photoRoutes(app, lesson)
  decisionRoutes(app, lesson, store)
}

/** What a teaching is made of, and how it stands. */
function photoRoutes (app: App, lesson: Lesson): void {
  app.get('/teaching', {
    config: { scope: 'admin', allTenants: true, quiet: true, audit: false },
    schema: { operationId: 'getTeaching', summary: 'How the teaching stands', tags, response: { 200: LessonSchema } }
  }, async () => lesson.status())

  app.post('/teaching/photos', {
    config: {
      scope: 'admin', allTenants: true, uploads: { photos: PHOTOS_AT_ONCE }, errors: ['teaching_conflict']
    },
    schema: {
      operationId: 'addTeachingPhotos',
      summary: 'Adds example photos',
      tags,
      consumes: ['multipart/form-data'],
      body: LessonPhotosSchema,
      response: { 200: LessonSchema }
    }
  }, async ({ body: { photos, class: kind, origin } }) => {
    await lesson.add(photos, kind, origin === undefined || origin.trim() === '' ? null : origin.trim())
    return lesson.status()
  })

  app.get('/teaching/photos/:id', {
    config: { scope: 'admin', allTenants: true, errors: ['not_found'] },
    schema: {
      operationId: 'getTeachingPhoto',
      summary: 'A photo that was added',
      tags,
      params: LessonPhotoParamsSchema,
      produces: ['application/octet-stream'],
      response: { 200: Type.Unsafe<Buffer>({ type: 'string', format: 'binary', description: 'the bytes of the photo' }) }
    }
  }, async ({ params: { id } }, reply) => {
    const photo = await lesson.photo(id)
    if (photo === null) throw new ServiceError('not_found', `There is no example photo ${id}.`)
    return reply.type('application/octet-stream').header('content-disposition', 'attachment').send(Buffer.from(photo))
  })
}

/** Teaching, and what becomes of it. */
function decisionRoutes (app: App, lesson: Lesson, store: Services['store']): void {
  app.post('/teaching', {
    config: {
      scope: 'admin', allTenants: true, json: { maxBytes: MAX_JSON_BYTES }, errors: ['unknown_task', 'teaching_conflict']
    },
    schema: {
      operationId: 'beginTeaching',
      summary: 'Teaches a task by the photos that were added',
      tags,
      body: BeginSchema,
      response: { 200: LessonSchema }
    }
  }, async ({ body: { task } }) => {
    await lesson.begin(task)
    return lesson.status()
  })

  app.post('/teaching/keep', {
    config: { scope: 'admin', allTenants: true, audit: 'learn', errors: ['teaching_conflict'] },
    schema: {
      operationId: 'keepTeaching',
      summary: 'Writes what was taught beside the tasks file, and removes the photos',
      tags,
      response: { 200: KeptLessonSchema }
    }
  }, async request => {
    const { task, scene, rule } = await lesson.keep()
    const { yes, no, near } = scene.photos
    await store.appendAudit(keptLessonEntry(actorOf(request), { task, scene: scene.name, photos: yes + no + near }))
    return { task, scene: scene.name, ...(rule !== undefined && { rule }), restart: true as const }
  })

  app.delete('/teaching', {
    config: { scope: 'admin', allTenants: true },
    schema: {
      operationId: 'discardTeaching',
      summary: 'Ends the teaching, and removes its photos',
      tags,
      response: { 200: LessonSchema }
    }
  }, async () => {
    await lesson.discard()
    return lesson.status()
  })
}
