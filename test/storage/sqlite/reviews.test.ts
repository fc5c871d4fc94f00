import t from 'tap'
import { temporaryFolder } from '../../helpers/temporary-folder.ts'
import { testReviewsContract } from '../reviews-contract.ts'

testReviewsContract(t, async t => ({ env: { DATA_DIR: temporaryFolder(t) } }))
