import { type Folder, proof, rejected } from '../scenario.ts'

export const rejections: Folder = {
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
}
