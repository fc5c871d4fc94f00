/**
 * Requests of the Postman collection that show each verdict, each rejection and each error, in the order in which they
 * run.
 */
import { challenge } from './scenarios/challenge.ts'
import { cleanUp } from './scenarios/clean-up.ts'
import { errors } from './scenarios/errors.ts'
import { mainJob } from './scenarios/main-job.ts'
import { rejections } from './scenarios/rejections.ts'
import { specialSettings } from './scenarios/special-settings.ts'
import type { Folder } from './scenario.ts'

export const folders: Folder[] = [mainJob, rejections, challenge, errors, specialSettings, cleanUp]
