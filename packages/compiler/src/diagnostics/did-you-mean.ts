// did-you-mean: a misspelt name -> the name that was probably meant
//
// Compares by optimal string alignment (insert, delete, replace, swap neighbours), without regard to
// case and to the style of writing (`layer_norm`, `layerNorm`). Says nothing when nothing is near.

/**
 * Returns the candidate nearest to `name`, or undefined where none is near enough to propose. Of equally near
 * candidates the first wins; a candidate equal to the name is not proposed.
 */
export function didYouMean(name: string, candidates: Iterable<string>): string | undefined {
  const written = plain(name)
  const limit = Math.max(1, Math.floor(written.length / 3))
  let best: string | undefined
  let bestDistance = limit + 1
  for (const candidate of candidates) {
    if (candidate === name) continue
    const other = plain(candidate)
    if (Math.abs(other.length - written.length) >= bestDistance) continue
    const far = distance(written, other)
    if (far >= bestDistance || far >= Math.max(written.length, other.length)) continue
    best = candidate
    bestDistance = far
  }
  return best
}

function plain(name: string): string {
  return name.replaceAll('_', '').toLowerCase()
}

// Damerau-Levenshtein, in the form where no part is edited twice.
function distance(left: string, right: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: right.length + 1 }, (_, column) => column)
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row]
    for (let column = 1; column <= right.length; column += 1) {
      const cost = left[row - 1] === right[column - 1] ? 0 : 1
      let value = Math.min((last[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1, (last[column - 1] ?? 0) + cost)
      const swapped =
        row > 1 && column > 1 && left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1]
      if (swapped) value = Math.min(value, (beforeLast[column - 2] ?? 0) + 1)
      current.push(value)
    }
    beforeLast = last
    last = current
  }
  return last[right.length] ?? 0
}
