/** The audit: one chain of rows. */
import type { AuditEntry, AuditHead, AuditRow } from '../audit-chain.ts'

export interface AuditStore {
  /** Appends one row to the chain, whatever other processes append at the same moment. */
  appendAudit (entry: AuditEntry): Promise<void>
  /** Rows by number, from `after` + 1 on. */
  readAudit (page: { after: number, limit: number }): Promise<AuditRow[]>
  /** By number, from `after` + 1 on; without a limit all of them. */
  auditOf (username: string, part?: { limit?: number, after?: number }): Promise<AuditRow[]>
  auditHead (): Promise<AuditHead>
}
