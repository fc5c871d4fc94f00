/** Users and their templates. */
import type { ErrorGuide } from './entry.ts'

export const userErrors = {
  user_not_found: {
    cause: 'Nobody is enrolled under this username. Letters differ by case.',
    remedy: 'Enrol the user with `POST /api/signup`, or correct the name; `GET /api/users` lists the names.',
    message: 'There is no enrolled user anna. Enrol the user first.'
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
  }
} satisfies Record<string, ErrorGuide>
