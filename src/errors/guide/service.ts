/** Faults and limits of the service itself. */
import type { ErrorGuide } from './entry.ts'

export const serviceErrors = {
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
  overloaded: {
    cause:
      'All slots of the queue (`QUEUE_MAX`) are taken, or the share of this API key is; without keys, of this address.',
    remedy:
      'Wait as many seconds as the header `retry-after` says, then send the request again. Operators: add `WORKER_THREADS` or instances.',
    message: 'All 64 slots of the queue are taken. Send the request again in 3 s.',
    retryAfter: true
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
      'What is stored is encrypted under a template key that this instance was not given. The user may well be enrolled; without the key nobody knows.',
    remedy:
      'Sending the request again does not help: tell the operator. Operators: name the key in `TEMPLATE_KEY` or `TEMPLATE_KEYS_OLD`; `npm run doctor` names its id.',
    message:
      'What is stored cannot be decrypted with the template key of this instance; nothing was changed. Tell the operator, who has to correct TEMPLATE_KEY.'
  },
  store_corrupt: {
    cause: 'What is stored was changed by something other than the service, or the disk is failing.',
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
} satisfies Record<string, ErrorGuide>
