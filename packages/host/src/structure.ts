// structure: dotted paths <-> nested objects and arrays
import { didYouMean, TsjitError } from './errors.ts'
import type { DType, SlotData } from './contract.ts'
import { decoderOf } from './dtype.ts'

/** Returns the value of each slot, undefined where there is none. Throws `model_input_unexpected` for what no slot names. */
export function pickInputs(inputs: unknown, slots: readonly SlotData[]): unknown[] {
  const paths = slots.map(([path]) => path)
  const found = new Map<string, unknown>()
  const visit = (value: unknown, path: string): void => {
    if (value === undefined) return
    if (paths.includes(path)) {
      found.set(path, value)
      return
    }
    const inside = path && `${path}.`
    const isNest = typeof value === 'object' && value !== null && !ArrayBuffer.isView(value)
    if (isNest && paths.some((other) => other.startsWith(inside))) {
      for (const [key, item] of Object.entries(value)) visit(item, inside + key)
      return
    }
    const missing = paths.filter((other) => !found.has(other))
    const list = path ? didYouMean(path, missing) : `; pass an object with ${paths.join(', ')}`
    throw new TsjitError('model_input_unexpected', `the model has no input \`${path}\`${list}`)
  }
  visit(inputs, '')
  return paths.map((path) => found.get(path))
}

/** Returns the values nested as their paths say; segments that are numbers make arrays. */
export function nestOutputs(paths: readonly string[], values: readonly unknown[]): Record<string, unknown> {
  const root: Record<string, unknown> = {}
  for (const [index, path] of paths.entries()) {
    const keys = path.split('.')
    const last = keys.pop() ?? ''
    let place = root
    for (const [depth, key] of keys.entries()) {
      place = (place[key] ??= /^\d+$/.test(keys[depth + 1] ?? last) ? [] : {}) as Record<string, unknown>
    }
    place[last] = values[index]
  }
  return root
}

/** Returns the indices of the outputs asked for, by path or by the path of what holds them; all by default. */
export function pickOutputs(slots: readonly SlotData[], wanted: readonly string[] | undefined): number[] {
  const paths = slots.map(([path]) => path)
  const picked = new Set(wanted ? [] : paths.keys())
  for (const name of wanted ?? []) {
    const indices = [...paths.keys()].filter((i) => `${paths[i]}.`.startsWith(`${name}.`))
    if (indices.length === 0) {
      throw new TsjitError('model_output_unknown', `the model has no output \`${name}\`${didYouMean(name, paths)}`)
    }
    for (const index of indices) picked.add(index)
  }
  return [...picked].sort((a, b) => a - b)
}

/** Returns elements as nested arrays of numbers (booleans for bool): what `toArray` gives. */
export function nestElements(data: ArrayLike<number>, dtype: DType, shape: readonly number[]): unknown {
  const decode = dtype === 'bool' ? (value: number): boolean => value !== 0 : decoderOf(dtype)
  let at = 0
  const build = (axis: number): unknown => {
    const size = shape[axis]
    if (size !== undefined) return Array.from({ length: size }, () => build(axis + 1))
    const value = data[at++] ?? 0
    return decode ? decode(value) : value
  }
  return build(0)
}
