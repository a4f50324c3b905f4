// read-host-results: what a host function returns -> arrays as its signature says
//
// Typed arrays, nested arrays and numbers, as inputs of a call. Eager runs and compiled ones refuse the same.
import type { TypedArray } from './contract.ts'
import type { SlotData } from './program-data.ts'
import { TsjitError } from './errors.ts'
import { sizeOf } from './dtype.ts'
import { isTensor, pickInputs, readInput } from './read-call.ts'

/** Returns the elements of each result. Throws model_host_result for what is missing or has another shape or dtype. */
export function readHostResults(
  returned: unknown,
  slots: readonly SlotData[],
  shapes: readonly (readonly number[])[],
): readonly TypedArray[] {
  const values = attempt(() => pickInputs(returned, slots)) ?? []
  return slots.map((slot, index) => {
    const [path, dtype] = slot
    const shape = shapes[index] ?? []
    const value = values[index]
    const isData = !(Object(value) === value && isTensor(value as object))
    const [data, size, given = shape] = (isData && attempt(() => readInput(value, slot, undefined))) || []
    if (data && ArrayBuffer.isView(data) && size === sizeOf(shape) && given.join() === shape.join()) return data
    const wanted = `${dtype}[${shape.join(', ')}]`
    const what = path === '' ? 'a host function must return' : `a host function must return, as \`${path}\`,`
    throw new TsjitError(
      'model_host_result',
      `${what} ${wanted}, not ${described(values.length > 0 ? value : returned)}`,
    )
  })
}

/** Reading refuses without words. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}

function described(value: unknown): string {
  if (ArrayBuffer.isView(value) && 'length' in value) return `a ${value.constructor.name} of ${String(value.length)}`
  if (Array.isArray(value)) return `an array of ${value.length}`
  if (value instanceof Promise) return 'a promise: it runs at once'
  if (typeof value !== 'object' || value === null) return typeof value === 'function' ? 'a function' : String(value)
  if (isTensor(value)) return 'a tensor: return its elements'
  return 'data' in value && 'shape' in value ? `elements of the shape [${String(value.shape)}]` : 'an object'
}
