/**
 * Requests of the Postman collection that show each verdict, each rejection and each error, in the order in which they
 * run.
 */

export interface Scenario {
  name: string
  /** `operationId` of the OpenAPI document; or the method and path of a request that no operation answers. */
  operation: string | [method: string, path: string]
  /** Form fields in order; a value that ends like a photo's file name is sent as that file. */
  form?: [field: string, value: string][]
  /** A body that is no form, with its content type. */
  raw?: { type: string, text: string }
  path?: Record<string, string>
  query?: Record<string, string>
  headers?: Record<string, string>
  /** Environment variable to send as API key instead of `apiKey`. */
  key?: string
  status: number
  /** Variables that later requests use as `{{NAME}}`, by the property of the answer. */
  keep?: Record<string, string>
  /** Property paths of the JSON answer and the value each must have. */
  expect: Record<string, unknown>
}

export interface Folder {
  name: string
  description: string
  scenarios: Scenario[]
}

function rejected (name: string, photo: string, reason: string, code: string, task = 'waste'): Scenario {
  return {
    name,
    operation: 'verify',
    form: [
      ['username', 'postman'],
      ['task', task],
      ['file', photo]
    ],
    status: 200,
    expect: { status: 'rejected', reason, [`reasons[${code}]`]: code }
  }
}

/** A signup whose only photo is turned down. */
function turnedDown (code: string, photo: string, error = 'no_usable_face', status = 422): Scenario {
  return {
    name: `${error}: ${code}`,
    operation: 'signup',
    form: [
      ['username', 'postman-new'],
      ['image', photo]
    ],
    status,
    expect: { error, 'rejected[0].code': code }
  }
}

function refused (error: string, status: number, request: Omit<Scenario, 'name' | 'status' | 'expect'>): Scenario {
  return { name: error, ...request, status, expect: { status: 'error', code: status, error } }
}

const proof = (username: string, task: string, file: string): [string, string][] => [
  ['username', username],
  ['task', task],
  ['file', file]
]

export const folders: Folder[] = [
  {
    name: 'Main job',
    description: 'Enrol a user, approve a proof, look at what is stored.',
    scenarios: [
      {
        name: 'Enrol from two photos',
        operation: 'signup',
        form: [
          ['username', 'postman'],
          ['images', 'one.jpg'],
          ['images', 'two.jpg']
        ],
        status: 200,
        expect: { status: true, user: 'postman', shots: 2 }
      },
      {
        name: 'The same photo again changes nothing',
        operation: 'signup',
        form: [
          ['username', 'postman'],
          ['image', 'one.jpg']
        ],
        status: 200,
        expect: { shots: 2, 'rejected[0].code': 'duplicate' }
      },
      {
        name: 'Approved',
        operation: 'verify',
        form: proof('postman', 'waste', 'proof.jpg'),
        status: 200,
        expect: {
          status: 'approved',
          user: 'postman',
          task: 'waste',
          'checks.face.outcome': 'passed',
          'checks.liveness.outcome': 'passed',
          'checks.task.outcome': 'passed'
        }
      },
      {
        name: 'Approved although the photo lies on its side',
        operation: 'verify',
        form: proof('postman', 'waste', 'proof-sideways.jpg'),
        status: 200,
        expect: { status: 'approved', 'photo.turned': 270 }
      },
      {
        name: 'An alias of the task',
        operation: 'verify',
        form: proof('postman', 'Waste-Collection', 'proof.jpg'),
        status: 200,
        expect: { status: 'approved', task: 'waste' }
      },
      { name: 'What this key may do', operation: 'getMe', status: 200, expect: { 'privacy.consentRequired': false } },
      {
        name: 'One user',
        operation: 'getUser',
        path: { username: 'postman' },
        status: 200,
        keep: { shot: 'shotList[0].id' },
        expect: { username: 'postman', shots: 2, reenrolRequired: false, 'shotList[0].anchor': true }
      },
      {
        name: 'A hint before the shutter',
        operation: 'captureHint',
        form: [['frame', 'one.jpg']],
        status: 200,
        expect: { 'photo.width': 420, 'photo.height': 430 }
      },
      refused('anchor_shot', 409, { operation: 'removeShot', path: { username: 'postman', id: '{{shot}}' } })
    ]
  },
  {
    name: 'Rejections',
    description: 'A refused proof is a result: HTTP 200 with the reason.',
    scenarios: [
      rejected('Face mismatch', 'stranger.jpg', 'Face mismatch', 'face_mismatch'),
      rejected('No face detected', 'scenery.png', 'No face detected', 'no_face'),
      rejected('Face too small', 'far-away.jpg', 'No face detected', 'face_too_small'),
      rejected('Face not recognisable', 'person-covered.jpg', 'Face not recognisable', 'face_unclear'),
      rejected('Liveness failed', 'spoof.jpg', 'Liveness failed', 'not_live'),
      {
        name: 'Liveness uncertain',
        operation: 'verify',
        form: proof('postman', 'waste', 'unsure.jpg'),
        status: 200,
        expect: {
          status: 'rejected',
          reason: 'Liveness uncertain',
          'reasons[liveness_uncertain]': 'liveness_uncertain',
          next: 'challenge'
        }
      },
      {
        name: 'Photo used before',
        operation: 'verify',
        form: proof('postman', 'waste', 'one-again.jpg'),
        status: 200,
        expect: { status: 'rejected', 'checks.originality.reason': 'recycled_photo' }
      },
      rejected('Task not verified', 'proof.jpg', 'Task not verified', 'task_not_shown', 'feeding')
    ]
  },
  {
    name: 'Challenge',
    description:
      'Ask a user to move the head. One photo sent four times shows nothing of the kind; docs/challenge.md tells what does.',
    scenarios: [
      {
        name: 'Begin',
        operation: 'beginChallenge',
        form: [['username', 'postman']],
        status: 201,
        keep: { challenge: 'id' },
        expect: { user: 'postman', 'steps.length': 4 }
      },
      {
        name: 'The pose of one photo',
        operation: 'currentPose',
        path: { id: '{{challenge}}' },
        form: [
          ['step', 'centre'],
          ['frame', 'one.jpg']
        ],
        status: 200,
        expect: { 'photo.width': 420, 'photo.height': 430 }
      },
      refused('too_few_frames', 400, {
        operation: 'submitFrames',
        path: { id: '{{challenge}}' },
        form: [['frames', 'one.jpg']]
      }),
      refused('frame_sizes_differ', 422, {
        operation: 'submitFrames',
        path: { id: '{{challenge}}' },
        form: ['one.jpg', 'two.jpg', 'one.jpg', 'two.jpg'].map(file => ['frames', file])
      }),
      refused('challenge_not_passed', 409, {
        operation: 'verify',
        form: [['challenge', '{{challenge}}'], ...proof('postman', 'waste', 'proof.jpg')]
      }),
      {
        name: 'How it stands',
        operation: 'getChallenge',
        path: { id: '{{challenge}}' },
        status: 200,
        expect: { status: 'pending' }
      },
      {
        name: 'One photo four times',
        operation: 'submitFrames',
        path: { id: '{{challenge}}' },
        form: Array.from({ length: 4 }, (): [string, string] => ['frames', 'one.jpg']),
        status: 200,
        expect: {
          status: 'failed',
          'checks.poses.reason': 'pose_missed',
          'checks.continuity.reason': 'frames_repeated'
        }
      },
      refused('challenge_used', 409, {
        operation: 'submitFrames',
        path: { id: '{{challenge}}' },
        form: Array.from({ length: 4 }, (): [string, string] => ['frames', 'one.jpg'])
      }),
      refused('challenge_not_found', 404, { operation: 'getChallenge', path: { id: 'nothing' } })
    ]
  },
  {
    name: 'Errors',
    description: 'Each error that a client can bring about, with its code.',
    scenarios: [
      refused('invalid_request', 400, { operation: 'listUsers', query: { limit: '0' } }),
      refused('invalid_username', 400, {
        operation: 'signup',
        form: [
          ['username', 'a/b'],
          ['image', 'one.jpg']
        ]
      }),
      refused('missing_field', 400, {
        operation: 'verify',
        form: [
          ['username', 'postman'],
          ['file', 'proof.jpg']
        ]
      }),
      refused('repeated_field', 400, {
        operation: 'verify',
        form: [...proof('postman', 'waste', 'proof.jpg'), ['file', 'proof.jpg']]
      }),
      refused('unexpected_field', 400, {
        operation: 'verify',
        form: [
          ['username', 'postman'],
          ['task', 'waste'],
          ['photo', 'proof.jpg']
        ]
      }),
      refused('too_many_photos', 400, {
        operation: 'signup',
        form: [['username', 'postman-new'], ...Array.from({ length: 6 }, (): [string, string] => ['images', 'one.jpg'])]
      }),
      refused('malformed_upload', 400, {
        operation: 'verify',
        raw: {
          type: 'multipart/form-data; boundary=b',
          text: '--b\r\ncontent-disposition: form-data; name="username"\r\n\r\npostman'
        }
      }),
      refused('webhook_refused', 400, {
        operation: 'verify',
        form: [...proof('postman', 'waste', 'proof.jpg'), ['webhook', 'https://app.example.org/hook']]
      }),
      refused('user_not_found', 404, {
        operation: 'verify',
        headers: { 'idempotency-key': 'postman-1' },
        form: proof('postman-nobody', 'waste', 'proof.jpg')
      }),
      refused('idempotency_mismatch', 422, {
        operation: 'verify',
        headers: { 'idempotency-key': 'postman-1' },
        form: proof('postman-nobody', 'planting', 'proof.jpg')
      }),
      refused('not_found', 404, { operation: ['GET', '/api/nothing'] }),
      refused('method_not_allowed', 405, { operation: ['GET', '/api/verify'] }),
      {
        ...refused('identity_conflict', 409, {
          operation: 'signup',
          form: [
            ['username', 'postman'],
            ['image', 'other-person.jpg']
          ]
        }),
        expect: { error: 'identity_conflict', 'rejected[0].code': 'not_same_person' }
      },
      refused('username_taken', 409, {
        operation: 'signup',
        form: [
          ['username', 'p\u043Estman'],
          ['image', 'other-person.jpg']
        ]
      }),
      refused('replayed_photo', 409, { operation: 'verify', form: proof('postman', 'waste', 'one.jpg') }),
      refused('body_too_large', 413, { operation: 'verify', form: proof('postman', 'waste', 'larger-than-8-mib.jpg') }),
      turnedDown('too_many_pixels', '81-megapixels.png', 'too_many_pixels', 413),
      refused('unsupported_media_type', 415, {
        operation: 'verify',
        raw: { type: 'application/json', text: '{"username": "postman"}' }
      }),
      turnedDown('unsupported_type', 'animation.gif', 'unsupported_image_type', 415),
      turnedDown('unreadable', 'cut-off.jpg', 'unreadable_image', 422),
      turnedDown('no_face', 'scenery.png'),
      turnedDown('multiple_faces', 'stranger.jpg'),
      turnedDown('face_too_small', 'person-tiny.jpg'),
      turnedDown('too_blurry', 'person-blurred.jpg'),
      turnedDown('face_unclear', 'person-covered.jpg'),
      turnedDown('too_dark', 'person-dark.jpg'),
      turnedDown('too_bright', 'person-bright.jpg'),
      refused('unknown_task', 422, { operation: 'verify', form: proof('postman', 'sleeping', 'proof.jpg') }),
      refused('headers_too_large', 431, { operation: 'getHealth', headers: { 'x-much': 'x'.repeat(20_000) } })
    ]
  },
  {
    name: 'Special settings',
    description:
      'These need a server with API keys, MAX_PHOTO_MB=4, REVIEW=uncertain and the tasks of docs/postman/tasks.json; see docs/postman/README.md.',
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
        name: 'The verification tells of it',
        operation: 'getVerification',
        path: { id: '{{verification}}' },
        status: 200,
        expect: { status: 'rejected', 'review.state': 'open' }
      },
      rejected('Task not by subject', 'proof.jpg', 'Task not verified', 'task_not_by_subject', 'cup-wearing')
    ]
  },
  {
    name: 'Clean up',
    description: 'Erases the user of this collection.',
    scenarios: [
      {
        name: 'Erase',
        operation: 'deleteUser',
        path: { username: 'postman' },
        status: 200,
        expect: { status: 'deleted', user: 'postman' }
      }
    ]
  }
]
