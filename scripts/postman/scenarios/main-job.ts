import { type Folder, proof, refused } from '../scenario.ts'

export const mainJob: Folder = {
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
}
