/** The machine against people, by what was in question. */
import type { ReviewLabel } from './labels.ts'

export interface Agreement {
  reason: string
  /** Pairs of machine and person. */
  bothApproved: number
  bothRejected: number
  onlyMachine: number
  onlyPerson: number
  /** Share of the reviews in which the machine said what the person said, 0..1. */
  agreement: number
}

export function agreementOf (labels: readonly Pick<ReviewLabel, 'reason' | 'machine' | 'person'>[]): Agreement[] {
  return Object.entries(Object.groupBy(labels, ({ reason }) => reason)).map(([reason, group]) => {
    const count = (machine: string, person: string) =>
      group.filter(label => label.machine === machine && label.person === person).length
    const [bothApproved, bothRejected] = [count('approved', 'approved'), count('rejected', 'rejected')]
    return {
      reason,
      bothApproved,
      bothRejected,
      onlyMachine: count('approved', 'rejected'),
      onlyPerson: count('rejected', 'approved'),
      agreement: (bothApproved + bothRejected) / group.length
    }
  })
}

export function agreementTable (rows: readonly Agreement[]): string {
  const lines = rows.map(
    ({ reason, bothApproved, bothRejected, onlyMachine, onlyPerson, agreement }) =>
      `| ${reason} | ${bothApproved} | ${bothRejected} | ${onlyMachine} | ${onlyPerson} | ${Math.round(100 * agreement)} % |`
  )
  return [
    '| reason | both approved | both rejected | only the machine approved | only the person approved | agreement |',
    '|---|---|---|---|---|---|',
    ...lines
  ].join('\n')
}
