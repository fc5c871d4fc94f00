/** Forms, fields and repeated requests. */
import type { ErrorGuide } from './entry.ts'

export const requestErrors = {
  invalid_request: {
    cause: 'A field of the form, the query or the path has a value that does not fit.',
    remedy: 'Correct the field that `field` or the message names.',
    message: 'The field limit must be <= 200.',
    details: { field: 'limit' }
  },
  invalid_username: {
    cause:
      'The username is empty, longer than 64 characters, or has a character that is not accepted; the message names it.',
    remedy:
      "Use letters and digits of any script, spaces and `. _ @ + - | : '`, with at least one letter or digit; what cannot be seen only inside words whose script needs it (ZWJ, ZWNJ).",
    message:
      'The field username has U+003D EQUALS SIGN at position 5, which is not accepted: 1 to 64 letters or digits of any script are expected, or any of " ._@+-|:\'", with at least one letter or digit.'
  },
  missing_field: {
    cause: 'A required field was not sent.',
    remedy:
      'Send the field that `field` or the message names. In a form, check its spelling and that a photo is sent as a file.',
    message: 'The field file is missing; found username, task.',
    details: { field: 'file' }
  },
  repeated_field: {
    cause: 'A field that takes one value was sent more than once.',
    remedy: 'Send it once. Several photos go into `images` of a signup.',
    message: 'The field file takes one photo; found more.'
  },
  unexpected_field: {
    cause: 'The form has a field that the call does not know.',
    remedy: 'Remove the field, or correct its name; the message lists the known ones.',
    message: 'The file field photo is not expected; send the photo as file.'
  },
  malformed_upload: {
    cause: 'The multipart body cannot be read: it is cut off, its boundary is wrong, or it has too many parts.',
    remedy:
      'Let the HTTP library write the `content-type` header with its boundary, and check that the whole body is sent.',
    message:
      'The multipart body cannot be read: Unexpected end of form. Check the boundary and that the whole body was sent.'
  },
  webhook_refused: {
    cause: 'The form asks for a webhook that the operator did not allow, or without `Prefer: respond-async`.',
    remedy:
      "Ask the operator to list the origin in `WEBHOOK_ORIGINS` and to set `WEBHOOK_SECRET`, or leave the field `webhook` out and ask at the job's address.",
    message:
      'The origin https://app.example.org is not in WEBHOOK_ORIGINS; ask the operator to list it, or leave the field webhook out.'
  },
  unknown_task: {
    cause: 'The task is neither the name nor an alias of a task in `config/tasks.json`.',
    remedy: 'Choose one of `tasks` in the answer, or of `GET /api/tasks`.',
    message: 'The field task must be one of planting, waste, feeding or one of their aliases.',
    details: { tasks: [{ name: 'planting', aliases: ['tree-planting', 'plant'] }] }
  },
  task_unavailable: {
    cause: 'The object detector in use cannot name any object that proves the task.',
    remedy:
      'Ask the operator to set `YOLO_MODEL_PATH` to a detector with the labels that the message names. `GET /api/tasks` shows which tasks are available.',
    message:
      'The task planting needs an object detector that can name sapling; the one in use cannot. Ask the operator to configure one (YOLO_MODEL_PATH).'
  },
  idempotency_in_progress: {
    cause: 'A request with the same `Idempotency-Key` is still being worked on.',
    remedy: 'Send it again after the seconds in `retry-after`, with the same key: the answer is that of the first.',
    message: 'A request with this Idempotency-Key is still being worked on. Send it again in 1 s for its answer.',
    retryAfter: true
  },
  idempotency_mismatch: {
    cause: 'The `Idempotency-Key` was used for a request with other fields or photos.',
    remedy: 'Make a new key for each request, and keep it only for sending the very same request again.',
    message: 'This Idempotency-Key belongs to a request with other fields or photos. Use a new key for a new request.'
  }
} satisfies Record<string, ErrorGuide>
