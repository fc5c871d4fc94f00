import { type Folder, proof, refused } from '../scenario.ts'

export const challenge: Folder = {
  name: 'Challenge',
  description:
    'Ask a user to move the head. One photo sent four times shows nothing of the kind; docs/challenge.md says what does.',
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
}
