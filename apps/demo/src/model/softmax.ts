// softmax: logits -> probabilities, for the handful of numbers that a page shows

/** Returns the probabilities of logits. */
export function softmax(logits: ArrayLike<number>): readonly number[] {
  const values = Array.from(logits)
  const top = Math.max(...values)
  const powers = values.map((value) => Math.exp(value - top))
  const sum = powers.reduce((total, power) => total + power, 0)
  return powers.map((power) => power / sum)
}

/** Returns the index of the largest number. */
export function best(values: readonly number[]): number {
  return values.indexOf(Math.max(...values))
}
