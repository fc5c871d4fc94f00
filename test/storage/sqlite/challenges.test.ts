import t from 'tap'
import { temporaryFolder } from '../../helpers/temporary-folder.ts'
import { testChallengesContract } from '../challenges-contract.ts'

testChallengesContract(t, async t => ({ env: { DATA_DIR: temporaryFolder(t) } }))
