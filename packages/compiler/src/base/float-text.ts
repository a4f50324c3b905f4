// float-text: a finite f32 -> decimals

/** Returns the shortest decimal that is read as the same f32, never one beyond the largest f32. */
export function shortestFloat(value: number): string {
  if (Object.is(value, -0)) return '-0'
  for (let digits = 1; digits <= 9; digits++) {
    const near = Number(value.toPrecision(digits))
    if (Math.fround(near) === value && Math.abs(near) < 3.4028234e38) return String(near)
  }
  return String(value)
}
