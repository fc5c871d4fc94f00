import { type Folder, proof, refused, turnedDown } from '../scenario.ts'

export const errors: Folder = {
  name: 'Errors',
  description: 'Each error that a client can cause, with its code.',
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
}
