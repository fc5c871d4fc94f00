import { type Folder, proof, refused, rejected } from '../scenario.ts'

export const specialSettings: Folder = {
  name: 'Special settings',
  description:
    'These need a server with API keys, MAX_PHOTO_MB=4, REVIEW=uncertain, TEACHING=true and the tasks of docs/postman/tasks.json; see docs/postman/README.md.',
  scenarios: [
    refused('unauthorized', 401, { operation: 'listTasks', key: 'unknownKey' }),
    refused('forbidden', 403, { operation: 'deleteUser', path: { username: 'postman' }, key: 'verifyKey' }),
    refused('photo_too_large', 413, {
      operation: 'verify',
      form: proof('postman', 'waste', 'larger-than-4-mib.jpg')
    }),
    refused('task_unavailable', 503, { operation: 'verify', form: proof('postman', 'unicorn-riding', 'proof.jpg') }),
    {
      name: 'Liveness uncertain, left to a person',
      operation: 'verify',
      form: proof('postman', 'self-portrait', 'unsure.jpg'),
      status: 200,
      keep: { verification: 'id', review: 'review.id' },
      expect: { status: 'rejected', 'review.state': 'open' }
    },
    {
      name: 'What waits for a person',
      operation: 'listReviews',
      query: { state: 'open', user: 'postman' },
      status: 200,
      expect: { 'reviews[0].state': 'open' }
    },
    {
      name: 'One review',
      operation: 'getReview',
      path: { id: '{{review}}' },
      status: 200,
      expect: { reason: 'liveness_uncertain', 'machine.status': 'rejected' }
    },
    {
      name: 'A person rejects',
      operation: 'decideReview',
      path: { id: '{{review}}' },
      raw: { type: 'application/json', text: '{"decision": "reject", "note": "a print"}' },
      status: 200,
      expect: { state: 'rejected' }
    },
    refused('review_decided', 409, {
      operation: 'decideReview',
      path: { id: '{{review}}' },
      raw: { type: 'application/json', text: '{"decision": "approve"}' }
    }),
    refused('photo_differs', 422, {
      operation: 'appeal',
      path: { id: '{{verification}}' },
      form: [['file', 'proof.jpg']]
    }),
    {
      name: 'An appeal',
      operation: 'appeal',
      path: { id: '{{verification}}' },
      form: [
        ['statement', 'It was dark.'],
        ['file', 'unsure.jpg']
      ],
      status: 201,
      expect: { 'review.state': 'open' }
    },
    refused('not_appealable', 409, {
      operation: 'appeal',
      path: { id: '{{verification}}' },
      form: [['statement', 'Once more.']]
    }),
    {
      name: 'The verification shows it',
      operation: 'getVerification',
      path: { id: '{{verification}}' },
      status: 200,
      expect: { status: 'rejected', 'review.state': 'open' }
    },
    {
      name: 'A tenant sees nothing of it',
      operation: 'listVerifications',
      query: { user: 'postman' },
      key: 'tenantKey',
      status: 200,
      expect: { 'verifications.length': 0 }
    },
    refused('user_not_found', 404, { operation: 'getUser', path: { username: 'postman' }, key: 'tenantKey' }),
    refused('teaching_conflict', 409, { operation: 'keepTeaching' }),
    rejected('Task not by subject', 'proof.jpg', 'Task not verified', 'task_not_by_subject', 'cup-wearing')
  ]
}
