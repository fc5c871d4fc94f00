/** What a misspelt name was meant to be. */

/** One mistake in this many characters is a slip; more make another word. */
const CHARACTERS_PER_MISTAKE = 6

/** The known name that is nearest to `name`, whatever its case and hyphens; null when none is near. */
export function closest (name: string, known: readonly string[]): string | null {
  const allowed = Math.max(1, Math.floor(name.length / CHARACTERS_PER_MISTAKE))
  const ranked = known
    .map(candidate => ({ candidate, mistakes: distance(plain(name), plain(candidate)) }))
    .toSorted((a, b) => a.mistakes - b.mistakes)
  const best = ranked[0]
  return best !== undefined && best.mistakes <= allowed ? best.candidate : null
}

function plain (name: string): string {
  return name.toUpperCase().replaceAll(/[-_\s]/g, '')
}

/** Optimal string alignment distance: insertions, deletions, substitutions, and swaps of neighbours. */
function distance (a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, column) => column)]
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1
      row[j] = Math.min(rows[i - 1]![j]! + 1, row[j - 1]! + 1, rows[i - 1]![j - 1]! + same)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        row[j] = Math.min(row[j]!, rows[i - 2]![j - 2]! + 1)
      }
    }
    rows.push(row)
  }
  return rows[a.length]![b.length]!
}
