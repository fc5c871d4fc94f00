/** docs/errors.md, from the tables of codes. */
import { errorGuide } from '../../src/errors/error-guide.ts'
import type { Guide } from '../../src/errors/guide/entry.ts'
import { failureGuide, rejectionGuide } from '../../src/errors/rejection-guide.ts'
import { type ErrorCode, errorTable } from '../../src/errors/errors.ts'
import { headlines } from '../../src/verification/checks/index.ts'

/** Every error code with its HTTP status, cause and remedy, by status. */
export function errorSections (): string {
  const byStatus = Object.keys(errorTable).map(code => [code, errorGuide[code as ErrorCode]])
  return sections(Object.fromEntries(byStatus), '', code => ` (${errorTable[code as ErrorCode]})`)
}

/** Every reason for which an enrolment photo is turned down. */
export function rejectionSections (): string {
  return sections(rejectionGuide, 'photo-')
}

/** Every reason for which a proof is rejected, with the headline in `reason`. */
export function failureSections (): string {
  return sections(failureGuide, 'proof-', code => ` (${headlines[code as keyof typeof headlines]})`)
}

/** The prefix keeps anchors apart, since some codes occur in more than one table. */
function sections (guide: Record<string, Guide>, prefix: string, note = (_code: string) => ''): string {
  return Object.entries(guide).map(([code, { cause, remedy }]) => [
    `<a id="${prefix}${code}"></a>`,
    '',
    `### \`${code}\`${note(code)}`,
    '',
    `**Cause:** ${cause}`,
    '',
    `**Remedy:** ${remedy}`,
    ''
  ].join('\n')).join('\n')
}
