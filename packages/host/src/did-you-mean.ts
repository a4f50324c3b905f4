// did-you-mean: a misspelt name -> the name that was probably meant

/** Returns `; did you mean …?` with the candidate nearest to the name, or nothing where none is near. */
export function didYouMean(name: string, candidates: Iterable<string>): string {
  let best = ''
  let least = Math.max(1, name.length / 3) + 0.1
  for (const candidate of candidates) {
    const far = distance(name.toLowerCase(), candidate.toLowerCase())
    if (far < least) [best, least] = [candidate, far]
  }
  return best && `; did you mean \`${best}\`?`
}

// Optimal string alignment: insert, delete, replace, swap neighbours.
function distance(left: string, right: string): number {
  const rows: number[][] = [Array.from({ length: right.length + 1 }, (_, i) => i)]
  const at = (row: number, column: number): number => rows[row]?.[column] ?? 0
  for (let i = 1; i <= left.length; i++) {
    const row = [i]
    rows.push(row)
    for (let j = 1; j <= right.length; j++) {
      const cost = left[i - 1] === right[j - 1] ? 0 : 1
      const isSwap = left[i - 1] === right[j - 2] && left[i - 2] === right[j - 1]
      const swapped = isSwap ? at(i - 2, j - 2) + 1 : Infinity
      row[j] = Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, at(i - 1, j - 1) + cost, swapped)
    }
  }
  return at(left.length, right.length)
}
