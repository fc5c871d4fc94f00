import type { Folder } from '../scenario.ts'

export const cleanUp: Folder = {
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
