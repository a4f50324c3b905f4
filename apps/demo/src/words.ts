// words: numbers as people read them

/** Returns a duration: `0.42 ms`, `18 ms`, `1.2 s`. */
export function duration(milliseconds: number): string {
  if (milliseconds >= 1000) return `${(milliseconds / 1000).toFixed(1)} s`
  const digits = milliseconds < 1 ? 2 : milliseconds < 10 ? 1 : 0
  return `${milliseconds.toFixed(digits)} ms`
}

/** Returns a size in decimal units: `812 B`, `13.4 kB`, `1.4 MB`. */
export function bytes(count: number): string {
  if (count < 1000) return `${count} B`
  const [value, unit] = count < 1e6 ? [count / 1e3, 'kB'] : [count / 1e6, 'MB']
  return `${value.toFixed(value < 100 ? 1 : 0)} ${unit}`
}

/** Returns a probability in percent; never 100 % or 0 % where it is not. */
export function percent(probability: number): string {
  if (probability > 0.995 && probability < 1)
    return probability > 0.9995 ? '> 99.9 %' : `${(probability * 100).toFixed(1)} %`
  if (probability > 0 && probability < 0.005) return '< 1 %'
  return `${Math.round(probability * 100)} %`
}
