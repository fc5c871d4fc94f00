import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { enrol } from '../enrolment/enrol.ts'
import { MAX_SHOTS } from '../enrolment/template.ts'
import { ServiceError } from '../errors.ts'
import { SignupAnswerSchema, SignupFormSchema } from '../schemas/signup.ts'
import { embeddingContract, type Services, thresholdsInForce } from '../services.ts'

export const signupRoutes: FastifyPluginAsyncTypebox<Services> = async (app, { config, models, inference, store }) => {
  const { similarity, liveness } = thresholdsInForce(config, models)
  const services = {
    inference,
    store,
    similarity,
    contract: embeddingContract(models),
    liveness: config.ENROL_LIVENESS ? liveness : null,
    maxPixels: config.MAX_PHOTO_MEGAPIXELS * 1e6
  }
  app.post('/signup', {
    config: { scope: 'enrol', uploads: { images: MAX_SHOTS, image: 1 }, heavy: true, errors: ['invalid_username', 'no_usable_face', 'identity_conflict', 'reenrol_required', 'store_unavailable'] },
    schema: {
      operationId: 'signup',
      summary: 'Enrol a user from 1 to 5 photos, or add photos to one',
      tags: ['users'],
      consumes: ['multipart/form-data'],
      body: SignupFormSchema,
      response: { 200: SignupAnswerSchema }
    }
  }, async ({ deadline, body: { username, images = [], image } }) => {
    const photos = image === undefined ? images : [...images, image]
    if (photos.length === 0) throw new ServiceError('missing_field', 'The field images is missing: send 1 to 5 photos as images, or one as image.')
    if (photos.length > MAX_SHOTS) throw new ServiceError('too_many_photos', `The fields images and image together take at most ${MAX_SHOTS} photos; found ${photos.length}.`)
    return enrol(services, { username, photos, signal: deadline })
  })
}
