// nest: flat elements -> nested arrays, whatever their dtype

/** Returns elements as nested arrays, each converted where there is a conversion. */
export function nest(
  data: ArrayLike<number>,
  shape: readonly number[],
  convert?: (stored: number) => unknown,
): unknown {
  let at = 0
  const build = (axis: number): unknown => {
    const size = shape[axis]
    if (size !== undefined) return Array.from({ length: size }, () => build(axis + 1))
    const stored = data[at++] as number
    return convert ? convert(stored) : stored
  }
  return build(0)
}
