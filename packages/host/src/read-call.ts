// read-call: the inputs that an app passes -> arrays with shapes, and the values of the dimensions
//
// Anything doubtful throws a TypeError without a reason: `explainCall` finds the words, and is loaded only then.
import type { DType, HostTensor, RunOptions, TypedArray } from './contract.ts'
import type { SlotData } from './program-data.ts'
import type { Call, Driver } from './driver.ts'
import type { ProgramSignature } from './program-data.ts'
import { doubt } from './doubt.ts'
import { arrayOf, codecOf, sizeOf } from './dtype.ts'

/** An input as it was given: elements, their count, their shape. A typed array is flat and has none. */
export type GivenInput = readonly [data: TypedArray | HostTensor, size: number, shape?: readonly number[]]

/** Recognises buffers of the target. */
export type Adopt = Driver<ProgramSignature>['adopt']

/** Returns the call that these inputs make. Throws a TypeError without explanation where they make none. */
export function readCall(program: ProgramSignature, inputs: unknown, options: RunOptions, adopt: Adopt): Call {
  const { inputs: slots, dims: bounds } = program
  const values = pickInputs(inputs, slots)
  const given = slots.map((slot, index) => readInput(values[index], slot, adopt))
  const shapes = findShapes(program, given)
  const dims = program.solve(shapes)
  const isWithin = bounds.every(([, min, max, of], index) => {
    const value = dims[index] as number
    return Number.isInteger(value) && value >= min && (!max || value <= max) && value % (of || 1) === 0
  })
  if (!isWithin) doubt()
  const declared = program.shapes(...dims)
  for (const [index, shape] of shapes.entries()) {
    if (shape.join() !== declared[index]?.join() || sizeOf(shape) !== given[index]?.[1]) doubt()
  }
  return {
    inputs: given.map(([data]) => data),
    shapes: declared,
    dims,
    outputs: pickOutputs(program.outputs, options.outputs),
    seed: options.seed,
  }
}

/** Returns the call with copies of its arrays, which the app may change before they are read. */
export function copyInputs(call: Call): Call {
  return { ...call, inputs: call.inputs.map((input) => (ArrayBuffer.isView(input) ? input.slice() : input)) }
}

/** Whether an input is a tensor and not an array. */
export function isTensor(input: object): input is HostTensor {
  return 'dtype' in input && 'toArray' in input
}

/** Returns the values of some outputs nested as their paths say; segments that are numbers make arrays. */
export function nestOutputs(
  slots: readonly SlotData[],
  wanted: readonly number[],
  values: readonly unknown[],
): Record<string, unknown> {
  const root = {}
  for (const [index, slot] of wanted.entries()) {
    const keys = (slots[slot] as SlotData)[0].split('.')
    let place: Record<string, unknown> = root
    for (const [depth, key] of keys.entries()) {
      const next = keys[depth + 1]
      place[key] ??= next === undefined ? values[index] : /^\d+$/.test(next) ? [] : {}
      place = place[key] as typeof place
    }
  }
  return root
}

/** Returns the values at the paths of slots, in their order; a TypeError where there are others. */
export function pickInputs(inputs: unknown, slots: readonly SlotData[]): readonly unknown[] {
  const found: unknown[] = []
  const visit = (value: unknown, path: string): void => {
    const index = slots.findIndex(([name]) => name === path)
    if (index >= 0) found[index] = value
    else if (value === undefined) return
    else {
      const inside = path && `${path}.`
      if (typeof value !== 'object' || (path && !slots.some(([name]) => name.startsWith(inside)))) doubt()
      for (const [key, item] of Object.entries(value ?? {})) visit(item, inside + key)
    }
  }
  visit(inputs, '')
  return found
}

function pickOutputs(slots: readonly SlotData[], wanted: readonly string[] | undefined): readonly number[] {
  const hit = (path: string, name: string): boolean => `${path}.`.startsWith(`${name}.`)
  if (wanted?.some((name) => !slots.some(([path]) => hit(path, name)))) doubt()
  return [...slots.keys()].filter((index) => !wanted || wanted.some((name) => hit((slots[index] as SlotData)[0], name)))
}

/** Returns one value as elements of the dtype. Throws a TypeError without explanation where it has none. */
export function readInput(value: unknown, slot: SlotData, adopt: Adopt): GivenInput {
  if (!value || typeof value !== 'object' || Array.isArray(value)) return readNested(value, slot)
  const [, dtype] = slot
  if (ArrayBuffer.isView(value)) {
    const data = viewAs(value, dtype)
    return [data, data.length]
  }
  if (isTensor(value)) return value.dtype === dtype ? [value, value.size, value.shape] : doubt()
  if ('data' in value && 'shape' in value) {
    const [data, size] = readInput(value.data, slot, adopt)
    return [data, size, value.shape as number[]]
  }
  return [value as HostTensor, adopt?.(value, dtype) ?? doubt()]
}

// By tag and not by class: the array may come from another frame.
function viewAs(value: ArrayBufferView, dtype: DType): TypedArray {
  const tag = String((value as unknown as Readonly<Record<symbol, unknown>>)[Symbol.toStringTag])
  const type = arrayOf[dtype]
  if (type.name !== (dtype === 'f16' ? tag.replace('Float', 'Uint') : tag.replace('Clamped', ''))) doubt()
  const data = new type(value.buffer, value.byteOffset, value.byteLength / type.BYTES_PER_ELEMENT)
  return dtype === 'bool' ? data.map((item) => Number(item > 0)) : data
}

function readNested(value: unknown, [, dtype, axes]: SlotData): GivenInput {
  const shape: number[] = []
  for (let item = value; isList(item); item = item[0]) shape.push(item.length)
  // An empty array says nothing of the axes behind it.
  if (shape.at(-1) === 0) for (const axis of axes.slice(shape.length)) shape.push(Number(axis) || 0)
  const data = new arrayOf[dtype](sizeOf(shape))
  const encode = codecOf(dtype)?.encode
  let at = 0
  const fill = (item: unknown, axis: number): void => {
    if (isList(item)) {
      if (item.length !== shape[axis]) doubt()
      for (let i = 0; i < item.length; i++) fill(item[i], axis + 1)
      return
    }
    const number = dtype === 'bool' && typeof item === 'boolean' ? Number(item) : item
    if (typeof number !== 'number' || axis !== shape.length) return doubt()
    data[at] = encode ? encode(number) : number
    if (!encode && dtype !== 'f32' && (data[at] !== number || (dtype === 'bool' && number > 1))) doubt()
    at++
  }
  fill(value, 0)
  return [data, data.length, shape]
}

function isList(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && 'length' in value)
}

// A flat array with one open dimension gets its shape from its length; one with several waits for the other inputs.
function findShapes(
  { dims, inputs: slots, shapes: shapesOf }: ProgramSignature,
  given: readonly GivenInput[],
): (readonly number[])[] {
  const known = new Map<string | number, number>()
  const shapes = given.map(([, , shape]) => shape)
  for (let round = 0; round <= slots.length; round++) {
    for (const [index, [, , axes]] of slots.entries()) {
      if (round > 0) shapes[index] ??= shapeFromLength(axes, (given[index] as GivenInput)[1], known)
      for (const [axis, size] of shapes[index]?.entries() ?? []) {
        const name = axes[axis] ?? axis
        if (!known.has(name)) known.set(name, size)
      }
    }
  }
  const values = dims.flatMap(([name]) => known.get(name) ?? [])
  const declared = values.length === dims.length ? shapesOf(...values) : []
  return shapes.map((shape, index) => shape ?? declared[index] ?? doubt())
}

function shapeFromLength(
  axes: SlotData[2],
  size: number,
  known: ReadonlyMap<string | number, number>,
): number[] | undefined {
  const sizes = axes.map((axis) => (typeof axis === 'number' ? axis : known.get(axis)))
  const open = axes.filter((_, axis) => sizes[axis] === undefined)
  if (new Set(open).size > 1) return undefined
  const rest = sizeOf(sizes.map((value) => value ?? 1))
  const each = Math.round((size / rest) ** (1 / open.length))
  return sizes.map((value) => value ?? each)
}
