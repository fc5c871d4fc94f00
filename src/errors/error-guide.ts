/**
 * What every machine code means and how to mend it: the source of docs/errors.md and of the examples in the OpenAPI
 * document. The types demand an entry for every code.
 */
import type { ErrorCode } from './errors.ts'
import { reviewErrors } from './review-errors.ts'

export interface Guide {
  cause: string
  remedy: string
}

export interface ErrorGuide extends Guide {
  /** A message as the service sends it. */
  message: string
  /** An example of the fields that this code adds to the body. */
  details?: Record<string, unknown>
  /** True when the answer has the header `retry-after`. */
  retryAfter?: boolean
}

export const errorGuide: Record<ErrorCode, ErrorGuide> = {
  ...reviewErrors,
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
      'The field username has U+003D EQUALS SIGN at place 5, which is not accepted: 1 to 64 letters or digits of any script are expected, or any of " ._@+-|:\'", with at least one letter or digit.'
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
  too_many_photos: {
    cause: 'A signup carries more than five photos.',
    remedy: 'Send at most five photos; the five newest of a user are kept.',
    message: 'The field images takes at most 5 photos; found more.'
  },
  malformed_upload: {
    cause: 'The multipart body cannot be read: it is cut off, its boundary is wrong, or it has too many parts.',
    remedy:
      'Let the HTTP library write the `content-type` header with its boundary, and check that the whole body is sent.',
    message:
      'The multipart body cannot be read: Unexpected end of form. Check the boundary and that the whole body was sent.'
  },
  too_few_frames: {
    cause: 'A challenge was sent with fewer frames than it has steps.',
    remedy: 'Send 4 to 20 photos as `frames`, in order of time, with at least one for each step.',
    message: 'The field frames takes 4 to 20 photos; found 1. Send at least one for each step.'
  },
  challenge_not_found: {
    cause: 'There is no such challenge of this user or of this API key. Expired ones are removed after a day.',
    remedy: 'Begin a challenge with `POST /api/challenges` for the same user and with the same key.',
    message: 'There is no challenge 0d6c1f0e of anna. Begin one with POST /api/challenges.'
  },
  challenge_used: {
    cause: 'The frames of this challenge were sent before, or an approved verification has used it.',
    remedy: 'Begin another challenge: each is judged once and counts for one approved verification.',
    message: 'The challenge was used already; each counts once. Begin another one with POST /api/challenges.'
  },
  challenge_not_passed: {
    cause: 'A verification names a challenge that was not passed.',
    remedy: 'Send its frames first, or begin another one if it failed.',
    message:
      'The challenge is failed, not passed. Send its frames to POST /api/challenges/0d6c1f0e/frames first, or begin another one.'
  },
  challenge_expired: {
    cause:
      'The frames came more than 2 minutes after the challenge began, or the verification more than `CHALLENGE_MINUTES` after it was passed.',
    remedy: 'Begin another challenge.',
    message: 'The challenge expired at 2026-05-04T09:34:40.000Z. Begin another one with POST /api/challenges.'
  },
  frame_sizes_differ: {
    cause: 'The frames of a challenge have different sizes, so that they are not those of one camera.',
    remedy: 'Send the pictures of one camera as they are, without cropping or scaling some of them.',
    message:
      'All frames must have one size, as one camera gives them; photo 1 has 640 x 480 pixels, photo 3 has 320 x 240. Send the pictures of one camera unchanged.'
  },
  challenges_unavailable: {
    cause: 'The active face detector gives five points of a face; a challenge needs 68.',
    remedy:
      'Use a pack with a landmark model, such as `starter`, or go on without challenges (`LIVENESS_MODE=passive`).',
    message:
      'Challenges need a model that finds 68 face landmarks, and the active face detector gives five points only. Use the pack starter, or LIVENESS_MODE=passive.'
  },
  webhook_refused: {
    cause: 'The form asks for a webhook that the operator did not allow, or without `Prefer: respond-async`.',
    remedy:
      "Ask the operator to list the origin in `WEBHOOK_ORIGINS` and to set `WEBHOOK_SECRET`, or leave the field `webhook` out and ask at the job's address.",
    message:
      'The origin https://app.example.org is not in WEBHOOK_ORIGINS; ask the operator to list it, or leave the field webhook out.'
  },
  unauthorized: {
    cause: 'The service demands an API key, and none or an unknown one was sent.',
    remedy: 'Send the key as `Authorization: Bearer KEY` or `x-api-key: KEY`. Operators make keys with `npm run keys`.',
    message: 'An API key is needed: send it as `Authorization: Bearer KEY` or as `x-api-key: KEY`.'
  },
  forbidden: {
    cause: 'The API key lacks the scope that the call needs; or the service has no keys and answers this machine only.',
    remedy:
      'Ask the operator for a key with the scope that `scope` names. Without keys, call from the same machine, and not through a proxy.',
    message: 'This call needs the scope admin; the key app has enrol, verify.',
    details: { scope: 'admin' }
  },
  user_not_found: {
    cause: 'Nobody is enrolled under this username. Letters differ by case.',
    remedy: 'Enrol the user with `POST /api/signup`, or correct the name; `GET /api/users` lists the names.',
    message: 'There is no enrolled user anna. Enrol the user first.'
  },
  not_found: {
    cause: 'There is nothing at this address, or not for this HTTP method.',
    remedy:
      'Compare method and path with `/docs` or `/api/openapi.json`. Debug routes exist only with `DEBUG_ROUTES=true`.',
    message: 'There is nothing at GET /api/user. The API is described at /docs.'
  },
  method_not_allowed: {
    cause: 'The path exists, yet not for this HTTP method.',
    remedy: 'Use a method that the header `allow` and the message name.',
    message: '/api/verify takes POST; found GET. The API is described at /docs.'
  },
  upload_too_slow: {
    cause: 'The request did not arrive whole within `UPLOAD_TIMEOUT`.',
    remedy: 'Send smaller photos, or use a faster connection.',
    message: 'The request took too long to arrive. Send smaller photos, or use a faster connection.'
  },
  identity_conflict: {
    cause:
      'The photos show more than one person, or not the person who is enrolled under this name: added photos must match those of the first enrolment. Nothing was changed. Each photo that does not match counts as a failed verification of the user.',
    remedy:
      'Send photos of one person only; `rejected` names those that do not fit. To give the name to somebody else, delete the user first.',
    message: 'The photos do not show the person who is enrolled as anna; nothing was changed.',
    details: {
      rejected: [
        { index: 0, filename: 'one.jpg', code: 'not_same_person', message: 'The face does not match the others.' }
      ]
    }
  },
  person_already_enrolled: {
    cause:
      'Another user has the same face, and the operator allows one account for one person (`DUPLICATE_PERSON=refuse`).',
    remedy:
      'Use the account that exists. A twin is enrolled with the field `twin`, which names the other user and needs the scope `admin`.',
    message:
      'The person is enrolled under another name already; one person has one account. Use that account, or ask the operator to allow a twin (field twin, scope admin).'
  },
  anchor_shot: {
    cause:
      'A shot of the first enrolment was to be removed. These shots say whose template it is, and added ones must match them.',
    remedy: 'Remove another shot, replace the whole template with `mode=replace` (scope `admin`), or delete the user.',
    message:
      'The shot belongs to the first enrolment, which says whose template this is. Replace the whole template with mode=replace, or delete the user.'
  },
  username_taken: {
    cause:
      'The name is new, but differs from that of another user only in case or width (`Anna`, `anna`), or looks like it in another script (`\u0430nna` with a Cyrillic letter).',
    remedy: 'Choose another name. To add photos to the other user, send the name as `GET /api/users` shows it.',
    message:
      'The username differs from that of another user only in case, or looks like it. Choose another one, or send the exact name of the user.'
  },
  reenrol_required: {
    cause: 'The operator changed the face model; templates of different models cannot be compared.',
    remedy:
      'Enrol again with new photos and `mode=replace` (scope admin), or delete the user first. `GET /api/users/NAME` shows `reenrolRequired`.',
    message:
      'The template of anna was made by another face model and cannot be compared. Enrol again with mode=replace, or delete the user first.'
  },
  replayed_photo: {
    cause:
      'The bytes of the proof are those of an enrolment photo, or, with `REPLAY_CHECK=bytes`, of a proof that was approved for another user.',
    remedy: 'Take a new photo. Sending a proof again for the same user is no replay: the answer then has `repeat_of`.',
    message: 'The photo has already proved a task for another user; take a new one.'
  },
  body_too_large: {
    cause: 'The form is larger than `MAX_CONTENT_LENGTH_MB`, or a JSON body larger than its call takes.',
    remedy: 'Send fewer or smaller photos; 1600 pixels on the longer side are plenty.',
    message: 'The request is larger than 8 MiB. Send fewer or smaller photos.'
  },
  photo_too_large: {
    cause: 'One photo is larger than `MAX_PHOTO_MB`.',
    remedy: 'Scale it down or compress it more.',
    message: 'The photo 1 of the field file is larger than 8 MiB. Scale it down or compress it more.'
  },
  too_many_pixels: {
    cause: 'The photo has more pixels than `MAX_PHOTO_MEGAPIXELS`; it was refused before decoding.',
    remedy: 'Scale it down.',
    message: 'The photo has 9000 x 9000 pixels; at most 50 megapixels are accepted. Scale it down. (field file)'
  },
  unsupported_media_type: {
    cause: 'The body is not `multipart/form-data`, or not JSON where a call takes that, or it is compressed.',
    remedy: 'Send a form: `curl -F`, `FormData` in JavaScript. Photos in base64 or JSON are not accepted.',
    message:
      'Send the body as multipart/form-data; found application/json. Photos are files of a form (curl -F, FormData), not base64 in JSON.'
  },
  unsupported_image_type: {
    cause: 'The file is no JPEG, PNG or WebP. Its content decides, not its name.',
    remedy:
      'Convert the photo. On an iPhone choose Settings, Camera, Formats, Most Compatible; the page at `/` converts by itself.',
    message:
      'The photo is HEIC; JPEG, PNG or WebP is expected. Convert it, or set the camera to "most compatible" (JPEG). (field file)'
  },
  unreadable_image: {
    cause: 'The file is empty, cut off or damaged.',
    remedy: 'Send it again; if it fails again, open it on your side and save it anew.',
    message:
      'The photo is damaged or incomplete and cannot be decoded (premature end of JPEG image). Send it again or take a new one. (field file)'
  },
  no_usable_face: {
    cause: 'No photo of the signup can be used; nothing was stored.',
    remedy: 'Take new photos; `rejected` says for each one why it was turned down. The reasons are explained below.',
    message: 'The face is blurred. Hold the camera still and wipe the lens.',
    details: {
      rejected: [
        {
          index: 0,
          filename: 'one.jpg',
          code: 'too_blurry',
          message: 'The face is blurred. Hold the camera still and wipe the lens.'
        }
      ]
    }
  },
  unknown_task: {
    cause: 'The task is neither the name nor an alias of a task in `config/tasks.json`.',
    remedy: 'Choose one of `tasks` in the answer, or of `GET /api/tasks`.',
    message: 'The field task must be one of planting, waste, feeding or one of their aliases.',
    details: { tasks: [{ name: 'planting', aliases: ['tree-planting', 'plant'] }] }
  },
  headers_too_large: {
    cause: 'The request headers are larger than 16 KiB, which no request to this service needs.',
    remedy: 'Send fewer or shorter headers; look for cookies that do not belong here.',
    message: 'The request headers are larger than 16 KiB. Send fewer or shorter ones.'
  },
  address_too_long: {
    cause:
      'The address (URL) of the request is longer than 8 KiB. The proxy in front of the service answers this (`deploy/nginx.conf`).',
    remedy: 'Send texts and photos as fields of the form, not in the address.',
    message: 'The address of the request is longer than 8 KiB. Send fields in the form, not in the address.'
  },
  unreachable: {
    cause: 'No instance of the service can be reached. The proxy in front of it answers this (`deploy/nginx.conf`).',
    remedy:
      'Send the request again after the seconds in `retry-after`. Operators: start an instance, and compare its port with `upstream` of the proxy.',
    message: 'No instance of the service can be reached. Send the request again in 5 s.',
    retryAfter: true
  },
  client_gone: {
    cause: 'The client closed the connection before the answer was ready. Nobody receives this code; it is in the log.',
    remedy: 'Let the client wait longer than `REQUEST_TIMEOUT`.',
    message: 'The client closed the connection before the answer was ready.'
  },
  rate_limited: {
    cause:
      'The key sent more than `RATE_LIMIT` requests from one address within a minute, or `FAILED_VERIFICATIONS_MAX` attempts on the face of this user, verifications and photos to add, failed within `FAILED_VERIFICATIONS_MINUTES`.',
    remedy: 'Wait for the seconds in `retry-after`, then send the request again.',
    message: 'More than 1200 requests came within a minute. Send the next one in 17 s.',
    retryAfter: true
  },
  inference_failed: {
    cause: 'A worker failed while it analysed the photo. The pool replaces it.',
    remedy: 'Send the request again. If it happens again with the same photo, report the request id.',
    message:
      'The photo could not be analysed because of an internal fault. Send it again; if it happens again, report the request id.'
  },
  internal_error: {
    cause: 'A fault of the service. The log has the details under the request id.',
    remedy: 'Report `requestId` to the operator.',
    message: 'The request failed because of an internal fault. Report the request id.'
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
  },
  overloaded: {
    cause:
      'All slots of the queue (`QUEUE_MAX`) are taken, or the share of this API key is; without keys, of this address.',
    remedy:
      'Wait as many seconds as the header `retry-after` says, then send the request again. Operators: add `WORKER_THREADS` or instances.',
    message: 'All 64 places in the queue are taken. Send the request again in 3 s.',
    retryAfter: true
  },
  task_unavailable: {
    cause: 'The object detector in use cannot name any object that proves the task.',
    remedy:
      'Ask the operator to set `YOLO_MODEL_PATH` to a detector with the labels that the message names. `GET /api/tasks` shows which tasks are available.',
    message:
      'The task planting needs an object detector that can name sapling; the one in use cannot. Ask the operator to configure one (YOLO_MODEL_PATH).'
  },
  shutting_down: {
    cause: 'This instance is being stopped or replaced.',
    remedy: 'Send the request again after the seconds in `retry-after`; another instance answers.',
    message: 'This instance is shutting down. Send the request again; another one will answer.',
    retryAfter: true
  },
  store_unavailable: {
    cause: 'The database cannot be reached, is busy or is full. Nothing was stored.',
    remedy: 'Send the request again later. Operators: `npm run doctor` and the log say what is wrong with the store.',
    message: 'The store cannot be reached for now; nothing was stored. Send the request again in 5 s.',
    retryAfter: true
  },
  store_sealed: {
    cause:
      'What is stored is encrypted under a template key that this instance was not given. The user may well be enrolled; nobody can tell without the key.',
    remedy:
      'Sending the request again does not help: tell the operator. Operators: name the key in `TEMPLATE_KEY` or `TEMPLATE_KEYS_OLD`; `npm run doctor` names its id.',
    message:
      'What is stored cannot be decrypted with the template key of this instance; nothing was changed. Tell the operator, who has to correct TEMPLATE_KEY.'
  },
  store_corrupt: {
    cause: 'What is stored was changed behind the back of the service, or the disk is failing.',
    remedy:
      'Sending the request again does not help: tell the operator. Operators: the log says what is damaged; restore a backup, or delete and enrol the user again.',
    message: 'What is stored is damaged; nothing was changed. Tell the operator, who has to restore a backup.'
  },
  timed_out: {
    cause: 'The request was not finished within `REQUEST_TIMEOUT`. Nothing was stored.',
    remedy:
      'Send it again after the seconds in `retry-after`. If it happens often, add `WORKER_THREADS` or instances, or lower `QUEUE_MAX`.',
    message: 'The request was not finished within 30 s and was dropped; nothing was stored. Send it again later.',
    retryAfter: true
  }
}
