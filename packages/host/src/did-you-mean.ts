// did-you-mean: a misspelt name -> the name that was probably meant

/** Returns `; did you mean …?` with the candidate nearest to the name, or nothing where none is near. */
export function didYouMean(name: string, candidates: Iterable<string>): string {
  let best = ''
  let least = Math.max(1, name.length / 3) + 0.1
  const wanted = name.toLowerCase()
  for (const candidate of candidates) {
    const far = distance(wanted, candidate.toLowerCase(), least)
    if (far < least) [best, least] = [candidate, far]
  }
  return best && `; did you mean \`${best}\`?`
}

// Optimal string alignment: insert, delete, replace, swap neighbours. Names of large models are compared by the million,
// so it gives up where the distance cannot be less than `most`.
function distance(left: string, right: string, most: number): number {
  if (Math.abs(left.length - right.length) >= most) return Infinity
  let before: number[] = []
  let above = Array.from({ length: right.length + 1 }, (_, i) => i)
  for (let i = 1; i <= left.length; i++) {
    const row = [i]
    let least = i
    for (let j = 1; j <= right.length; j++) {
      const cost = left[i - 1] === right[j - 1] ? 0 : 1
      const isSwap = cost === 1 && left[i - 1] === right[j - 2] && left[i - 2] === right[j - 1]
      const swapped = isSwap ? (before[j - 2] ?? 0) + 1 : Infinity
      const next = Math.min((above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (above[j - 1] ?? 0) + cost, swapped)
      row.push(next)
      least = Math.min(least, next)
    }
    // A swap reaches two rows back, one more than this looks.
    if (least > most) return Infinity
    before = above
    above = row
  }
  return above[right.length] ?? 0
}
