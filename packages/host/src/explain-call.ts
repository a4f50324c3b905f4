// explain-call: inputs that do not fit a program -> the first thing that is wrong with them
//
// Goes the same way as `readCall`, slowly and with words. A page loads it only when a call is refused.
import type { DType, RunOptions, SlotData } from './contract.ts'
import type { ProgramSignature } from './driver.ts'
import { didYouMean } from './did-you-mean.ts'
import type { ErrorCode, Problem } from './errors.ts'

/** Returns what is wrong with a call that `readCall` refused; undefined would be a fault of tsjit. */
export function explainCall(program: ProgramSignature, inputs: unknown, options: RunOptions): Problem | undefined {
  try {
    explainNames(program, inputs, options)
    const given = program.inputs.map((slot) => measure(valueAt(inputs, slot[0]), slot))
    const shapes = explainShapes(program, given)
    explainBounds(program, shapes)
    return undefined
  } catch (error) {
    if (error instanceof Wrong) return error.problem
    throw error
  }
}

interface Measured {
  readonly size: number
  readonly shape: readonly number[] | undefined
}

class Wrong extends Error {
  readonly problem: Problem

  constructor(code: ErrorCode, message: string) {
    super(message)
    this.problem = { code, message }
  }
}

const arrayNames: Readonly<Record<DType, string>> = {
  f32: 'Float32Array',
  f16: 'Uint16Array of its bits',
  bf16: 'Uint16Array of its bits',
  i32: 'Int32Array',
  u32: 'Uint32Array',
  i8: 'Int8Array',
  u8: 'Uint8Array',
  bool: 'Uint8Array',
}

function explainNames({ inputs: slots, outputs }: ProgramSignature, inputs: unknown, options: RunOptions): void {
  const paths = slots.map(([path]) => path)
  const missing = paths.filter((path) => valueAt(inputs, path) === undefined)
  const visit = (value: unknown, path: string): void => {
    if (value === undefined || paths.includes(path)) return
    const inside = path && `${path}.`
    if (typeof value === 'object' && value !== null && paths.some((other) => other.startsWith(inside))) {
      for (const [key, item] of Object.entries(value)) visit(item, inside + key)
    } else {
      const name = path === '' ? 'inputs are an object of tensors by name' : `the model has no input \`${path}\``
      throw new Wrong('model_input_unexpected', name + didYouMean(path, missing.length > 0 ? missing : paths))
    }
  }
  visit(inputs, '')
  for (const path of missing) throw new Wrong('model_input_missing', `the input \`${path}\` is missing`)
  const known = outputs.map(([path]) => path)
  for (const name of options.outputs ?? []) {
    if (known.some((path) => `${path}.`.startsWith(`${name}.`))) continue
    throw new Wrong('model_output_unknown', `the model has no output \`${name}\`${didYouMean(name, known)}`)
  }
}

function valueAt(inputs: unknown, path: string): unknown {
  let value = inputs
  for (const key of path.split('.')) value = Object(value)[key] as unknown
  return value
}

function measure(value: unknown, slot: SlotData): Measured {
  const [, dtype] = slot
  if (isList(value) && Array.isArray(value)) return measureNested(value, slot)
  if (typeof value === 'number' || typeof value === 'boolean') return measureNested(value, slot)
  const record = Object(value) as Readonly<Record<string, unknown>>
  if (ArrayBuffer.isView(value)) {
    const name = value.constructor.name
    const wanted = arrayNames[dtype]
    const isBytes = wanted === 'Uint8Array' && (name === 'Uint8ClampedArray' || name === 'Buffer')
    if (!wanted.startsWith(name) && !isBytes && !(dtype === 'f16' && name === 'Float16Array'))
      throw wrongDType(slot, name)
    return { size: (value as Uint8Array).length, shape: undefined }
  }
  if (typeof record['data'] === 'function' && 'dtype' in record) {
    if (record['dtype'] !== dtype) throw wrongDType(slot, `a tensor of ${String(record['dtype'])}`)
    return { size: Number(record['size']), shape: record['shape'] as readonly number[] }
  }
  if ('data' in record && 'shape' in record) {
    if (!Array.isArray(record['shape'])) throw wrongShape(slot, '`shape` is no array')
    const { size } = measure(record['data'], slot)
    const shape = record['shape'] as readonly number[]
    if (product(shape) !== size) throw wrongShape(slot, `${size} elements do not fill ${list(shape)}`)
    return { size, shape }
  }
  if ('mapState' in record) return { size: Number(record['size']) / 4, shape: undefined }
  const kind = typeof value === 'object' ? Object(value).constructor.name : `a ${typeof value}`
  throw wrongDType(slot, value === null ? 'null' : String(kind))
}

function measureNested(value: unknown, slot: SlotData): Measured {
  const [path, dtype, axes] = slot
  const shape: number[] = []
  for (let item = value; isList(item); item = item[0]) shape.push(item.length)
  if (shape.at(-1) === 0) for (const axis of axes.slice(shape.length)) shape.push(Number(axis) || 0)
  const visit = (item: unknown, axis: number, place: string): void => {
    if (isList(item)) {
      if (axis >= shape.length) throw wrongShape(slot, `\`${place}\` is an array where others are numbers`)
      if (item.length !== shape[axis]) {
        throw wrongShape(slot, `\`${place}\` has ${item.length} elements where others have ${shape[axis]}`)
      }
      for (let i = 0; i < item.length; i++) visit(item[i], axis + 1, `${place}[${i}]`)
      return
    }
    if (axis < shape.length) throw wrongShape(slot, `\`${place}\` is no array where others are`)
    const fits = typeof item === 'number' ? holds(dtype, item) : typeof item === 'boolean' && dtype === 'bool'
    if (!fits) throw wrongDType(slot, typeof item === 'string' ? 'a string' : String(item), place)
  }
  visit(value, 0, path)
  return { size: product(shape), shape }
}

function holds(dtype: DType, value: number): boolean {
  if (/f/.test(dtype)) return true
  if (dtype === 'bool') return value === 0 || value === 1
  const width = Number(dtype.slice(1))
  const [low, high] = dtype.startsWith('i') ? [-(2 ** (width - 1)), 2 ** (width - 1)] : [0, 2 ** width]
  return Number.isInteger(value) && value >= low && value < high
}

type Known = Map<string, { readonly size: number; readonly by: string }>

function explainShapes({ inputs: slots, dims, shapes: shapesOf }: ProgramSignature, given: readonly Measured[]) {
  const known: Known = new Map()
  const shapes = given.map(({ shape }) => shape)
  for (const [index, slot] of slots.entries()) learn(slot, shapes[index], known)
  for (const _ of slots) {
    for (const [index, slot] of slots.entries()) {
      if (shapes[index]) continue
      shapes[index] = shapeFromLength(slot, given[index]?.size ?? 0, known)
      learn(slot, shapes[index], known)
    }
  }
  const values = dims.flatMap(([name]) => known.get(name)?.size ?? [])
  const declared = values.length === dims.length ? shapesOf(...values) : []
  return shapes.map((shape, index) => {
    const slot = slots[index] as SlotData
    const size = given[index]?.size ?? 0
    const found = shape ?? declared[index]
    if (!found) {
      const open = slot[2].filter((axis) => typeof axis === 'string' && !known.has(axis)).join(' and ')
      throw wrongShape(slot, `${size} elements do not say what ${open} are: pass { data, shape } or nested arrays`)
    }
    if (product(found) !== size) throw wrongShape(slot, `has ${size} elements; ${list(found)} holds ${product(found)}`)
    return found
  })
}

function learn(slot: SlotData, shape: readonly number[] | undefined, known: Known): void {
  if (!shape) return
  const [path, , axes] = slot
  const got = `has shape ${list(shape)}`
  if (shape.length !== axes.length) throw wrongShape(slot, `${got}: ${shape.length} axes, not ${axes.length}`)
  for (const [axis, name] of axes.entries()) {
    const size = shape[axis] ?? 0
    if (typeof name === 'number') {
      if (size !== name) throw wrongShape(slot, `${got}: axis ${axis} is ${size}, not ${name}`)
      continue
    }
    const by = `axis ${axis} of \`${path}\``
    const first = known.get(name)
    if (!first) known.set(name, { size, by })
    else if (first.size !== size) {
      throw new Wrong('dim_call_conflict', `\`${name}\` is ${first.size} in ${first.by} and ${size} in ${by}`)
    }
  }
}

function shapeFromLength(slot: SlotData, size: number, known: Known): readonly number[] | undefined {
  const sizes = slot[2].map((axis) => (typeof axis === 'number' ? axis : known.get(axis)?.size))
  const open = slot[2].filter((_, axis) => sizes[axis] === undefined)
  if (new Set(open).size > 1) return undefined
  const rest = product(sizes.map((value) => value ?? 1))
  const each = open.length > 0 ? Math.round((size / rest) ** (1 / open.length)) : 1
  if (each ** open.length * rest === size) return sizes.map((value) => value ?? each)
  const needed = open.length > 0 ? `not a multiple of ${rest}` : `not ${rest}`
  const fixed = slot[2].flatMap((axis) => {
    const found = known.get(String(axis))
    return found ? `; ${axis} is ${found.size} in ${found.by}` : []
  })
  throw wrongShape(slot, `has ${size} elements, ${needed}${fixed.join('')}`)
}

function explainBounds(program: ProgramSignature, shapes: readonly (readonly number[])[]): void {
  const values = program.solve(shapes)
  for (const [index, [name, min, max, of]] of program.dims.entries()) {
    const value = values[index] ?? NaN
    if (Number.isInteger(value) && (value < min || value > (max || Infinity) || value % (of || 1) !== 0)) {
      const bounds = `${max === 0 ? `at least ${min}` : `${min} to ${max}`}${of > 1 ? `, a multiple of ${of}` : ''}`
      throw new Wrong('dim_out_of_bounds', `\`${name}\` is ${value} in this call, outside its bounds: ${bounds}`)
    }
  }
  const isWhole = values.every((value) => Number.isInteger(value))
  const declared = isWhole ? program.shapes(...values) : []
  const chosen = program.dims.map(([name], index) => `${name} = ${values[index]}`).join(', ')
  for (const [index, slot] of program.inputs.entries()) {
    const shape = shapes[index] ?? []
    for (const [axis, name] of slot[2].entries()) {
      const expected = declared[index]?.[axis]
      if (expected === shape[axis] || (!isWhole && /^\w+$/.test(String(name)))) continue
      const wanted = expected === undefined ? 'which no whole size gives' : `not ${expected} (${chosen})`
      throw wrongShape(slot, `axis ${axis}, \`${name}\`, is ${shape[axis]}, ${wanted}`)
    }
  }
}

function wrongShape([path, dtype, axes]: SlotData, got: string): Wrong {
  return new Wrong('model_input_shape', `the input \`${path}\` must be ${dtype}${list(axes)}, but ${got}`)
}

function wrongDType([path, dtype]: SlotData, got: string, place: string = path): Wrong {
  const where = place === path ? '' : ` at \`${place}\``
  return new Wrong(
    'model_input_dtype',
    `the input \`${path}\` must hold ${dtype} (numbers or ${arrayNames[dtype]}), not ${got}${where}`,
  )
}

function isList(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && 'length' in value)
}

function product(shape: readonly number[]): number {
  return shape.reduce((all, size) => all * size, 1)
}

function list(axes: readonly (string | number)[]): string {
  return `[${axes.join(', ')}]`
}
