/** `npm run audit`: recomputes the audit's hash chain. */
import { type Options, UsageError } from '../cli/run-command.ts'
import { type AuditReport, type AuditRow, checkChain } from '../storage/audit-chain.ts'
import type { Store } from '../storage/store.ts'

export const AUDIT_USAGE = `
  npm run audit -- verify [SEQ:HASH]   check every row; exits with 1 when one was changed, is missing or out of order.
                                       With SEQ:HASH, as an earlier run printed it, also that this row is still the same.
  npm run audit -- list [AFTER]        up to 1000 rows as JSON lines, from row AFTER + 1 on

  Each tenant has a chain of its own: --tenant NAME reads that one.`

export const AUDIT_OPTIONS = { tenant: { type: 'string' } } satisfies Options

const PAGE = 1000

/** @throws {UsageError} for a command line that is none */
export async function runAudit (args: string[], store: Store): Promise<{ output: string, ok: boolean }> {
  const [command, argument, ...rest] = args
  if (command === 'verify' && rest.length === 0) {
    const report = await verifyAudit(store, argument)
    const { rows, erased, head, problems } = report
    return problems.length === 0
      ? {
          ok: true,
          output: `${rows} rows, one unbroken chain; personal values erased in ${erased}. It ends at ${head.seq}:${head.hash || '-'}: keep this where the database's owner cannot reach it.`
        }
      : {
          ok: false,
          output: [`The audit of ${rows} rows is broken:`, ...problems.map(problem => `- ${problem}`)].join('\n')
        }
  }
  if (command === 'list' && rest.length === 0 && /^\d*$/.test(argument ?? '')) {
    const rows = await store.readAudit({ after: Number(argument ?? 0), limit: PAGE })
    return { ok: true, output: rows.map(row => JSON.stringify(row)).join('\n') }
  }
  throw new UsageError(`Usage:${AUDIT_USAGE}`)
}

async function verifyAudit (store: Store, anchor: string | undefined): Promise<AuditReport> {
  const [, seq, hash] = /^(\d+):([0-9a-f]{64})$/.exec(anchor ?? '') ?? []
  if (anchor !== undefined && seq === undefined) throw new UsageError(`Usage:${AUDIT_USAGE}`)
  // The end first: rows that are appended meanwhile are left to the next run.
  const head = await store.auditHead()
  const report = await checkChain(pagesUpTo(store, head.seq), head)
  if (seq === undefined) return report
  const [row] = await store.readAudit({ after: Number(seq) - 1, limit: 1 })
  if (row !== undefined && row.seq === Number(seq) && row.hash === hash) return report
  return {
    ...report,
    problems: [...report.problems, `row ${seq} is no longer the one that was noted: the chain was rewritten or cut off`]
  }
}

async function * pagesUpTo (store: Store, last: number): AsyncGenerator<AuditRow[]> {
  for (let after = 0; ;) {
    const rows = await store.readAudit({ after, limit: PAGE })
    const known = rows.filter(({ seq }) => seq <= last)
    if (known.length > 0) yield known
    // Rows beyond the noted end belong to writers at work, unless the end itself was tampered with.
    const next = rows.at(-1)
    if (next === undefined || next.seq >= last) return
    after = next.seq
  }
}
