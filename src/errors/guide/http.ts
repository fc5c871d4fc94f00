/** Keys, addresses, headers, bodies and limits: what HTTP itself refuses. */
import type { ErrorGuide } from './entry.ts'

export const httpErrors = {
  unauthorized: {
    cause: 'The service demands an API key, and none or an unknown one was sent.',
    remedy: 'Send the key as `Authorization: Bearer KEY` or `x-api-key: KEY`. Operators make keys with `npm run keys`.',
    message: 'An API key is needed: send it as `Authorization: Bearer KEY` or as `x-api-key: KEY`.'
  },
  forbidden: {
    cause: 'The API key does not have the scope that the call needs; or the service has no keys and answers this machine only.',
    remedy:
      'Ask the operator for a key with the scope that `scope` names. Without keys, call from the same machine, and not through a proxy.',
    message: 'This call needs the scope admin; the key app has enrol, verify.',
    details: { scope: 'admin' }
  },
  not_found: {
    cause: 'There is nothing at this address, or not for this HTTP method.',
    remedy:
      'Compare method and path with `/docs` or `/api/openapi.json`. Debug routes exist only with `DEBUG_ROUTES=true`.',
    message: 'There is nothing at GET /api/user. The API is described at /docs.'
  },
  method_not_allowed: {
    cause: 'The path exists, but not for this HTTP method.',
    remedy: 'Use a method that the header `allow` and the message name.',
    message: '/api/verify takes POST; found GET. The API is described at /docs.'
  },
  upload_too_slow: {
    cause: 'The request did not arrive whole within `UPLOAD_TIMEOUT`.',
    remedy: 'Send smaller photos, or use a faster connection.',
    message: 'The request took too long to arrive. Send smaller photos, or use a faster connection.'
  },
  body_too_large: {
    cause: 'The form is larger than `MAX_CONTENT_LENGTH_MB`, or a JSON body larger than its call takes.',
    remedy: 'Send fewer or smaller photos; 1600 pixels on the longer side are plenty.',
    message: 'The request is larger than 8 MiB. Send fewer or smaller photos.'
  },
  unsupported_media_type: {
    cause: 'The body is not `multipart/form-data`, or not JSON where a call takes that, or it is compressed.',
    remedy: 'Send a form: `curl -F`, `FormData` in JavaScript. Photos in base64 or JSON are not accepted.',
    message:
      'Send the body as multipart/form-data; found application/json. Photos are files of a form (curl -F, FormData), not base64 in JSON.'
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
  }
} satisfies Record<string, ErrorGuide>
