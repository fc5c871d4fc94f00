/**
 * The PostgreSQL schema, step by step: `schema_version` holds the number of steps applied. A released step never
 * changes; a change of the schema is made of new steps at the end of the last file, one statement each, here and in
 * sqlite/.
 */
import { usersAndRecords } from './migrations/1-users-and-records.ts'
import { auditAndJobs } from './migrations/2-audit-and-jobs.ts'
import { sketchesAndReviews } from './migrations/3-sketches-and-reviews.ts'

export const migrations = [...usersAndRecords, ...auditAndJobs, ...sketchesAndReviews]
