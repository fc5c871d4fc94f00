import { selfTest } from './self-test.ts'
import type { Session } from './session.ts'

/**
 * Opens a model and runs the start-up self-test; a session that is refused does not stay open.
 * @throws {ModelError} when the model cannot be opened or does not fit its manifest entry
 */
export async function openTested (
  open: () => Promise<Session>,
  model: Parameters<typeof selfTest>[0],
  labels?: string[]
): Promise<Session> {
  const session = await open()
  try {
    await selfTest(model, session, labels)
    return session
  } catch (error) {
    await session.close()
    throw error
  }
}
