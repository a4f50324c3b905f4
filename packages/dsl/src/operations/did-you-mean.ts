// did-you-mean: a misspelt name -> the name that was probably meant

/** Returns the candidate within a third of the name's length in edits, without regard to case and underscores. */
export function didYouMean(name: string, candidates: readonly string[]): string | undefined {
  const written = plain(name)
  const limit = Math.max(1, Math.floor(written.length / 3))
  let best: string | undefined
  let bestDistance = limit + 1
  for (const candidate of candidates) {
    const other = plain(candidate)
    const far = distance(written, other)
    if (far >= bestDistance || far >= Math.max(written.length, other.length)) continue
    best = candidate
    bestDistance = far
  }
  return best
}

/** Returns whether two spellings mean one name: `keepDims`, `keep_dims` and `keepdims` are one. */
export function isSameName(left: string, right: string): boolean {
  return left === right || plain(left) === plain(right)
}

/** Returns the name in camel case: `keep_dims` -> `keepDims`. */
export function camelCase(name: string): string {
  return name.replace(/(?<=[a-zA-Z0-9])_([a-zA-Z0-9])/g, (_, letter: string) => letter.toUpperCase())
}

function plain(name: string): string {
  return name.replaceAll('_', '').toLowerCase()
}

// optimal string alignment: insert, delete, replace, swap neighbours
function distance(left: string, right: string): number {
  let beforeLast: readonly number[] = []
  let last = Array.from({ length: right.length + 1 }, (_, column) => column)
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row]
    for (let column = 1; column <= right.length; column += 1) {
      const cost = left[row - 1] === right[column - 1] ? 0 : 1
      const replaced = (last[column - 1] ?? 0) + cost
      const isSwap = left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1]
      const swapped = row > 1 && isSwap ? (beforeLast[column - 2] ?? 0) + 1 : replaced
      current.push(Math.min((last[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1, replaced, swapped))
    }
    beforeLast = last
    last = current
  }
  return last[right.length] ?? 0
}
